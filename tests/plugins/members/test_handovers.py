"""Hand-overs: by date alone, at each request, with no worker running; and what members do with their own seats."""

import contextlib
import datetime as dt
import itertools

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, Seat, User
from cms.accounts.tasks import end_departed_sessions
from cms.calendar import format_date, today
from cms.mail.models import Delivery
from cms.mail.services.codes import CodeRefusedError
from plugins.members.enums import Office
from plugins.members.models import Handover, Invitation, OfficerTerm, Withdrawal
from plugins.members.services.handovers import handover_announce, handover_cancel, seat_change, seat_end
from plugins.members.services.invitations import invitation_accept, invitation_issue
from plugins.members.services.seats import PersonData
from plugins.members.services.withdrawals import withdrawal_announce
from tests.factories.accounts import PASSWORD, AffiliationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

OWN = reverse("members:organisation")
NEXT = PersonData(last_name="見本", first_name="後任", email="joho@example.jp")
TYPED = {"last_name": "見本", "first_name": "後任", "email": "joho@example.jp"}
ACTIONS = ["seat_invite", "seat_invite_again", "seat_hand_over", "seat_cancel", "seat_end", "seat_change"]


def in_days(number):
    return today() + dt.timedelta(days=number)


def member(role=SeatRole.LEAD, organisation=None, **values):
    """Somebody on a seat of a member organisation."""
    organisation = organisation or MembershipFactory().organisation
    return AffiliationFactory(seat=SeatFactory(organisation=organisation, role=role, label=""), **values)


def inside(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def clock(monkeypatch):
    """Move the clock by days; nothing else runs."""
    real = timezone.now

    def move(days):
        monkeypatch.setattr(timezone, "now", lambda: real() + dt.timedelta(days=days))

    return move


@pytest.mark.parametrize("notice", [1, 7, 30])
def test_access_follows_the_seat_on_every_day_with_no_worker_running(clock, settings, notice):
    settings.SESSION_COOKIE_AGE = 400 * 86400
    held = member()
    before = inside(held.person)
    announced = handover_announce(seat=held.seat, successor=NEXT, on=in_days(notice), by=None)
    successor = invitation_accept(invitation=announced.invitation.invitation, username="next", password=PASSWORD)
    after = inside(successor)

    for day in range(notice + 3):
        clock(day)
        mine, theirs = before.get(OWN).status_code, after.get(OWN).status_code
        assert (mine, theirs) == ((200, 403) if day < notice else (302, 200)), day


def test_predecessor_is_out_and_cannot_log_in_again(clock, client, settings):
    held = member()
    session = inside(held.person)
    handover_announce(seat=held.seat, successor=NEXT, on=in_days(1), by=None)

    clock(1)

    key = session.session.session_key
    assert Session.objects.filter(pk=key).exists()
    gone = session.get(reverse("account_home"))
    assert reverse("account_login") in gone.headers["Location"]
    assert not Session.objects.filter(pk=key).exists()
    assert gone.cookies[settings.SESSION_COOKIE_NAME].value == ""
    answer = client.post(reverse("account_login"), {"login": held.person.username, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session
    assert "担当期間が終了" in client.get(answer.headers["Location"]).text


def test_job_ends_the_sessions_of_who_has_left_and_of_closed_accounts(clock, client):
    held, closed, staying = member(), member(), member()
    clients = {}
    for row in (held, closed, staying):
        clients[row] = Client()
        clients[row].post(reverse("account_login"), {"login": row.person.username, "password": PASSWORD})
    keys = {row: clients[row].session.session_key for row in clients}
    handover_announce(seat=held.seat, successor=NEXT, on=in_days(1), by=None)
    User.objects.filter(pk=closed.person.pk).update(is_active=False)

    assert end_departed_sessions.call() == 1
    clock(1)
    assert end_departed_sessions.call() == 1

    assert list(Session.objects.values_list("pk", flat=True)) == [keys[staying]]
    assert [one.user for one in UserSession.objects.all()] == [staying.person]


def test_session_of_a_visitor_with_a_code_goes_on(client):
    session = client.session
    session["code"] = 1
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    client.get(reverse("account_login"))

    assert client.session["code"] == 1


def test_who_keeps_another_seat_or_works_for_the_secretariat_stays(clock):
    held = member()
    second = SeatFactory(organisation=held.organisation, role=SeatRole.DEPUTY)
    AffiliationFactory(seat=second, person=held.person)
    clerk = member()
    clerk.person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    handover_announce(seat=held.seat, successor=NEXT, on=in_days(1), by=None)
    seat_end(seat=clerk.seat, on=in_days(1), by=None)
    sessions = [inside(held.person), inside(clerk.person)]

    clock(2)

    assert [session.get(reverse("account_home")).status_code for session in sessions] == [200, 200]


def test_who_never_had_a_seat_is_no_predecessor():
    assert inside(UserFactory()).get(reverse("account_home")).status_code == 200


def test_successor_is_invited_and_the_predecessor_told():
    held = member()

    handover_announce(seat=held.seat, successor=NEXT, on=in_days(5), by=held.person)

    kinds = set(Delivery.objects.values_list("message__kind", "address"))
    assert kinds == {("members.invitation", "joho@example.jp"), ("members.handover", held.person.email)}


def test_colleague_takes_over_without_a_code():
    held = member()
    colleague = member(SeatRole.DEPUTY, held.organisation).person

    announced = handover_announce(seat=held.seat, successor=colleague, on=in_days(5), by=None)

    assert announced.invitation is None
    then = Affiliation.objects.active_on(in_days(5)).filter(person=colleague)
    assert set(then.values_list("seat__role", flat=True)) == {"lead", "deputy"}


def test_cancelling_restores_everything_and_kills_the_code():
    held = member()
    announced = handover_announce(seat=held.seat, successor=NEXT, on=in_days(5), by=None)

    handover_cancel(handover=announced.handover, by=None)

    assert Affiliation.objects.get(seat=held.seat).ends_on is None
    with pytest.raises(CodeRefusedError):
        invitation_accept(invitation=announced.invitation.invitation, username="next", password=PASSWORD)
    assert handover_announce(seat=held.seat, successor=NEXT, on=in_days(5), by=None).handover.pk


@pytest.mark.parametrize("days", [3, 6])
def test_cancelling_follows_the_days_that_were_corrected_since(days):
    held = member()
    handover = handover_announce(seat=held.seat, successor=NEXT, on=in_days(5), by=None).handover
    Affiliation.objects.filter(pk=held.pk).update(ends_on=in_days(2))
    Affiliation.objects.filter(person=handover.successor).update(starts_on=in_days(days))

    handover_cancel(handover=handover, by=None)

    assert list(Affiliation.objects.filter(seat=held.seat).values_list("person", "ends_on")) == [(held.person.pk, None)]


def test_hand_over_whose_successor_was_taken_out_of_the_form_is_refused_and_not_in_the_way():
    held = member()
    handover = handover_announce(seat=held.seat, successor=NEXT, on=in_days(5), by=None).handover
    Affiliation.objects.filter(person=handover.successor).delete()

    with pytest.raises(ValidationError, match="取り消す引継ぎはありません"):
        handover_cancel(handover=handover, by=None)

    assert Handover.objects.get().cancelled_at is None
    other = PersonData("見本", "別人", "joho@example.jp")
    assert handover_announce(seat=held.seat, successor=other, on=in_days(4), by=None).handover.pk


def refused(held, clock):
    """Yield what is refused, with the beginning of its sentence."""
    yield lambda: handover_announce(seat=held.seat, successor=held.person, on=in_days(1), by=None), "ご自身"
    same = PersonData(held.person.last_name, held.person.first_name, "x@example.jp")
    yield lambda: handover_announce(seat=held.seat, successor=same, on=in_days(1), by=None), "ご自身"
    for space in ("", " ", "\u3000"):
        whole = PersonData(f"{held.person.last_name}{space}{held.person.first_name}", "", held.person.email)
        yield lambda: handover_announce(seat=held.seat, successor=whole, on=in_days(1), by=None), "ご自身"  # noqa: B023  asked for at once
    yield lambda: handover_announce(seat=held.seat, successor=NEXT, on=in_days(-1), by=None), "過ぎて"
    empty = SeatFactory(organisation=held.organisation)
    yield lambda: handover_announce(seat=empty, successor=NEXT, on=in_days(1), by=None), "担当者がいません"
    just = AffiliationFactory(seat=empty, starts_on=today())
    yield (
        lambda: handover_announce(seat=empty, successor=NEXT, on=today(), by=None),
        f"{just.person}が担当します。それより後",
    )
    elsewhere = member().person
    yield lambda: handover_announce(seat=held.seat, successor=elsewhere, on=in_days(1), by=None), "別の団体"


def test_what_cannot_be_is_refused_in_one_sentence_and_changes_nothing(clock):
    held = member()
    people = None
    for attempt, sentence in refused(held, clock):
        people = User.objects.count()
        with pytest.raises(ValidationError) as caught:
            attempt()
        assert sentence in caught.value.messages[0]
        assert User.objects.count() == people
    assert Affiliation.objects.get(seat=held.seat).ends_on is None
    assert not Handover.objects.exists()


def test_second_announcement_and_late_cancellation_are_refused(clock):
    held = member()
    handover = handover_announce(seat=held.seat, successor=NEXT, on=in_days(2), by=None).handover
    with pytest.raises(ValidationError, match="取り消して"):
        handover_announce(seat=held.seat, successor=PersonData("見本", "別人", "a@example.jp"), on=in_days(4), by=None)
    clock(2)
    with pytest.raises(ValidationError, match="効力"):
        handover_cancel(handover=handover, by=None)


ALLOWED = {
    ("section_head", "section_head"): "manage",
    ("section_head", "lead"): "manage",
    ("section_head", "deputy"): "manage",
    ("lead", "lead"): "manage",
    ("lead", "deputy"): "manage",
    ("deputy", "deputy"): "own",
}


@pytest.mark.parametrize(("mine", "theirs"), list(itertools.product(SeatRole.values, SeatRole.values)))
def test_matrix_of_roles_and_seats_of_two_organisations(mine, theirs):
    me = member(mine)
    seat = me.seat if mine == theirs else member(theirs, me.organisation).seat
    foreign = member(theirs).seat
    client = inside(me.person)
    right = ALLOWED.get((mine, theirs), "")

    for name in ACTIONS:
        allowed = right == "manage" or (right == "own" and name in {"seat_hand_over", "seat_cancel"})
        assert client.get(reverse(f"members:{name}", args=[seat.pk])).status_code == (200 if allowed else 403), name
        assert client.get(reverse(f"members:{name}", args=[foreign.pk])).status_code == 404, name
        assert client.post(reverse(f"members:{name}", args=[foreign.pk]), TYPED).status_code == 404, name
    assert client.get(reverse("members:seat_add")).status_code == (403 if mine == "deputy" else 200)


CANCELS = {
    # (who announced, who wants to cancel): the seat is the lead contact's
    ("section_head", "section_head"): True,
    ("section_head", "lead"): False,
    ("lead", "section_head"): True,
    ("lead", "lead"): True,
    ("other_lead", "lead"): False,
    ("other_lead", "other_lead"): True,
    ("other_head", "section_head"): True,
    ("secretariat", "secretariat"): True,
    ("secretariat", "section_head"): False,
    ("secretariat", "lead"): False,
    ("secretariat", "deputy"): False,
    ("lead", "deputy"): False,
}


def second(role, organisation):
    """Somebody else on a seat of the same role."""
    return AffiliationFactory(seat=SeatFactory(organisation=organisation, role=role)).person


def clerk():
    """Somebody of the secretariat."""
    person = UserFactory()
    names = ["access_admin", "view_membership", "change_membership"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    return person


@pytest.fixture
def announced(request):
    """The lead contact's seat is to be handed over: `(held, people by what they are, who announced it)`."""
    held = member()
    people = {
        "lead": held.person,
        "section_head": member("section_head", held.organisation).person,
        "deputy": member("deputy", held.organisation).person,
        "other_lead": second(SeatRole.LEAD, held.organisation),
        "other_head": second(SeatRole.SECTION_HEAD, held.organisation),
        "secretariat": clerk(),
    }
    handover_announce(seat=held.seat, successor=NEXT, on=in_days(5), by=people[request.param])
    return held, people, people[request.param]


def said(announcer, by):
    """Return what somebody who may not reads."""
    return "事務局だけです" if announcer == "secretariat" else f"{by.display_name}が届け出"


@pytest.mark.parametrize(
    ("announced", "announcer", "reader"), [(one, one, reader) for one, reader in CANCELS], indirect=["announced"]
)
def test_hand_over_is_undone_by_who_announced_it_the_head_or_the_secretariat(announced, announcer, reader):
    held, people, by = announced
    may = CANCELS[announcer, reader]

    def attempt(call):
        with contextlib.nullcontext() if may else pytest.raises(PermissionDenied, match=said(announcer, by)):
            call()

    attempt(lambda: seat_change(seat=held.seat, role=SeatRole.DEPUTY, label="変更", by=people[reader]))
    attempt(lambda: handover_cancel(handover=Handover.objects.get(), by=people[reader]))
    assert (Handover.objects.get().cancelled_at is not None) is may
    assert Seat.objects.get(pk=held.seat.pk).role == ("deputy" if may else "lead")


@pytest.mark.parametrize(
    ("announced", "announcer", "reader"),
    [(one, one, reader) for one, reader in CANCELS if reader != "secretariat"],
    indirect=["announced"],
)
@pytest.mark.parametrize("name", ["seat_change", "seat_cancel"])
def test_page_offers_only_who_may_undo_it(announced, announcer, reader, name):
    held, people, by = announced
    url, may = reverse(f"members:{name}", args=[held.seat.pk]), CANCELS[announcer, reader]
    client = inside(people[reader])

    page = client.get(OWN).text
    assert (url in page) is may
    assert (said(announcer, by) in page) is (not may and reader != "deputy")
    answers = [client.get(url), client.post(url, {"role": "deputy", "label": "変更"})]

    assert [one.status_code for one in answers] == ([200, 302] if may else [403, 403])
    if not may and reader != "deputy":
        assert all(said(announcer, by) in one.text for one in answers)
    assert (Handover.objects.get().cancelled_at is not None) is (may and name == "seat_cancel")
    assert Seat.objects.get(pk=held.seat.pk).role == ("deputy" if may and name == "seat_change" else "lead")


def test_departing_head_keeps_what_the_secretariat_announced_of_their_own_seat():
    head = member(SeatRole.SECTION_HEAD)
    handover_announce(seat=head.seat, successor=NEXT, on=in_days(5), by=clerk())

    answer = inside(head.person).post(reverse("members:seat_cancel", args=[head.seat.pk]))

    assert answer.status_code == 403
    assert "事務局だけです" in answer.text
    assert Handover.objects.get().cancelled_at is None


def test_announcement_keeps_the_seat_from_which_it_came():
    head = member(SeatRole.SECTION_HEAD)
    held = member(SeatRole.LEAD, head.organisation)

    ours = handover_announce(seat=held.seat, successor=NEXT, on=in_days(5), by=head.person).handover
    theirs = handover_announce(
        seat=head.seat, successor=PersonData("見本", "次長", "b@example.jp"), on=in_days(5), by=None
    ).handover

    assert (ours.announced_by_role, theirs.announced_by_role) == ("section_head", "")


@pytest.mark.parametrize("name", ["organisation", "seat_add", *ACTIONS])
def test_visitors_log_in_and_people_without_a_seat_are_refused(client, name):
    seat = member().seat
    url = reverse(f"members:{name}", args=[] if name in {"organisation", "seat_add"} else [seat.pk])

    assert client.get(url).status_code == 302
    assert inside(UserFactory()).get(url).status_code == 403


def test_page_shows_the_own_seats_only_and_their_hand_over():
    me = member(SeatRole.SECTION_HEAD)
    other = member(person__first_name="よその人")
    handover_announce(seat=me.seat, successor=NEXT, on=in_days(5), by=me.person)

    page = inside(me.person).get(OWN).text

    assert "見本 後任" in page
    assert reverse("members:seat_cancel", args=[me.seat.pk]) in page
    assert other.person.first_name not in page


def test_page_takes_as_many_queries_for_thirty_seats_as_for_one(queries_of):
    me = member(SeatRole.SECTION_HEAD)
    client = inside(me.person)
    one = queries_of(lambda: client.get(OWN))
    for _number in range(29):
        AffiliationFactory(seat=SeatFactory(organisation=me.organisation, role=SeatRole.DEPUTY))

    assert queries_of(lambda: client.get(OWN)) == one <= 16


def test_address_typed_in_full_width_is_invited():
    client = inside(member(SeatRole.SECTION_HEAD).person)

    client.post(reverse("members:seat_add"), {**TYPED, "role": "deputy", "label": "", "email": "ｊｏｈｏ＠example.jp"})

    assert Invitation.objects.get().person.email == "joho@example.jp"


def test_form_says_what_somebody_new_needs():
    held = member(SeatRole.SECTION_HEAD)

    page = inside(held.person).get(reverse("members:seat_hand_over", args=[held.seat.pk])).text

    assert page.count("新しい方の場合は必須") == 2


def test_section_head_adds_changes_hands_over_cancels_and_ends():
    me = member(SeatRole.SECTION_HEAD)
    client = inside(me.person)
    added = {**TYPED, "role": "deputy", "label": "窓口"}

    assert client.post(reverse("members:seat_add"), added).status_code == 302
    seat = Seat.objects.get(label="窓口")
    assert Invitation.objects.get().seat == seat
    client.post(reverse("members:seat_change", args=[seat.pk]), {"role": "lead", "label": ""})
    seat.refresh_from_db()
    assert (seat.role, seat.label) == ("lead", "")
    later = {"on": in_days(9).isoformat(), "last_name": "見本", "first_name": "次の人", "email": "b@example.jp"}
    client.post(reverse("members:seat_hand_over", args=[me.seat.pk]), later)
    assert Handover.objects.get().announced_by == me.person
    client.post(reverse("members:seat_cancel", args=[me.seat.pk]))
    assert Handover.objects.get().cancelled_at
    client.post(reverse("members:seat_end", args=[me.seat.pk]), {"on": in_days(3).isoformat()})
    assert Affiliation.objects.get(person=me.person).ends_on == in_days(3)


@pytest.mark.parametrize("role", [SeatRole.LEAD, SeatRole.SECTION_HEAD])
def test_who_was_put_on_a_seat_today_by_mistake_is_taken_off_it_and_somebody_else_invited(role):
    me = member(role)
    seat = SeatFactory(organisation=me.organisation, role=SeatRole.DEPUTY)
    client = inside(me.person)
    client.post(reverse("members:seat_invite", args=[seat.pk]), {**TYPED, "last_name": "誤字"})
    mistaken = Invitation.objects.get()

    answer = client.post(reverse("members:seat_end", args=[seat.pk]), {"on": today().isoformat()})

    assert answer.status_code == 302
    assert not Affiliation.objects.filter(seat=seat).exists()
    with pytest.raises(CodeRefusedError):
        invitation_accept(invitation=mistaken, username="next", password=PASSWORD)
    entry = ModelLogEntry.objects.for_instance(me.organisation).get(action="members.seat_undo", user=me.person)
    assert "誤字 後任" in entry.message
    assert client.post(reverse("members:seat_invite", args=[seat.pk]), TYPED).status_code == 302
    assert Affiliation.objects.get(seat=seat).person.last_name == "見本"


def test_nobody_is_taken_off_a_seat_by_who_does_not_manage_it():
    me = member(SeatRole.LEAD)
    head = SeatFactory(organisation=me.organisation, role=SeatRole.SECTION_HEAD)
    invitation_issue(seat=head, person=NEXT, by=None)

    answer = inside(me.person).post(reverse("members:seat_end", args=[head.pk]), {"on": today().isoformat()})

    assert answer.status_code == 403
    assert Affiliation.objects.filter(seat=head).exists()


@pytest.mark.parametrize("has_predecessor", [True, False])
def test_who_has_come_today_is_not_taken_off_the_seat(has_predecessor):
    seat = SeatFactory()
    if has_predecessor:
        AffiliationFactory(seat=seat)
        issued = handover_announce(seat=seat, successor=NEXT, on=today(), by=None).invitation
    else:
        issued = invitation_issue(seat=seat, person=NEXT, by=None)
    person = invitation_accept(invitation=issued.invitation, username="next", password=PASSWORD)

    with pytest.raises(ValidationError, match="それより後の日"):
        seat_end(seat=seat, on=today(), by=None)
    seat_end(seat=seat, on=in_days(1), by=None)

    assert Affiliation.objects.get(person=person).ends_on == in_days(1)


def test_successor_of_today_who_has_not_come_is_taken_off_and_not_the_predecessor():
    held = member()
    handover_announce(seat=held.seat, successor=NEXT, on=today(), by=None)

    seat_end(seat=held.seat, on=today(), by=None)

    assert list(Affiliation.objects.filter(seat=held.seat).values_list("person", "ends_on")) == [
        (held.person.pk, today())
    ]


def test_what_was_typed_is_kept_where_it_is_refused():
    me = member(SeatRole.SECTION_HEAD)

    answer = inside(me.person).post(
        reverse("members:seat_hand_over", args=[me.seat.pk]), {**TYPED, "on": in_days(-3).isoformat()}
    )

    assert answer.status_code == 422
    assert "過ぎて" in answer.text
    assert 'value="joho@example.jp"' in answer.text


@pytest.mark.parametrize("email", ["joho@example.jp", ""])
def test_secretariat_announces_with_a_letter_and_cancels(email):
    held = member()
    client = inside(clerk())
    typed = {**TYPED, "email": email, "on": in_days(4).isoformat(), "by_letter": "on"}

    letter = client.post(reverse("members_admin:hand_over", args=[held.seat.pk]), typed)

    assert "letter__code" in letter.text
    assert "no-store" in letter.headers["Cache-Control"]
    assert Handover.objects.get().successor.first_name == "後任"
    client.post(reverse("members_admin:cancel_handover", args=[held.seat.pk]))
    assert Handover.objects.get().cancelled_at


def test_history_of_the_organisation_says_who_follows_whom_from_which_day():
    held = member(person__last_name="先任", person__first_name="一郎")
    client = inside(clerk())
    typed = {**TYPED, "on": in_days(4).isoformat()}
    client.post(reverse("members_admin:hand_over", args=[held.seat.pk]), typed)
    client.post(reverse("members_admin:cancel_handover", args=[held.seat.pk]))

    page = (
        inside(UserFactory(is_superuser=True))
        .get(reverse("organisations:history", args=[held.seat.organisation_id]))
        .text
    )

    whom = f"（{held.seat}、先任 一郎 → 見本 後任、{format_date(in_days(4), weekday=False)}）"
    assert f"引継ぎを届け出ました{whom}" in page
    assert f"引継ぎを取り消しました{whom}" in page


def test_what_was_written_keeps_name_role_and_organisation_as_then(clock, client):
    """A section head announces that the member leaves, represents it, hands over, marries, and goes elsewhere."""
    held = member(SeatRole.SECTION_HEAD, person__last_name="旧姓")
    person, organisation = held.person, held.organisation
    then = person.display_name
    withdrawal_announce(organisation=organisation, ends_on=in_days(100), reason="", by=person)
    term = OfficerTerm(organisation=organisation, office=Office.OFFICER, representative=person, starts_on=today())
    term.full_clean()
    term.save()
    handover_announce(seat=held.seat, successor=NEXT, on=in_days(1), by=person)

    clock(2)
    User.objects.filter(pk=person.pk).update(last_name="新姓")
    elsewhere = SeatFactory(organisation=MembershipFactory().organisation, role=SeatRole.DEPUTY)
    AffiliationFactory(seat=elsewhere, person=User.objects.get(pk=person.pk), starts_on=today())

    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.announced_by_name, withdrawal.announced_by_role) == (then, SeatRole.SECTION_HEAD)
    assert withdrawal.organisation == organisation
    term.refresh_from_db()
    term.full_clean()  # saved again by the secretariat, it stays what it was
    term.save()
    assert (term.representative_name, term.representative_role) == (then, "主管課長")
    assert term.organisation == organisation
    handover = Handover.objects.get()
    assert (handover.announced_by_name, handover.seat.organisation) == (then, organisation)
    entries = ModelLogEntry.objects.for_instance(organisation)
    announced = entries.get(action="members.handover")
    assert (announced.data["from"], announced.data["seat"]) == (then, str(held.seat))
    rows = Affiliation.objects.of_person(person).order_by("starts_on")
    assert [row.organisation for row in rows] == [organisation, elsewhere.organisation]

    client.force_login(UserFactory(is_superuser=True))
    page = client.get(reverse("members_admin:withdrawal", args=[withdrawal.pk])).text
    assert f"{then} (主管課長)" in page
    assert "新姓" not in page
