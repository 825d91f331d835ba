"""Two at once on one seat, or with one code: one of them is told. Without the lock it would go wrong."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, get_ident

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, User
from cms.calendar import today
from cms.mail.models import Code
from cms.mail.services.codes import CodeRefusedError
from plugins.members.models import Handover
from plugins.members.services import handovers as handovers_service
from plugins.members.services import invitations as invitations_service
from plugins.members.services.handovers import handover_announce
from plugins.members.services.invitations import invitation_accept, invitation_issue
from plugins.members.services.seats import PersonData
from tests.factories.accounts import PASSWORD, AffiliationFactory, SeatFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CANCEL_FIRST = "先にその引継ぎを取り消して"

only_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer, with or without a lock of ours."
)


def at_once(*calls):
    """Run each call in a thread of its own; return what they raised."""

    def run(call):
        try:
            call()
        except (ValidationError, CodeRefusedError, DatabaseError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [error for error in pool.map(run, calls) if error]


@pytest.fixture
def held():
    """The lead contact of a member."""
    return AffiliationFactory(seat=SeatFactory(organisation=MembershipFactory().organisation, role=SeatRole.LEAD))


@pytest.fixture
def invitation(held):
    seat = SeatFactory(organisation=held.organisation, role=SeatRole.DEPUTY)
    person = PersonData(last_name="見本", first_name="後任", email="a@example.jp")
    return invitation_issue(seat=seat, person=person, by=None).invitation


def announce(held, name, days):
    person = PersonData(last_name="見本", first_name=name, email="a@example.jp")
    return lambda: handover_announce(seat=held.seat, successor=person, on=today() + dt.timedelta(days=days), by=None)


def test_two_hand_overs_of_a_seat_at_once_leave_one(held):
    errors = at_once(announce(held, "甲", 5), announce(held, "乙", 7))

    assert [type(error) for error in errors] == [ValidationError]
    announced = Handover.objects.get()
    assert CANCEL_FIRST in " ".join(errors[0].messages)
    held.refresh_from_db()
    assert held.ends_on == announced.on
    assert Affiliation.objects.filter(seat=held.seat).count() == 2
    assert User.objects.filter(last_name="見本", first_name__in=["甲", "乙"]).count() == 1


@only_postgres
def test_without_the_lock_the_second_is_not_told_what_to_cancel(held, monkeypatch):
    """Both look before either writes, and the later day comes second. The rules on the rows still hold the seat."""
    both_have_looked, first_is_done, second = Barrier(2, timeout=10), Event(), set()
    held_until, refuse = handovers_service._held_until, handovers_service._refuse_announced

    def remember_second(seat, on):
        if on == today() + dt.timedelta(days=7):
            second.add(get_ident())
        return held_until(seat, on)

    def look_together(seat):
        refuse(seat)
        both_have_looked.wait()
        if get_ident() in second:
            first_is_done.wait(10)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    monkeypatch.setattr(handovers_service, "_held_until", remember_second)
    monkeypatch.setattr(handovers_service, "_refuse_announced", look_together)

    errors = at_once(lambda: (announce(held, "甲", 5)(), first_is_done.set()), announce(held, "乙", 7))

    assert len(errors) == 1
    assert CANCEL_FIRST not in str(errors[0])
    assert Handover.objects.count() == 1


def accept(invitation, username):
    return lambda: invitation_accept(invitation=invitation, username=username, password=PASSWORD)


def test_two_acceptances_of_one_invitation_at_once_let_one_in(invitation):
    errors = at_once(accept(invitation, "first"), accept(invitation, "second"))

    assert [type(error) for error in errors] == [CodeRefusedError]
    assert "使用済み" in str(errors[0])
    invitation.refresh_from_db()
    assert invitation.accepted_at is not None
    assert invitation.person.username in {"first", "second"}


@only_postgres
def test_with_a_code_that_is_looked_at_before_it_is_used_both_would_come_in(invitation, monkeypatch):
    both_have_looked = Barrier(2, timeout=10)

    def naive(*, pk, purpose):
        usable = Code.objects.usable(timezone.now()).filter(pk=pk, purpose=purpose).exists()
        both_have_looked.wait()
        if not usable:
            raise CodeRefusedError
        Code.objects.filter(pk=pk).update(used_at=timezone.now())

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    monkeypatch.setattr(invitations_service, "code_use", naive)

    assert at_once(accept(invitation, "first"), accept(invitation, "second")) == []
