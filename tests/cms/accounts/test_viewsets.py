"""The secretariat's desk in the admin."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.accounts.enums import OrganisationKind, Prefecture, SeatRole
from cms.accounts.models import Affiliation, Organisation, User
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LIST = reverse("organisations:index")
ADD = reverse("organisations:add")
APRIL_2009 = dt.date(2009, 4, 1)
APRIL_2010 = dt.date(2010, 4, 1)


@pytest.fixture
def desk(client):
    """A client of the secretariat."""
    client.force_login(UserFactory(username="secretariat", is_superuser=True))
    return client


def row(affiliation=None, **values):
    """Return one line of the people on a seat, as the form posts it."""
    stored = {}
    if affiliation:
        stored = {
            "id": affiliation.pk,
            "person": affiliation.person_id,
            "starts_on": affiliation.starts_on,
            "ends_on": affiliation.ends_on or "",
        }
    return {"id": "", "person": "", "starts_on": "", "ends_on": "", **stored, **values}


def posted(seats=(), **values):
    """Return the whole form; `seats` are pairs of a seat (or its values) and its rows."""
    forms = []
    for seat, rows in seats:
        values_of_seat = seat if isinstance(seat, dict) else {"id": seat.pk, "role": seat.role, "label": seat.label}
        initial = sum(1 for line in rows if line["id"])
        forms.append({"id": "", "label": "", **values_of_seat, "affiliations": inline_formset(rows, initial=initial)})
    initial = sum(1 for form in forms if form["id"])
    blank = dict.fromkeys(
        ["kana", "section", "email", "telephone", "fax", "postcode", "address", "population", "population_on"], ""
    )
    base = {"name": "見本市", "kind": "city", "prefecture": "38", "code": "98000", "valid_from": "", "valid_to": ""}
    return nested_form_data(
        {**blank, **base, "successors": "", **values, "seats": inline_formset(forms, initial=initial)}
    )


def posted_for(organisation, seats):
    return posted(seats, name=organisation.name, code=organisation.code, kind=organisation.kind)


def edit_url(organisation):
    return reverse("organisations:edit", args=[organisation.pk])


def test_organisation_is_added_with_its_seat_and_person(desk):
    person = UserFactory()

    response = desk.post(
        ADD, posted([({"role": SeatRole.LEAD}, [row(person=person.pk, starts_on="2009-04-01")])], code="９８０００")
    )

    assert response.status_code == 302
    organisation = Organisation.objects.get()
    assert organisation.code == "980005"
    assert list(Organisation.objects.of_person(person, APRIL_2010)) == [organisation]


def test_hand_over_is_one_submission(desk):
    old = AffiliationFactory(starts_on=APRIL_2009)
    new = UserFactory()

    response = desk.post(
        edit_url(old.organisation),
        posted_for(
            old.organisation,
            [(old.seat, [row(old, ends_on="2010-04-01"), row(person=new.pk, starts_on="2010-04-01")])],
        ),
    )

    assert response.status_code == 302
    assert [(a.person, a.starts_on, a.ends_on) for a in Affiliation.objects.all()] == [
        (old.person, APRIL_2009, APRIL_2010),
        (new, APRIL_2010, None),
    ]
    assert Affiliation.objects.filter(pk=old.pk).exists()


def test_correction_in_the_other_order_is_one_submission_too(desk):
    first = AffiliationFactory(starts_on=APRIL_2009)
    forgotten = UserFactory()

    response = desk.post(
        edit_url(first.organisation),
        posted_for(
            first.organisation,
            [
                (
                    first.seat,
                    [
                        row(first, starts_on="2010-04-01"),
                        row(person=forgotten.pk, starts_on="2009-04-01", ends_on="2010-04-01"),
                    ],
                )
            ],
        ),
    )

    assert response.status_code == 302
    assert [a.person for a in Affiliation.objects.all()] == [forgotten, first.person]


def test_two_people_at_once_are_refused_with_a_sentence_and_nothing_is_written(desk):
    old = AffiliationFactory(starts_on=APRIL_2009)

    response = desk.post(
        edit_url(old.organisation),
        posted_for(old.organisation, [(old.seat, [row(old), row(person=UserFactory().pk, starts_on="2010-04-01")])]),
    )

    assert response.status_code == 200
    assert old.person.display_name in response.content.decode()
    assert list(Affiliation.objects.all()) == [old]
    assert Affiliation.objects.get().ends_on is None


def test_person_of_another_organisation_is_refused_with_its_name(desk):
    elsewhere = AffiliationFactory(starts_on=APRIL_2009)
    seat = SeatFactory()

    response = desk.post(
        edit_url(seat.organisation),
        posted_for(seat.organisation, [(seat, [row(person=elsewhere.person_id, starts_on="2010-04-01")])]),
    )

    assert response.status_code == 200
    assert elsewhere.organisation.name in response.content.decode()
    assert list(Affiliation.objects.all()) == [elsewhere]


def test_successors_are_entered_by_code(desk):
    new = OrganisationFactory()
    old = OrganisationFactory(kind=OrganisationKind.TOWN)

    wrong = desk.post(edit_url(old), posted(name=old.name, code=old.code, kind="town", successors="99999"))
    assert wrong.context["form"].errors["successors"]

    desk.post(edit_url(old), posted(name=old.name, code=old.code, kind="town", successors=f"{new.code[:5]}、"))

    assert list(old.successors.all()) == [new]
    assert new.code in desk.get(edit_url(old)).content.decode()


@pytest.mark.parametrize("text", ["松山", "まつやま", "３８２０１"])
def test_list_finds_by_name_kana_and_code(desk, text):
    OrganisationFactory(name="見本市")
    OrganisationFactory(name="松山市", kana="まつやまし", code="382019")

    page = desk.get(LIST, {"q": text}).content.decode()

    assert "松山市" in page
    assert "見本市" not in page


@pytest.mark.parametrize("chosen", [{"kind": "village"}, {"prefecture": "29"}, {"ended": "true"}])
def test_list_filters(desk, chosen):
    OrganisationFactory(name="見本市")
    OrganisationFactory(
        name="見本村", kind=OrganisationKind.VILLAGE, prefecture=Prefecture.NARA, valid_to=dt.date(2006, 1, 1)
    )

    page = desk.get(LIST, chosen).content.decode()

    assert "見本村" in page
    assert "見本市" not in page


@pytest.mark.parametrize(("chosen", "said"), [("true", "はい"), ("false", "いいえ")])
@pytest.mark.parametrize(("path", "name"), [(LIST, "ended"), ("/admin/users/", "is_superuser")])
def test_filter_that_is_on_is_said_in_words(desk, path, name, chosen, said):
    page = desk.get(path, {name: chosen})

    assert [str(one.value) for one in page.context["active_filters"]] == [said]


def test_list_takes_as_many_queries_for_thirty_as_for_one(desk, django_assert_num_queries):
    OrganisationFactory()
    desk.get(LIST)

    with django_assert_num_queries(9):
        desk.get(LIST)
    OrganisationFactory.create_batch(29)
    desk.get(LIST)  # new organisations move the generation on: the frame is read anew, once
    with django_assert_num_queries(9):
        desk.get(LIST)


def test_chooser_finds_a_person_by_name_and_id(desk):
    UserFactory(username="yano", last_name="矢野", first_name="友哉")
    UserFactory(username="suda", last_name="須田", first_name="徹")

    page = desk.get(reverse("person_chooser:choose"), {"q": "矢野 友"}).content.decode()

    assert "yano" in page
    assert "suda" not in page


@pytest.mark.parametrize(("rights", "status"), [([], 403), (["change_organisation"], 200), (["change_user"], 200)])
@pytest.mark.parametrize("view", ["choose", "choose_results", "chosen", "chosen_multiple"])
def test_chooser_names_people_only_to_whoever_has_a_form_for_it(client, view, rights, status):
    editor, person = UserFactory(), UserFactory(last_name="矢野")
    editor.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))
    client.force_login(editor)

    address = reverse(f"person_chooser:{view}", args=[person.pk] if view == "chosen" else [])
    response = client.get(address, {"id": person.pk} if view == "chosen_multiple" else {})

    assert response.status_code == status
    said = response.content.decode("unicode_escape" if "json" in response["Content-Type"] else "utf-8")
    assert ("矢野" in said) is bool(rights)


@pytest.mark.parametrize("typed", ["東温", "トウオン", "とうおん", "３８２１５９"])
def test_chooser_finds_an_organisation_by_name_kana_and_code(desk, typed):
    OrganisationFactory(name="東温市", kana="とうおんし", code="382159")
    OrganisationFactory(name="見本市", kana="みほんし")

    page = desk.get(reverse("organisation_chooser:choose"), {"q": typed}).json()["html"]

    assert "東温市" in page
    assert "見本市" not in page


def test_chooser_of_organisations_lists_thirty_with_the_queries_of_one(desk, django_assert_num_queries):
    url = reverse("organisation_chooser:choose_results")
    OrganisationFactory()
    desk.get(url)

    with django_assert_num_queries(6):
        desk.get(url)
    OrganisationFactory.create_batch(29)
    desk.get(url)
    with django_assert_num_queries(6):
        desk.get(url)


def test_person_is_added_without_a_password(desk):
    response = desk.post(
        reverse("wagtailusers_users:add"),
        {"username": "yano", "last_name": "矢野", "first_name": "友哉", "email": "joho@example.jp"},
    )

    assert response.status_code == 302
    person = User.objects.get(username="yano")
    assert person.display_name == "矢野 友哉"
    assert not person.has_usable_password()


def test_person_form_asks_for_the_family_name_first_and_for_no_password(desk):
    page = desk.get(reverse("wagtailusers_users:add")).content.decode()

    assert page.index('name="last_name"') < page.index('name="first_name"')
    assert 'type="password"' not in page


def test_editing_a_person_keeps_the_password(desk):
    person = UserFactory(username="yano")

    desk.post(
        reverse("wagtailusers_users:edit", args=[person.pk]),
        {"username": "yano", "last_name": "矢野", "first_name": "", "email": "a@example.jp", "is_active": "on"},
    )

    changed = User.objects.get(pk=person.pk)
    assert (changed.last_name, changed.password) == ("矢野", person.password)


def test_new_id_that_differs_by_case_alone_is_refused(desk):
    UserFactory(username="yano")

    response = desk.post(
        reverse("wagtailusers_users:add"), {"username": "YANO", "last_name": "矢野", "email": "joho@example.jp"}
    )

    assert response.status_code == 200
    assert User.objects.filter(username__iexact="yano").count() == 1
