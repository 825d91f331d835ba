"""Two at once on one seat, or with one code: one of them is told. Without the lock it would go wrong."""

import datetime as dt
from threading import Barrier, Event, get_ident

import pytest
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, User
from cms.calendar import today
from cms.mail.models import Code, Delivery
from cms.mail.services.codes import CodeRefusedError
from plugins.members.enums import RosterAnswer
from plugins.members.models import Handover, Membership, RosterEntry
from plugins.members.services import applications as applications_service
from plugins.members.services import handovers as handovers_service
from plugins.members.services import invitations as invitations_service
from plugins.members.services import rosters as rosters_service
from plugins.members.services.applications import application_accept, application_decline
from plugins.members.services.claims import claim_approve
from plugins.members.services.handovers import handover_announce
from plugins.members.services.invitations import invitation_accept, invitation_issue
from plugins.members.services.rosters import roster_answer, roster_record, roster_remind, roster_start
from plugins.members.services.seats import PersonData
from tests.factories.accounts import PASSWORD, AffiliationFactory, SeatFactory, UserFactory
from tests.factories.members import ApplicationFactory, MembershipFactory, SeatClaimFactory
from tests.races import at_once, only_postgres

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

CANCEL_FIRST = "先にその引継ぎを取り消して"


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
    assert "開設済み" in str(errors[0])
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


@pytest.fixture
def clerks():
    return UserFactory(first_name="甲"), UserFactory(first_name="乙")


def test_two_clerks_who_accept_an_application_at_once_make_one_member(clerks):
    application = ApplicationFactory()

    errors = at_once(*(accept_application(application, clerk) for clerk in clerks))

    assert [type(error) for error in errors] == [ValidationError]
    application.refresh_from_db()
    told = " ".join(errors[0].messages)
    assert told.startswith(f"{application.decided_by_name}が")
    assert "承認" in told
    assert Membership.objects.count() == Affiliation.objects.count() == 1
    assert Delivery.objects.filter(message__kind="members.application_accepted").count() == 1


def accept_application(application, by):
    return lambda: application_accept(application=application, starts_on=today(), by=by)


def test_acceptance_and_refusal_at_once_leave_one_decision(clerks):
    application, (first, second) = ApplicationFactory(), clerks

    errors = at_once(
        accept_application(application, first),
        lambda: application_decline(application=application, letter="受付終了", by=second),
    )

    assert [type(error) for error in errors] == [ValidationError]
    application.refresh_from_db()
    assert Membership.objects.count() == (application.state == "accepted")
    sent = Delivery.objects.filter(message__kind__startswith="members.application_")
    assert [one.message.kind for one in sent.select_related("message")] == [f"members.application_{application.state}"]


def test_two_clerks_who_approve_a_claim_at_once_seat_one_person(clerks):
    claim = SeatClaimFactory()

    errors = at_once(*(approve(claim, clerk) for clerk in clerks))

    assert [type(error) for error in errors] == [ValidationError]
    claim.refresh_from_db()
    assert " ".join(errors[0].messages).startswith(f"{claim.decided_by_name}が")
    assert Affiliation.objects.filter(organisation=claim.organisation).count() == 1


def approve(claim, by):
    return lambda: claim_approve(claim=claim, seat=None, holder=None, by=by)


@only_postgres
def test_without_the_lock_both_clerks_would_decline(clerks, monkeypatch):
    """Both look before either writes; the applicant would get two letters."""
    application, both_have_looked = ApplicationFactory(), Barrier(2, timeout=10)
    decide = applications_service.decide

    def decide_together(*arguments, **options):
        both_have_looked.wait()
        decide(*arguments, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    monkeypatch.setattr(applications_service, "decide", decide_together)

    errors = at_once(
        *(lambda by=by: application_decline(application=application, letter="受付終了", by=by) for by in clerks)
    )

    assert errors == []
    assert Delivery.objects.filter(message__kind="members.application_declined").count() == 2


@pytest.fixture
def roster():
    """A round of two members, both silent."""
    for name in ("a", "b"):
        MembershipFactory(organisation__email=f"{name}@example.jp")
    return roster_start(title="見本の確認", deadline=today(), by=None)


def remind(roster):
    shown_at = timezone.now()
    return lambda: roster_remind(roster=roster, shown_at=shown_at)


def test_two_clerks_who_remind_at_once_send_one_reminder_each(roster):
    assert at_once(remind(roster), remind(roster)) == []

    assert set(RosterEntry.objects.values_list("times_asked", flat=True)) == {2}
    assert Delivery.objects.filter(message__kind="members.roster").count() == 4


def test_answer_and_reminder_at_once_remind_nobody_who_has_answered(roster, clerks):
    entry = RosterEntry.objects.get(organisation__email="a@example.jp")

    answered = at_once(
        lambda: roster_record(entry=entry, answer=RosterAnswer.UNCHANGED, note="", by=clerks[0]), remind(roster)
    )

    assert answered == []
    entry.refresh_from_db()
    assert entry.answer == RosterAnswer.UNCHANGED
    assert not Code.objects.usable(timezone.now()).filter(pk=entry.code_id).exists()


@only_postgres
def test_answer_that_arrives_during_a_reminder_is_waited_for(roster, clerks, monkeypatch):
    """The reminder begins while the answer is being written; it reads the entry only when the answer stands."""
    entry, answering, reminded = RosterEntry.objects.get(organisation__email="a@example.jp"), Event(), Event()
    keep = rosters_service._keep

    def keep_slowly(*arguments, **options):
        keep(*arguments, **options)
        answering.set()
        reminded.wait(1)  # it can't have been: it waits for this transaction

    monkeypatch.setattr(rosters_service, "_keep", keep_slowly)

    def remind_meanwhile():
        answering.wait(10)
        roster_remind(roster=roster, shown_at=timezone.now())
        reminded.set()

    errors = at_once(
        lambda: roster_answer(entry=entry, answer=RosterAnswer.UNCHANGED, name="見本 花子"), remind_meanwhile
    )

    assert errors == []
    entry.refresh_from_db()
    assert (entry.answer, entry.times_asked) == (RosterAnswer.UNCHANGED, 1)
    assert Delivery.objects.filter(message__kind="members.roster").count() == 3


@only_postgres
def test_without_the_lock_who_is_answering_would_be_reminded(roster, monkeypatch):
    entry, answering, reminded = RosterEntry.objects.get(organisation__email="a@example.jp"), Event(), Event()
    keep = rosters_service._keep

    def keep_slowly(*arguments, **options):
        answering.set()
        reminded.wait(10)
        keep(*arguments, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    monkeypatch.setattr(rosters_service, "_keep", keep_slowly)
    monkeypatch.setattr(rosters_service, "_withdraw_code", lambda _entry: None)

    def remind_meanwhile():
        answering.wait(10)
        try:
            roster_remind(roster=roster, shown_at=timezone.now())
        finally:
            reminded.set()

    person = UserFactory()
    at_once(
        lambda: roster_answer(entry=entry, answer=RosterAnswer.UNCHANGED, name="見本 花子", by=person), remind_meanwhile
    )

    assert Delivery.objects.filter(message__kind="members.roster").count() == 4
