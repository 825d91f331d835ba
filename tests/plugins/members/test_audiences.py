"""Whom the secretariat can write to: who is in each audience, today, and at which address."""

import datetime as dt

import pytest

from cms.accounts.enums import OrganisationKind, Prefecture, SeatRole
from cms.calendar import today
from cms.plugin_api.points import audiences
from cms.plugin_api.testing import plugin_disabled
from plugins.members.enums import ApplicationState, LeaveReason
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory
from tests.factories.members import ApplicationFactory, MembershipFactory, OfficerTermFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LONG_AGO = dt.datetime(2010, 1, 1, tzinfo=dt.UTC)


def audience(slug):
    return next(one for one in audiences.collect() if one.slug == slug)


def written(slug, **chosen):
    """Return names and addresses, as the form of the audience gives what staff choose."""
    found = audience(slug)
    form = found.form({name: value for name, value in chosen.items() if value is not None})
    assert form.is_valid(), form.errors
    return [(one.name, one.address) for one in found.addressees(form.cleaned_data)]


def names(slug, **chosen):
    return [name for name, _address in written(slug, **chosen)]


def member(name, **values):
    return MembershipFactory(
        organisation=OrganisationFactory(name=name, email="joho@example.jp", **values)
    ).organisation


def seated(organisation, first_name, role=SeatRole.LEAD, **person):
    seat = SeatFactory(organisation=organisation, role=role)
    values = {f"person__{name}": value for name, value in person.items()}
    return AffiliationFactory(seat=seat, person__last_name="見本", person__first_name=first_name, **values)


@pytest.fixture
def register():
    """Two members with people, one without, one that has left, one that was never one."""
    city = member("見本市", prefecture=Prefecture.EHIME, population=90_000, population_on=today())
    seated(city, "課長", SeatRole.SECTION_HEAD, email="head@example.jp", last_login=LONG_AGO)
    seated(city, "担当", email="")
    seated(city, "退職", is_active=False)
    town = member("見本町", kind=OrganisationKind.TOWN, prefecture=Prefecture.HOKKAIDO)
    seated(town, "町担当", email="town@example.jp")
    member("無人村", kind=OrganisationKind.VILLAGE, prefecture=Prefecture.OKINAWA)
    left = member("退会市")
    left.memberships.update(ends_on=today(), leave_reason=LeaveReason.WITHDREW)
    seated(left, "退会")
    OrganisationFactory(name="未加入市", email="mikanyu@example.jp")
    OfficerTermFactory(organisation=city)
    OfficerTermFactory(organisation=left)
    return city


def test_members_are_the_people_on_seats_from_north_to_south(register):
    assert written("members.members") == [
        ("見本 町担当", "town@example.jp"),
        ("見本 課長", "head@example.jp"),
        ("見本 担当", "joho@example.jp"),
        ("無人村", "joho@example.jp"),
    ]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"kind": ["town"]}, ["見本 町担当"]),
        ({"prefecture": [Prefecture.OKINAWA, Prefecture.HOKKAIDO]}, ["見本 町担当", "無人村"]),
        ({"population_min": 50_000}, ["見本 課長", "見本 担当"]),
        ({"population_max": 50_000}, []),
        ({"to": "section_heads"}, ["見本町", "見本 課長", "無人村"]),
        ({"to": "organisation"}, ["見本町", "見本市", "無人村"]),
    ],
)
def test_members_are_narrowed(register, chosen, expected):
    assert names("members.members", **chosen) == expected


def test_officers_are_members_in_office(register):
    assert names("members.officers") == ["見本 課長", "見本 担当"]
    assert names("members.officers", to="section_heads") == ["見本 課長"]


def test_newcomers_have_never_logged_in(register):
    assert names("members.newcomers") == ["見本 町担当", "見本 担当"]


def test_others_are_those_who_were_never_members(register):
    assert written("members.others") == [("未加入市", "mikanyu@example.jp")]


def test_others_are_neither_accepted_for_a_later_day_nor_waiting_for_an_answer(register):
    MembershipFactory(organisation__name="来春市", starts_on=today() + dt.timedelta(days=100))
    for state in (ApplicationState.OPEN, ApplicationState.ASKED):
        ApplicationFactory(code=OrganisationFactory(name="申込市").code, state=state)
    ApplicationFactory(
        code=OrganisationFactory(name="辞退市").code, state=ApplicationState.DECLINED, decided_at=LONG_AGO
    )
    OrganisationFactory(name="番号なし", code=None, kind=OrganisationKind.OTHER)

    assert sorted(names("members.others")) == ["未加入市", "番号なし", "辞退市"]


def test_who_has_no_address_is_listed_all_the_same(register):
    OrganisationFactory(name="連絡先不明市", email="")

    assert ("連絡先不明市", "") in written("members.others")


def test_every_audience_names_people_and_organisations_for_the_records(register):
    found = [one for audience in audiences.collect() for one in audience.addressees({})]

    assert all(one.organisation_id for one in found if one.name.startswith(("見本", "無人", "未加入")))
    assert {one.person_id is None for one in found if one.name == "見本 課長"} == {False}


@pytest.mark.parametrize("slug", ["members.members", "members.officers", "members.newcomers", "members.others"])
def test_audience_takes_as_many_queries_for_thirty_as_for_one(register, queries_of, slug):
    def ask():
        return list(audience(slug).addressees({}))

    one = queries_of(ask)
    for number in range(29):
        seated(MembershipFactory(organisation=OfficerTermFactory().organisation).organisation, f"{number}")
        OrganisationFactory()

    assert one == queries_of(ask)


def test_nobody_is_written_to_by_a_plugin_that_is_off(register):
    with plugin_disabled("members"):
        assert not [one for one in audiences.collect() if one.slug.startswith("members.")]
