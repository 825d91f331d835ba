"""Beginning and ending memberships, and closing an organisation: the plan is what happens."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.accounts.models import Affiliation, Organisation
from plugins.members.enums import JoinReason, LeaveReason, Office
from plugins.members.models import Membership, OfficerTerm
from plugins.members.selectors.register import members_on
from plugins.members.services.closing import closing_plan, organisation_close
from plugins.members.services.memberships import membership_begin, membership_end
from plugins.members.services.officers import officer_term_record
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory, OfficerTermFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = dt.date(2010, 3, 31)
EVE = dt.date(2010, 3, 30)


def test_begin_is_recorded_in_the_history_of_the_organisation():
    organisation, staff = OrganisationFactory(), UserFactory()

    membership_begin(organisation=organisation, starts_on=DAY, by=staff)

    entry = ModelLogEntry.objects.for_instance(organisation).get()
    assert (entry.action, entry.user) == ("members.begin", staff)


def test_member_cannot_become_one_again():
    organisation = MembershipFactory().organisation

    with pytest.raises(ValidationError, match="既に会員"):
        membership_begin(organisation=organisation, starts_on=DAY, by=None)
    assert Membership.objects.count() == 1


def test_closed_organisation_becomes_no_member():
    organisation = OrganisationFactory(valid_to=DAY)

    with pytest.raises(ValidationError, match="廃止"):
        membership_begin(organisation=organisation, starts_on=DAY, by=None)
    assert not Membership.objects.exists()


def test_end_is_refused_twice_and_before_the_beginning():
    membership = MembershipFactory()

    with pytest.raises(ValidationError):
        membership_end(membership=membership, ends_on=dt.date(2009, 4, 1), by=None)
    membership_end(membership=membership, ends_on=DAY, by=None)
    with pytest.raises(ValidationError, match="既に"):
        membership_end(membership=membership, ends_on=DAY, by=None)


@pytest.fixture
def village():
    """A member village with two people, that will go into a city which is no member."""
    membership = MembershipFactory(organisation=OrganisationFactory(name="見本村"))
    AffiliationFactory(seat=SeatFactory(organisation=membership.organisation))
    AffiliationFactory(seat=SeatFactory(organisation=membership.organisation), ends_on=dt.date(2012, 4, 1))
    return membership.organisation


def test_plan_changes_nothing(village):
    city = OrganisationFactory(name="新市")

    plan = closing_plan(organisation=village, on=DAY, successors=[city])

    assert (len(plan.memberships), len(plan.affiliations), plan.new_members) == (1, 2, [city])
    assert plan.obstacles == []
    assert Organisation.objects.get(pk=village.pk).valid_to is None
    assert list(members_on(DAY)) == [village]


def test_closing_does_what_was_planned_and_deletes_nothing(village):
    city = OrganisationFactory(name="新市")
    before = (Membership.objects.count(), Affiliation.objects.count(), Organisation.objects.count())
    plan = closing_plan(organisation=village, on=DAY, successors=[city])

    done = organisation_close(organisation=village, on=DAY, successors=[city], by=None)

    assert list(done.lines) == list(plan.lines)
    assert list(members_on(EVE)) == [village]
    assert list(members_on(DAY)) == [city]
    assert Membership.objects.get(organisation=village).leave_reason == LeaveReason.MERGED
    assert Membership.objects.get(organisation=city).join_reason == JoinReason.SUCCEEDED
    assert not Affiliation.objects.active_on(DAY).filter(organisation=village).exists()
    assert Affiliation.objects.active_on(EVE).filter(organisation=village).count() == 2
    assert list(village.successors.all()) == [city]
    assert (Membership.objects.count(), Affiliation.objects.count(), Organisation.objects.count()) == (
        before[0] + 1,
        before[1],
        before[2],
    )


@pytest.mark.parametrize("is_member", [True, False])
def test_closing_ends_the_term_in_office_and_says_so_before(client, village, is_member):
    if not is_member:
        Membership.objects.all().delete()
    term = OfficerTermFactory(organisation=village, office=Office.CHAIR)
    over = OfficerTermFactory(organisation=village, starts_on=dt.date(2008, 4, 1), ends_on=dt.date(2009, 4, 1))
    by = UserFactory()
    assert "前日まで会長です。" in list(closing_plan(organisation=village, on=DAY).lines)

    organisation_close(organisation=village, on=DAY, by=by)

    term.refresh_from_db()
    assert term.ends_on == DAY
    assert OfficerTerm.objects.get(pk=over.pk).ends_on == dt.date(2009, 4, 1)
    officer_term_record(term=OfficerTerm(organisation=OrganisationFactory(), office=Office.CHAIR, starts_on=DAY))
    for subject in (village, term):
        entry = ModelLogEntry.objects.for_instance(subject).get(action="members.office_end", user=by)
        assert "会長" in entry.message
    roster = reverse("members:officers")
    assert "見本村" in client.get(roster, {"fiscal_year": 2009}).text
    assert "見本村" not in client.get(roster, {"fiscal_year": 2010}).text


def test_end_of_a_membership_ends_the_term_in_office(village):
    term = OfficerTermFactory(organisation=village)

    membership_end(membership=Membership.objects.get(), ends_on=DAY, by=None)

    term.refresh_from_db()
    assert term.ends_on == DAY


def test_membership_does_not_end_before_a_term_in_office_that_is_to_begin(village):
    OfficerTermFactory(organisation=village, starts_on=DAY)

    with pytest.raises(ValidationError, match="平成22年3月31日からの役員"):
        membership_end(membership=Membership.objects.get(), ends_on=DAY, by=None)

    assert Membership.objects.get().ends_on is None


def test_closing_without_successors_dissolves(village):
    organisation_close(organisation=village, on=DAY, by=None)

    assert Membership.objects.get(organisation=village).leave_reason == LeaveReason.DISSOLVED


def test_successor_that_is_a_member_stays_as_it_is(village):
    city = MembershipFactory().organisation

    assert closing_plan(organisation=village, on=DAY, successors=[city]).new_members == []


def test_closing_ends_a_membership_that_would_have_ended_later(village):
    later = dt.date(2011, 4, 1)
    Membership.objects.update(ends_on=later, leave_reason=LeaveReason.WITHDREW)
    city = OrganisationFactory(name="新市")
    plan = closing_plan(organisation=village, on=DAY, successors=[city])
    assert "平成23年4月1日" in " ".join(plan.lines)

    organisation_close(organisation=village, on=DAY, successors=[city], by=None)

    membership = Membership.objects.get(organisation=village)
    assert (membership.ends_on, membership.leave_reason) == (DAY, LeaveReason.MERGED)
    assert list(members_on(DAY)) == [city]
    entry = ModelLogEntry.objects.for_instance(village).get(action="members.end")
    assert entry.data == {"on": DAY.isoformat(), "before": later.isoformat()}


def test_later_membership_of_a_successor_is_an_obstacle_of_the_dry_run(village):
    later = MembershipFactory(organisation=OrganisationFactory(name="新市"), starts_on=dt.date(2010, 4, 1))
    successors = [later.organisation]

    (obstacle,) = closing_plan(organisation=village, on=DAY, successors=successors).obstacles

    assert "新市" in obstacle
    assert "平成22年4月1日" in obstacle
    assert closing_plan(organisation=village, on=DAY, successors=successors, succeed=False).obstacles == []
    with pytest.raises(ValidationError, match="新市"):
        organisation_close(organisation=village, on=DAY, successors=successors, by=None)
    assert Organisation.objects.get(pk=village.pk).valid_to is None


def test_successor_that_is_closed_itself_by_now_is_an_obstacle_of_the_dry_run(village):
    city = OrganisationFactory(name="新市", valid_to=dt.date(2012, 4, 1))

    (obstacle,) = closing_plan(organisation=village, on=DAY, successors=[city]).obstacles

    assert "平成24年4月1日廃止" in obstacle
    assert closing_plan(organisation=village, on=DAY, successors=[city], succeed=False).obstacles == []


@pytest.mark.parametrize("obstacle", ["itself", "closed", "successor", "membership", "office", "seat"])
def test_obstacles_are_said_and_nothing_is_written(village, obstacle):
    successors = []
    if obstacle == "itself":
        successors = [village]
    elif obstacle == "closed":
        Organisation.objects.filter(pk=village.pk).update(valid_to=EVE)
    elif obstacle == "successor":
        successors = [OrganisationFactory(valid_from=dt.date(2011, 1, 1))]
    elif obstacle == "membership":
        Membership.objects.update(ends_on=EVE, leave_reason=LeaveReason.OTHER)
        MembershipFactory(organisation=village, starts_on=DAY)
    elif obstacle == "office":
        OfficerTermFactory(organisation=village, starts_on=DAY)
    else:
        AffiliationFactory(seat=SeatFactory(organisation=village), starts_on=DAY)

    with pytest.raises(ValidationError):
        organisation_close(organisation=village, on=DAY, successors=successors, by=None)

    assert Organisation.objects.get(pk=village.pk).valid_to != DAY
    assert not Membership.objects.filter(ends_on=DAY).exists()
