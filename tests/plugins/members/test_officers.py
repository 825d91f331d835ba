"""Terms in office: what the database refuses, the roster of a year, and the readers that follow from the terms."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry, Site

from cms.access.enums import Audience
from cms.access.models import Group
from cms.access.selectors import Reader, readable_pages, seats_in
from cms.access.selectors.reach import Reach
from cms.access.services import access_rule_set
from cms.accounts.enums import SeatRole
from cms.pages.models import SectionPage
from cms.plugin_api.testing import plugin_disabled, sample_page
from plugins.members.enums import LeaveReason, Office
from plugins.members.models import Membership, OfficerTerm
from plugins.members.selectors.officers import officer_years
from plugins.members.services.officers import OFFICERS, officer_term_record, officers_group
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory, OfficerTermFactory
from tests.factories.pages import MeetingPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ROSTER = reverse("members:officers")
ELECTED = dt.date(2009, 11, 25)
NEXT = dt.date(2011, 6, 1)


def refuse_now():
    """Have PostgreSQL look at its deferred constraints at once, as a commit would."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def write(**values):
    """Write past `save()` and `clean()`, as a script does."""
    with transaction.atomic():
        OfficerTerm.objects.bulk_create([OfficerTerm(**values)])
        refuse_now()


def change(row, **values):
    """Change past `save()` and `clean()`."""
    with transaction.atomic():
        OfficerTerm.objects.filter(pk=row.pk).update(**values)
        refuse_now()


@pytest.mark.parametrize(
    ("same_organisation", "office", "starts_on", "ends_on", "rule"),
    [
        (True, Office.OFFICER, dt.date(2010, 4, 1), None, "members_officer_overlap"),
        (True, Office.VICE_CHAIR, dt.date(2009, 4, 1), dt.date(2009, 11, 26), "members_officer_overlap"),
        (False, Office.CHAIR, dt.date(2011, 5, 31), None, "members_officer_one_chair"),
        (False, Office.OFFICER, NEXT, ELECTED, "members_officer_forward"),
        (False, "king", NEXT, None, "members_officer_office"),
    ],
)
def test_database_refuses(same_organisation, office, starts_on, ends_on, rule):
    chair = OfficerTermFactory(office=Office.CHAIR, starts_on=ELECTED, ends_on=NEXT)
    organisation = chair.organisation if same_organisation else OrganisationFactory()

    with pytest.raises(IntegrityError, match=rule):
        write(organisation=organisation, office=office, starts_on=starts_on, ends_on=ends_on)


def test_database_refuses_a_second_chair_by_a_change():
    OfficerTermFactory(office=Office.CHAIR)
    other = OfficerTermFactory(office=Office.OFFICER)

    with pytest.raises(IntegrityError, match="members_officer_one_chair"):
        change(other, office=Office.CHAIR)


def test_next_chair_begins_on_the_day_the_last_one_ends_and_vice_chairs_are_several():
    OfficerTermFactory(office=Office.CHAIR, starts_on=ELECTED, ends_on=NEXT)
    write(organisation=OrganisationFactory(), office=Office.CHAIR, starts_on=NEXT)
    for _ in range(2):
        write(organisation=OrganisationFactory(), office=Office.VICE_CHAIR, starts_on=NEXT)

    assert OfficerTerm.objects.active_on(NEXT).count() == 3


def test_second_chair_is_refused_in_a_sentence_that_names_the_first():
    OfficerTermFactory(office=Office.CHAIR, organisation__name="甲市", starts_on=ELECTED)

    with pytest.raises(ValidationError, match="甲市は平成21年11月25日から会長です"):
        officer_term_record(term=OfficerTerm(organisation=OrganisationFactory(), office=Office.CHAIR, starts_on=NEXT))


def test_representative_is_copied_as_name_and_role_and_stays():
    seat = SeatFactory(role=SeatRole.SECTION_HEAD)
    person = AffiliationFactory(seat=seat, person__last_name="見本", person__first_name="花子").person

    term = officer_term_record(
        term=OfficerTerm(organisation=seat.organisation, office=Office.CHAIR, starts_on=ELECTED, representative=person)
    )
    person.last_name = "改姓"
    person.save()
    term.refresh_from_db()
    term.full_clean()

    assert (term.representative_name, term.representative_role) == ("見本 花子", "主管課長")


@pytest.fixture
def officer():
    """Somebody of a member that is chair from 25 November 2009 until 1 June 2011."""
    organisation = MembershipFactory().organisation
    officer_term_record(
        term=OfficerTerm(organisation=organisation, office=Office.CHAIR, starts_on=ELECTED, ends_on=NEXT)
    )
    return AffiliationFactory(seat=SeatFactory(organisation=organisation)).person


@pytest.fixture
def secret(officer):
    """A page for the officers."""
    page = sample_page(SectionPage)
    access_rule_set(subject=page, audience=Audience.GROUPS, groups=[Group.objects.get(key=OFFICERS)])
    return page


def reads(person, page, on):
    return readable_pages(SectionPage.objects.filter(pk=page.pk), Reader(person, on=on)).exists()


@pytest.mark.parametrize(
    ("on", "may"), [(dt.date(2009, 11, 24), False), (ELECTED, True), (dt.date(2011, 5, 31), True), (NEXT, False)]
)
def test_officers_of_the_day_read_what_is_for_officers(officer, secret, on, may):
    other = AffiliationFactory(seat=SeatFactory(organisation=MembershipFactory().organisation)).person

    assert reads(officer, secret, on) is may
    assert reads(other, secret, on) is False
    assert reads(None, secret, on) is False


def test_officer_that_is_no_member_any_more_reads_nothing(officer, secret):
    Membership.objects.update(ends_on=dt.date(2010, 4, 1), leave_reason=LeaveReason.WITHDREW)

    assert reads(officer, secret, dt.date(2010, 3, 31)) is True
    assert reads(officer, secret, dt.date(2010, 4, 1)) is False


def test_nobody_is_an_officer_while_the_plugin_is_off_or_broken(officer, secret, monkeypatch):
    assert reads(officer, secret, ELECTED) is True
    with plugin_disabled("members"):
        assert reads(officer, secret, ELECTED) is False

    def broken(on):
        raise RuntimeError("the terms are broken")

    monkeypatch.setattr("plugins.members.contrib.reader_groups", broken)
    assert reads(officer, secret, ELECTED) is False


def test_reading_by_office_takes_no_query_more(officer, secret, queries_of, monkeypatch):
    number = queries_of(lambda: reads(officer, secret, ELECTED))
    monkeypatch.setattr("plugins.members.contrib.reader_groups", lambda on: ())

    assert queries_of(lambda: reads(officer, secret, ELECTED)) == number


def test_editors_read_how_many_seats_the_group_has(client, officer, secret):
    assert seats_in([officers_group()], ELECTED).count() == 1
    assert seats_in([officers_group()], NEXT).count() == 0
    OfficerTerm.objects.update(ends_on=None)

    assert "現在の役員団体" in " ".join(Reach.of(secret).sentences)
    assert "現在1席、1団体" in " ".join(Reach.of(secret).sentences)
    client.force_login(UserFactory(is_superuser=True))
    row = client.get(reverse("reader_groups:index")).context["object_list"][0]
    assert row.key == OFFICERS


def test_roster_shows_the_officers_of_a_year_in_their_order(client):
    OfficerTermFactory(office=Office.OFFICER, organisation__name="役市", starts_on=ELECTED)
    OfficerTermFactory(
        office=Office.CHAIR, organisation__name="長市", starts_on=ELECTED, representative_name="見本 花子"
    )
    OfficerTermFactory(
        office=Office.CHAIR, organisation__name="昔市", starts_on=dt.date(2007, 4, 1), ends_on=dt.date(2009, 4, 1)
    )

    def names(year):
        return [str(row.organisation) for row, _meeting in client.get(ROSTER, {"fiscal_year": year}).context["lines"]]

    assert names(2009) == ["長市", "役市"]
    assert names(2008) == ["昔市"]
    assert "見本 花子" in client.get(ROSTER, {"fiscal_year": 2009}).text
    assert client.get(ROSTER, {"fiscal_year": "x"}).status_code == 200


APRIL, LEFT = dt.date(2010, 4, 1), {"leave_reason": LeaveReason.WITHDREW}


def member_in_office(*memberships, valid_to=None, **term):
    """An officer of 2009 whose membership, or organisation, ended past every action that ends its term."""
    organisation = OrganisationFactory(name="甲市", valid_to=valid_to)
    for starts_on, ends_on in memberships:
        left = LEFT if ends_on else {}
        MembershipFactory(organisation=organisation, starts_on=starts_on, ends_on=ends_on, **left)
    OfficerTermFactory(organisation=organisation, **({"starts_on": ELECTED} | term))


JOINED, LATER, LAST = dt.date(2009, 4, 1), dt.date(2010, 10, 1), dt.date(2012, 4, 1)


@pytest.mark.parametrize(
    ("memberships", "days", "over_on"),
    [
        ([(JOINED, APRIL)], {}, APRIL),
        ([(JOINED, None)], {"valid_to": APRIL}, APRIL),
        ([(JOINED, LAST)], {"valid_to": APRIL}, APRIL),
        ([(JOINED, APRIL)], {"valid_to": LAST}, APRIL),
        ([(JOINED, LATER)], {"ends_on": APRIL}, APRIL),
        ([(JOINED, APRIL)], {"ends_on": LATER}, APRIL),
        ([(JOINED, LATER), (LAST, None)], {}, LATER),
        ([(JOINED, APRIL), (APRIL, LATER), (LATER, LAST)], {}, LAST),
        ([(JOINED, APRIL), (APRIL, None)], {}, None),
        ([(dt.date(2005, 4, 1), JOINED), (dt.date(2009, 10, 1), APRIL)], {}, APRIL),
        ([(LATER, LAST)], {}, LAST),
        ([(JOINED, dt.date(2009, 10, 1))], {}, None),
        ([(JOINED, None)], {}, None),
        ([], {}, None),
        ([], {"ends_on": APRIL}, APRIL),
    ],
)
def test_term_is_over_with_the_membership_and_with_the_organisation(memberships, days, over_on):
    member_in_office(*memberships, **days)

    assert [term.over_on for term in OfficerTerm.objects.held()] == [over_on]


def test_term_that_begins_after_the_organisation_was_closed_was_never_held():
    member_in_office(valid_to=dt.date(2009, 10, 1))

    assert not OfficerTerm.objects.held().exists()
    assert officer_years() == []


@pytest.mark.parametrize("days", [{"valid_to": APRIL}, {}])
def test_roster_ends_the_term_of_who_left_without_an_end_of_its_own(client, days):
    member_in_office((JOINED, None if days else APRIL), **days)
    assert [year.year for year in officer_years()] == [2009]
    OfficerTermFactory(organisation__name="乙市")

    assert "平成22年3月31日" in client.get(ROSTER, {"fiscal_year": 2009}).text
    later = [client.get(ROSTER, asked).text for asked in ({"fiscal_year": 2010}, {})]
    assert [("乙市" in text, "甲市" in text) for text in later] == [(True, False)] * 2


def test_roster_links_a_meeting_only_for_who_may_read_it(client, officer):
    meeting = MeetingPageFactory(parent=Site.objects.get().root_page)
    OfficerTerm.objects.update(meeting=meeting)
    assert meeting.url in client.get(ROSTER).text

    access_rule_set(subject=meeting, audience=Audience.MEMBERS)

    assert meeting.url not in client.get(ROSTER).text


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (dt.date(1, 1, 1), None),
        (dt.date(1, 1, 1), dt.date(1, 1, 2)),
        (dt.date(9999, 12, 31), None),
        (ELECTED, dt.date(9999, 12, 31)),
    ],
)
def test_roster_stands_whatever_day_was_stored(client, starts_on, ends_on):
    write(organisation=OrganisationFactory(), office=Office.OFFICER, starts_on=starts_on, ends_on=ends_on)

    assert all(1888 <= year.year <= 2199 for year in officer_years())
    assert {client.get(ROSTER, asked).status_code for asked in ({}, {"fiscal_year": "2009"})} == {200}


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "いつか", ""])
def test_day_out_of_reach_keeps_all_terms_in_the_list(desk, on):
    OfficerTermFactory()

    assert len(desk.get(reverse("members_officers:index"), {"on": on}).context["object_list"]) == 1


def test_roster_without_officers_says_so(client):
    assert "役員団体は登録されていません" in client.get(ROSTER).text


def test_roster_takes_as_many_queries_for_thirty_as_for_one(client, queries_of):
    OfficerTermFactory()
    one = queries_of(lambda: client.get(ROSTER, headers={"authorization": "none"}))
    for term in OfficerTermFactory.create_batch(29):
        MembershipFactory(organisation=term.organisation)

    assert one == queries_of(lambda: client.get(ROSTER, headers={"authorization": "none"})) == 3


@pytest.fixture
def desk(client):
    person = UserFactory()
    rights = ["access_admin", "view_officerterm", "add_officerterm", "change_officerterm"]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)
    return client


def form(organisation, **values):
    return {
        "organisation": organisation.pk,
        "office": "chair",
        "starts_on": "2009-11-25",
        "ends_on": "",
        "representative": "",
        "representative_name": "",
        "representative_role": "",
        "meeting": "",
        "note": "",
        **values,
    }


def test_desk_records_a_term_and_its_history(desk):
    organisation = OrganisationFactory()

    answer = desk.post(reverse("members_officers:add"), form(organisation, representative_name="見本 花子"))

    term = OfficerTerm.objects.get()
    assert answer.status_code == 302
    assert term.representative_name == "見本 花子"
    assert Group.objects.get(key=OFFICERS).name == "現在の役員団体"
    assert ModelLogEntry.objects.for_instance(term).exists()


def test_desk_says_why_a_second_chair_is_refused_and_keeps_what_was_typed(desk):
    OfficerTermFactory(office=Office.CHAIR, organisation__name="甲市")

    answer = desk.post(reverse("members_officers:add"), form(OrganisationFactory(), note="総会で選出"))

    assert "甲市は" in answer.text
    assert "総会で選出" in answer.text
    assert OfficerTerm.objects.count() == 1


def test_desk_filters_by_office_and_day(desk):
    OfficerTermFactory(office=Office.CHAIR, organisation__name="甲市", starts_on=ELECTED, ends_on=NEXT)
    OfficerTermFactory(office=Office.OFFICER, organisation__name="乙市", starts_on=NEXT)
    url = reverse("members_officers:index")

    def names(**chosen):
        return {str(row.organisation) for row in desk.get(url, chosen).context["object_list"]}

    assert names(office="officer") == {"乙市"}
    assert names(on="平成22年2月1日") == {"甲市"}
    assert names(on="いつか") == {"甲市", "乙市"}


@pytest.mark.parametrize("day", [dt.date(1, 1, 1), dt.date(9999, 12, 31)])
def test_term_on_a_day_that_leads_to_no_fiscal_year_is_refused(day: dt.date) -> None:
    """Such a term would break the rosters of all years for everybody."""
    with pytest.raises(ValidationError) as refused:
        OfficerTerm(organisation=OrganisationFactory(), office=Office.CHAIR, starts_on=day).full_clean()
    assert "1889" in str(refused.value.message_dict["starts_on"])
