"""Who sits where on which day, and what the database refuses whoever writes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cms.accounts.models import Affiliation, Organisation, Seat, User
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

APRIL_2009 = dt.date(2009, 4, 1)
APRIL_2010 = dt.date(2010, 4, 1)
APRIL_2011 = dt.date(2011, 4, 1)
LAST_DAY = dt.date(2010, 3, 31)

OVERLAPS = [
    (APRIL_2009, None),
    (APRIL_2009, APRIL_2010),
    (dt.date(2008, 4, 1), None),
    (dt.date(2008, 4, 1), dt.date(2009, 4, 2)),
    (LAST_DAY, None),
    (dt.date(2009, 6, 1), dt.date(2009, 6, 2)),
]


def refuse_now():
    """Have PostgreSQL look at its deferred constraints at once, as a commit would."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def write(**values):
    """Write past `save()` and `clean()`, as a bulk import or another program does."""
    with transaction.atomic():
        Affiliation.objects.bulk_create([Affiliation(organisation=values["seat"].organisation, **values)])
        refuse_now()


def change(row, **values):
    """Change past `save()` and `clean()`."""
    with transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**values)
        refuse_now()


@pytest.fixture
def held():
    """A seat held through FY2009."""
    return AffiliationFactory(starts_on=APRIL_2009, ends_on=APRIL_2010)


@pytest.mark.parametrize(("starts_on", "ends_on"), OVERLAPS)
def test_database_refuses_second_person_on_a_seat(held, starts_on, ends_on):
    with pytest.raises(IntegrityError, match="seat_taken"):
        write(seat=held.seat, person=UserFactory(), starts_on=starts_on, ends_on=ends_on)


@pytest.mark.parametrize(("starts_on", "ends_on"), OVERLAPS)
def test_database_refuses_second_organisation_of_a_person(held, starts_on, ends_on):
    with pytest.raises(IntegrityError, match="second_organisation"):
        write(seat=SeatFactory(), person=held.person, starts_on=starts_on, ends_on=ends_on)


def test_database_refuses_a_change_that_makes_an_overlap(held):
    later = AffiliationFactory(seat=held.seat, starts_on=APRIL_2010)

    with pytest.raises(IntegrityError, match="seat_taken"):
        change(later, starts_on=LAST_DAY)


def test_successor_begins_on_the_day_the_predecessor_ends(held):
    write(seat=held.seat, person=UserFactory(), starts_on=APRIL_2010, ends_on=None)
    write(seat=SeatFactory(), person=held.person, starts_on=APRIL_2010, ends_on=None)

    assert Affiliation.objects.count() == 3


def test_person_may_hold_two_seats_of_one_organisation(held):
    other_seat = SeatFactory(organisation=held.seat.organisation)

    write(seat=other_seat, person=held.person, starts_on=APRIL_2009, ends_on=None)

    assert set(Seat.objects.held_by(held.person, LAST_DAY)) == {held.seat, other_seat}


def test_database_refuses_organisation_that_is_not_the_seats(held):
    with pytest.raises(IntegrityError, match="same_organisation"):
        change(held, organisation=OrganisationFactory())


def test_seat_that_somebody_held_never_moves_to_another_organisation(held):
    with pytest.raises(IntegrityError, match="same_organisation"):
        change(held.seat, organisation=OrganisationFactory())


def test_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(IntegrityError, match="period_forward"), transaction.atomic():
        AffiliationFactory(starts_on=APRIL_2010, ends_on=APRIL_2010)


def test_validation_names_who_holds_the_seat(held):
    rival = Affiliation(seat=held.seat, person=UserFactory(), starts_on=LAST_DAY, organisation=held.organisation)

    with pytest.raises(ValidationError) as refusal:
        rival.full_clean()

    assert held.person.display_name in str(refusal.value)
    assert refusal.value.error_dict["__all__"][0].code == "seat_taken"


def test_validation_names_the_other_organisation(held):
    seat = SeatFactory()
    rival = Affiliation(seat=seat, person=held.person, starts_on=APRIL_2009, organisation=seat.organisation)

    with pytest.raises(ValidationError) as refusal:
        rival.full_clean()

    assert held.seat.organisation.name in str(refusal.value)
    assert refusal.value.error_dict["__all__"][0].code == "second_organisation"


def test_validation_lets_what_the_database_allows_pass(held):
    Affiliation(seat=held.seat, person=UserFactory(), starts_on=APRIL_2010, organisation=held.organisation).full_clean()

    held.full_clean()


@pytest.mark.parametrize(
    ("on", "held_then"), [(dt.date(2009, 3, 31), False), (APRIL_2009, True), (LAST_DAY, True), (APRIL_2010, False)]
)
def test_the_date_decides(held, on, held_then):
    organisation = held.seat.organisation

    assert Affiliation.objects.active_on(on).exists() is held_then
    assert held.is_active_on(on) is held_then
    assert Seat.objects.held_by(held.person, on).exists() is held_then
    assert Seat.objects.vacant_on(on).exists() is not held_then
    assert list(Organisation.objects.of_person(held.person, on)) == ([organisation] if held_then else [])
    assert User.objects.affiliated_on(on).exists() is held_then


def test_seats_held_by_ignores_what_somebody_else_holds_now(held):
    AffiliationFactory(seat=held.seat, starts_on=APRIL_2010)

    assert not Seat.objects.held_by(held.person, APRIL_2011).exists()
    assert not Organisation.objects.of_person(held.person, APRIL_2011).exists()
