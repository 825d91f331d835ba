"""Organisations: their keys, their life, how they are found."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cms.accounts.enums import OrganisationKind, Prefecture
from cms.accounts.models import Organisation, User
from tests.factories.accounts import OrganisationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def build(**values):
    return Organisation(**{"name": "見本市", "kind": OrganisationKind.CITY, "code": "980005", **values})


def test_code_in_five_full_width_digits_is_stored_complete():
    organisation = build(code="０１１００")

    organisation.full_clean()
    organisation.save()

    assert Organisation.objects.get().code == "011002"


@pytest.mark.parametrize("dash", "-－‐−–—―ー")
def test_telephone_and_postcode_take_the_dash_of_any_keyboard(dash):
    organisation = build(telephone=f"０３{dash}1234{dash}5678", postcode=f"１００{dash}0001")

    organisation.full_clean()

    assert (organisation.telephone, organisation.postcode) == ("03-1234-5678", "100-0001")


def test_code_written_by_code_is_normalised_too():
    organisation = OrganisationFactory(code="0110-0")

    assert Organisation.objects.get(pk=organisation.pk).code == "011002"


def test_name_keeps_its_characters():
    organisation = OrganisationFactory(name="㈱見本①～")

    assert Organisation.objects.get(pk=organisation.pk).name == "㈱見本①～"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("code", {"code": "011003"}),
        ("code", {"code": ""}),
        ("population_on", {"population": 100}),
        ("valid_to", {"valid_from": dt.date(2010, 4, 1), "valid_to": dt.date(2010, 4, 1)}),
        ("telephone", {"telephone": "なし"}),
    ],
)
def test_mistake_is_told_beside_its_field(field, values):
    with pytest.raises(ValidationError) as refusal:
        build(**values).full_clean()

    assert field in refusal.value.message_dict


def test_codes_are_unique_and_names_are_not():
    first = OrganisationFactory(name="池田町")
    OrganisationFactory(name="池田町")

    with pytest.raises(ValidationError) as refusal:
        build(code=first.code).full_clean()

    assert "code" in refusal.value.message_dict


@pytest.mark.parametrize(
    "values",
    [
        {"code": None},
        {"code": "12345x"},
        {"population": 1, "population_on": None},
        {"valid_from": dt.date(2010, 4, 1), "valid_to": dt.date(2009, 4, 1)},
    ],
)
def test_database_refuses_what_a_form_would(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(**values)


def test_other_organisations_need_no_code():
    for _ in range(2):
        organisation = build(code="", kind=OrganisationKind.OTHER)
        organisation.full_clean()
        organisation.save()

    assert Organisation.objects.filter(code=None).count() == 2


@pytest.mark.parametrize(("year", "names"), [(2004, ["旧町"]), (2005, ["新市"])])
def test_merger_on_a_day_ends_one_and_begins_another(year, names):
    day = dt.date(2005, 1, 1)
    old = OrganisationFactory(name="旧町", kind=OrganisationKind.TOWN, valid_to=day)
    new = OrganisationFactory(name="新市", valid_from=day)
    old.successors.add(new)

    on = dt.date(year, 1, 1)

    assert [organisation.name for organisation in Organisation.objects.active_on(on)] == names
    assert [organisation.name for organisation in (old, new) if organisation.is_active_on(on)] == names
    assert list(new.predecessors.all()) == [old]


@pytest.mark.parametrize("text", ["松山", "まつやま", "38201", "382019", "３８２０１９", " 松山市 "])
def test_search_finds_by_name_kana_and_code(text):
    OrganisationFactory()
    found = OrganisationFactory(name="松山市", kana="まつやまし", code="382019")

    assert list(Organisation.objects.search(text)) == [found]


def test_filters_chain():
    OrganisationFactory(prefecture=Prefecture.OSAKA)
    village = OrganisationFactory(kind=OrganisationKind.VILLAGE, prefecture=Prefecture.OSAKA)
    OrganisationFactory(kind=OrganisationKind.VILLAGE, prefecture=Prefecture.NARA)

    found = Organisation.objects.of_kind(OrganisationKind.VILLAGE).in_prefecture(Prefecture.OSAKA)

    assert list(found) == [village]


def test_name_of_a_person_is_in_japanese_order():
    person = UserFactory(last_name="矢野", first_name="友哉")

    assert (person.display_name, str(person), person.get_short_name()) == ("矢野 友哉", "矢野 友哉", "矢野")


def test_person_without_a_name_shows_the_login_id():
    assert UserFactory(username="tanto", last_name="", first_name="").display_name == "tanto"


def test_login_ids_differ_by_more_than_case():
    UserFactory(username="Yamada")

    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(username="yamada")


def test_several_people_share_an_address():
    people = {UserFactory(email="joho@example.jp"), UserFactory(email="Joho@example.jp")}

    assert set(User.objects.with_email("JOHO@example.jp")) == people
