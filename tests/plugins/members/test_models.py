"""Memberships: what the database refuses whoever writes, and the day that decides."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cms.calendar import today
from cms.plugin_api.capabilities import membership as capability
from cms.plugin_api.testing import plugin_disabled
from plugins.members.enums import LeaveReason
from plugins.members.models import Membership
from tests.factories.accounts import OrganisationFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

APRIL_2009 = dt.date(2009, 4, 1)
APRIL_2010 = dt.date(2010, 4, 1)
LAST_DAY = dt.date(2010, 3, 31)
OVERLAPS = [
    (APRIL_2009, None),
    (dt.date(2008, 4, 1), None),
    (dt.date(2008, 4, 1), dt.date(2009, 4, 2)),
    (LAST_DAY, None),
    (dt.date(2009, 6, 1), dt.date(2009, 6, 2)),
]


@pytest.fixture
def held():
    """A membership through FY2009."""
    return MembershipFactory(starts_on=APRIL_2009, ends_on=APRIL_2010, leave_reason=LeaveReason.WITHDREW)


def refuse_now():
    """Have PostgreSQL look at its deferred constraints at once, as a commit would."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def write(**values):
    """Write past `save()` and `clean()`, as a bulk import does."""
    with transaction.atomic():
        Membership.objects.bulk_create([Membership(**values)])
        refuse_now()


def change(row, **values):
    """Change past `save()` and `clean()`."""
    with transaction.atomic():
        Membership.objects.filter(pk=row.pk).update(**values)
        refuse_now()


@pytest.mark.parametrize(("starts_on", "ends_on"), OVERLAPS)
def test_database_refuses_memberships_that_share_a_day(held, starts_on, ends_on):
    reason = LeaveReason.OTHER if ends_on else ""
    with pytest.raises(IntegrityError, match="members_membership_overlap"):
        write(organisation=held.organisation, starts_on=starts_on, ends_on=ends_on, leave_reason=reason)


def test_database_refuses_a_change_that_makes_an_overlap(held):
    later = MembershipFactory(organisation=held.organisation, starts_on=APRIL_2010)

    with pytest.raises(IntegrityError, match="members_membership_overlap"):
        change(later, starts_on=LAST_DAY)


def test_next_membership_may_begin_on_the_day_the_last_ends(held):
    write(organisation=held.organisation, starts_on=APRIL_2010)

    assert Membership.objects.count() == 2


def test_another_organisation_may_be_member_at_the_same_time(held):
    write(organisation=OrganisationFactory(), starts_on=APRIL_2009)

    assert Membership.objects.count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {"starts_on": APRIL_2010, "ends_on": APRIL_2010, "leave_reason": LeaveReason.OTHER},
        {"starts_on": APRIL_2009, "ends_on": APRIL_2010, "leave_reason": ""},
        {"starts_on": APRIL_2009, "ends_on": None, "leave_reason": LeaveReason.OTHER},
        {"starts_on": APRIL_2009, "ends_on": APRIL_2010, "leave_reason": "invented"},
    ],
)
def test_database_refuses_half_an_end(values):
    organisation = OrganisationFactory()

    with pytest.raises(IntegrityError):
        write(organisation=organisation, **values)
    with pytest.raises(ValidationError):
        Membership(organisation=organisation, **values).full_clean()


def test_validation_names_the_rival_in_a_sentence(held):
    with pytest.raises(ValidationError) as refusal:
        Membership(organisation=held.organisation, starts_on=LAST_DAY).full_clean()

    assert "平成21年4月1日から既に会員です" in str(refusal.value)


@pytest.mark.parametrize(
    ("on", "member"), [(dt.date(2009, 3, 31), False), (APRIL_2009, True), (LAST_DAY, True), (APRIL_2010, False)]
)
def test_the_date_decides(held, on, member):
    assert capability.provider().is_member(held.organisation, on) is member
    assert capability.provider().member_count(on) == int(member)
    assert held.is_active_on(on) is member
    assert Membership.objects.active_on(on).exists() is member


def test_member_that_is_merged_away_is_none_though_its_membership_has_no_end():
    organisation = OrganisationFactory(valid_to=APRIL_2010)
    MembershipFactory(organisation=organisation)

    assert Membership.objects.active_on(LAST_DAY).exists()
    assert not Membership.objects.active_on(APRIL_2010).exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (dt.date(2004, 4, 1), None, "平成17年4月1日からの団体"),
        (APRIL_2010, None, "平成22年4月1日廃止"),
        (APRIL_2009, None, "平成22年4月1日廃止"),
        (APRIL_2009, dt.date(2010, 4, 2), "平成22年4月1日廃止"),
        (APRIL_2009, APRIL_2010, ""),
    ],
)
def test_membership_lies_in_the_time_of_its_organisation(starts_on, ends_on, words):
    organisation = OrganisationFactory(valid_from=dt.date(2005, 4, 1), valid_to=APRIL_2010)
    reason = LeaveReason.OTHER if ends_on else ""
    membership = Membership(organisation=organisation, starts_on=starts_on, ends_on=ends_on, leave_reason=reason)

    if words:
        with pytest.raises(ValidationError, match=words):
            membership.full_clean()
    else:
        membership.full_clean()


def test_member_that_is_closed_later_is_one_until_then():
    closing = OrganisationFactory(valid_to=today() + dt.timedelta(days=30))

    Membership(organisation=closing, starts_on=today()).full_clean()


def test_membership_that_outlasts_its_organisation_is_corrected_by_its_end():
    old = MembershipFactory(organisation=OrganisationFactory(valid_to=APRIL_2010))
    old.note = "訂正"
    with pytest.raises(ValidationError) as caught:
        old.full_clean()
    assert list(caught.value.error_dict) == ["ends_on"]

    old.ends_on, old.leave_reason = APRIL_2010, LeaveReason.DISSOLVED
    old.full_clean()


def test_nobody_is_member_while_the_plugin_is_off(held):
    assert capability.provider().is_member(held.organisation, LAST_DAY) is True
    with plugin_disabled("members"):
        assert capability.provider().is_member(held.organisation, LAST_DAY) is False


def test_nobody_is_member_while_the_plugin_is_broken(held, monkeypatch):
    def broken(self, organisation, on):
        raise RuntimeError("the register is broken")

    monkeypatch.setattr("plugins.members.contrib.RegisteredMembership.is_member", broken)

    assert capability.provider().is_member(held.organisation, LAST_DAY) is False
