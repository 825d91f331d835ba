"""A worker's slice: what each answer of a mail server does to a delivery, and what a crash leaves behind."""

import datetime as dt
import email
import email.policy
import socket
import threading
import time
from itertools import pairwise

import pytest
from django.db import OperationalError
from django.utils import timezone

from cms.mail.conf import GIVE_UP_AFTER, lease
from cms.mail.enums import DeliveryState, Reason, SuspensionCause, Urgency
from cms.mail.models import Delivery, DomainPace, MailboxItem, Suppression
from cms.mail.services import claims, sending
from cms.mail.services.deliveries import message_cancel, unknown_resolve
from cms.mail.services.messages import Recipient
from cms.mail.services.sending import outbox_send
from cms.mail.transports import Outcome, OutcomeKind
from cms.plugin_api.services import plugin_toggle
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.mail import make_delivery, make_message, sample_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def answering(kind: OutcomeKind, code: int | None = None, reply: str = "") -> object:
    return lambda recipient: Outcome(kind, code, reply)


def test_sends_all_that_is_due_and_says_how_many(transport):
    message = make_message(sample_addresses(30))

    tally = outbox_send(transport=transport)

    assert tally == {DeliveryState.SENT: 30}
    assert sorted(transport.recipients) == sorted(message.deliveries.values_list("address", flat=True))
    assert set(message.deliveries.values_list("state", flat=True)) == {DeliveryState.SENT}


@pytest.mark.parametrize(("count", "queries"), [(1, 10), (30, 39)])
def test_costs_one_statement_a_message(count, queries, transport, django_assert_num_queries):
    make_message(sample_addresses(count))

    # Eight for the slice and the message itself, one for each delivery.
    with django_assert_num_queries(queries):
        outbox_send(transport=transport)


def test_each_recipient_gets_their_own_words(transport):
    make_message(
        [Recipient("a@example.jp", "見本 一郎", values={"seat": "正担当者"}), Recipient("b@example.jp", "見本 次郎")],
        text="{{recipient_name}} 様（{{seat}}）",
        placeholders=["seat"],
    )

    outbox_send(transport=transport)

    texts = [
        email.message_from_bytes(octets, policy=email.policy.default).get_content().strip()
        for *_rest, octets in transport.handed
    ]
    assert texts == ["見本 一郎 様（正担当者）", "見本 次郎 様（）"]


def test_refusal_is_final(transport):
    delivery = make_delivery()
    transport.answer = answering(OutcomeKind.REFUSED, 550, "5.1.1 no such user")

    outbox_send(transport=transport)
    outbox_send(transport=transport)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.reply_code, delivery.reply) == (
        DeliveryState.FAILED, Reason.REJECTED, 550, "5.1.1 no such user",
    )  # fmt: skip
    assert len(transport.handed) == 1
    assert delivery.events.get().action == "failed"


def test_deferral_waits_longer_each_time_and_gives_up_after_a_day(transport):
    delivery = make_delivery()
    transport.answer = answering(OutcomeKind.TRY_LATER, 451, "greylisted")
    pauses, now = [], timezone.now()

    while delivery.state in {DeliveryState.QUEUED, DeliveryState.DEFERRED}:
        outbox_send(transport=transport)
        delivery.refresh_from_db()
        if delivery.due_at:
            pauses.append(round((delivery.due_at - timezone.now()).total_seconds() / 60))
            shift = delivery.due_at - timezone.now()
            now += shift
            Delivery.objects.update(due_at=timezone.now(), deferred_since=delivery.deferred_since - shift)

    assert pauses[:6] == [5, 15, 30, 60, 120, 240]
    assert sum(pauses) == GIVE_UP_AFTER.total_seconds() / 60
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.GAVE_UP)


def test_message_keeps_its_id_over_all_tries(transport):
    delivery = make_delivery()
    transport.answer = answering(OutcomeKind.TRY_LATER, 451)
    outbox_send(transport=transport)
    Delivery.objects.update(due_at=timezone.now())
    transport.answer = answering(OutcomeKind.ACCEPTED, 250)
    outbox_send(transport=transport)

    first, second = (octets for *_rest, octets in transport.handed)
    assert first == second
    assert f"Message-ID: <{delivery.key.hex}@{delivery.message.id_domain}>".encode() in first


def test_lost_reply_is_unknown_and_not_sent_again(transport):
    delivery = make_delivery()
    transport.answer = answering(OutcomeKind.LOST)

    outbox_send(transport=transport)
    outbox_send(transport=transport)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.UNKNOWN
    assert len(transport.handed) == 1


def test_absent_server_ends_the_slice_and_costs_no_try(transport):
    make_message(sample_addresses(30))
    transport.answer = answering(OutcomeKind.UNREACHED, None, "Connection refused")

    outbox_send(transport=transport)

    assert len(transport.handed) == 1
    assert not Delivery.objects.exclude(attempts=0).exists()
    returned = Delivery.objects.exclude(reply="").get()
    assert (returned.state, returned.reply) == (DeliveryState.QUEUED, "Connection refused")
    assert returned.due_at > timezone.now() + dt.timedelta(seconds=30)
    assert Delivery.objects.waiting().count() == 30


def test_server_that_is_away_for_an_hour_costs_nobody_a_try(transport):
    make_message(sample_addresses(3))
    transport.answer = answering(OutcomeKind.UNREACHED, None, "connection refused")
    for _minute in range(60):
        outbox_send(transport=transport, seconds=0.5)
        Delivery.objects.update(due_at=timezone.now())
    assert set(Delivery.objects.values_list("state", "attempts")) == {(DeliveryState.QUEUED, 0)}

    transport.answer = answering(OutcomeKind.ACCEPTED, 250)
    transport.handed.clear()

    assert outbox_send(transport=transport, seconds=5) == {DeliveryState.SENT: 3}
    assert len(set(transport.recipients)) == 3


def test_message_that_cannot_be_composed_stops_nobody_else(transport):
    broken = make_delivery("a@example.jp")
    Delivery.objects.filter(pk=broken.pk).update(address="ü@example.jp")
    make_message(["b@example.jp"])

    outbox_send(transport=transport)

    broken.refresh_from_db()
    assert (broken.state, broken.reason) == (DeliveryState.FAILED, Reason.NOT_COMPOSED)
    assert transport.recipients == ["b@example.jp"]


def test_cancelling_stops_at_the_next_row(transport):
    message = make_message(sample_addresses(10))

    def cancel_after_three(recipient: str) -> Outcome:
        if len(transport.handed) == 3:
            message_cancel(message=message)
        return Outcome(OutcomeKind.ACCEPTED, 250)

    transport.answer = cancel_after_three
    outbox_send(transport=transport)

    assert len(transport.handed) == 3
    assert message.deliveries.filter(state=DeliveryState.SENT).count() == 3
    assert message.deliveries.filter(state=DeliveryState.CANCELLED).count() == 7


def test_urgent_mail_overtakes_a_broadcast_in_progress(transport):
    make_message(sample_addresses(10), urgency=Urgency.BULK)

    def urgent_after_two(recipient: str) -> Outcome:
        if len(transport.handed) == 2:
            make_message(["urgent@example.jp"], urgency=Urgency.URGENT)
        return Outcome(OutcomeKind.ACCEPTED, 250)

    transport.answer = urgent_after_two
    outbox_send(transport=transport)

    assert transport.recipients[2] == "urgent@example.jp"


def test_slice_ends_on_time_and_finishes_what_it_has(transport):
    make_message(sample_addresses(50))

    def slowly(recipient: str) -> Outcome:
        time.sleep(0.05)
        return Outcome(OutcomeKind.ACCEPTED, 250)

    transport.answer = slowly
    tally = outbox_send(transport=transport, seconds=0.3)

    assert 0 < tally[DeliveryState.SENT] < 15
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == tally[DeliveryState.SENT]
    assert not Delivery.objects.filter(state=DeliveryState.SENDING).exists()


def test_domain_gets_mail_at_its_pace_while_others_go_on(transport):
    DomainPace.objects.create(domain="slow.jp", per_minute=120)
    turn = dt.timedelta(seconds=0.5)
    make_message([f"{n}@slow.jp" for n in range(4)] + [f"{n}@fast.jp" for n in range(4)])
    order: list[str] = []
    turns: list[dt.datetime] = []

    def note(recipient: str) -> Outcome:
        order.append(recipient.split("@")[1])
        if order[-1] == "slow.jp":
            # The turn that was taken, not the time now: a busy machine moves the one, never the other.
            turns.append(DomainPace.objects.get().free_at)
            assert timezone.now() >= turns[-1] - turn
        return Outcome(OutcomeKind.ACCEPTED, 250)

    transport.answer = note
    outbox_send(transport=transport, seconds=20)

    assert order.count("slow.jp") == order.count("fast.jp") == 4
    assert all(later - earlier >= turn for earlier, later in pairwise(turns))
    assert order[:5].count("slow.jp") == 1


def test_one_turn_of_a_domain_is_one_workers_however_many_claim_at_once():
    DomainPace.objects.create(domain="example.jp", per_minute=60)

    assert [sending._take_turn("example.jp") for _worker in range(3)] == [True, False, False]


def test_domain_does_not_rest_for_ever_when_the_clock_is_set_back(transport):
    DomainPace.objects.create(domain="example.jp", per_minute=60, free_at=timezone.now() + dt.timedelta(hours=9))
    make_message(sample_addresses(1))

    outbox_send(transport=transport, seconds=0.5)

    assert len(transport.handed) == 1


def test_worker_that_dies_in_mid_delivery_leaves_one_unknown(transport, settings):
    make_message(sample_addresses(10))

    class Killed(BaseException):
        """What no handler catches, as a signal that ends the process."""

    def die_at_fourth(recipient: str) -> Outcome:
        if len(transport.handed) == 4:
            raise Killed
        return Outcome(OutcomeKind.ACCEPTED, 250)

    transport.answer = die_at_fourth
    with pytest.raises(Killed):
        outbox_send(transport=transport)
    Delivery.objects.filter(state=DeliveryState.SENDING).update(leased_until=timezone.now())
    transport.answer = answering(OutcomeKind.ACCEPTED, 250)
    outbox_send(transport=transport)

    assert Delivery.objects.filter(state=DeliveryState.UNKNOWN).count() == 1
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 9
    assert len(transport.handed) == len(set(transport.recipients)) == 10


@pytest.mark.parametrize("resent", [True, False])
def test_worker_that_stood_still_beyond_its_lease_sends_nothing(transport, monkeypatch, resent):
    delivery = make_delivery()
    go_on, now = sending._Worker._skeleton, timezone.now

    def stand_still(worker, message):
        monkeypatch.setattr(sending._Worker, "_skeleton", go_on)
        monkeypatch.setattr(timezone, "now", lambda: now() + lease())
        assert sending.deliveries_abandon(at=timezone.now()) == 1
        if resent:
            unknown_resolve(delivery=Delivery.objects.get(), arrived=False)
            assert outbox_send(transport=transport, seconds=0.5) == {DeliveryState.SENT: 1}
        return go_on(worker, message)

    monkeypatch.setattr(sending._Worker, "_skeleton", stand_still)

    assert outbox_send(transport=transport, seconds=0.5) == {}

    delivery.refresh_from_db()
    assert len(transport.handed) == (1 if resent else 0)
    assert delivery.state == (DeliveryState.SENT if resent else DeliveryState.UNKNOWN)


def test_database_that_is_locked_for_a_moment_loses_nothing(transport, monkeypatch):
    make_message(sample_addresses(3))
    real, failures = claims._step, iter([False, True, True, False, False, False])

    def locked_sometimes(*args, **kwargs):
        if next(failures, False):
            raise OperationalError("database is locked")
        return real(*args, **kwargs)

    monkeypatch.setattr(claims, "_step", locked_sometimes)
    monkeypatch.setattr(claims, "RETRY_DATABASE_SECONDS", 0.01)
    outbox_send(transport=transport)

    assert len(transport.handed) == 3
    assert Delivery.objects.filter(state=DeliveryState.SENT, attempts=1).count() == 3


def test_database_away_while_composing_fails_nothing(transport, monkeypatch):
    make_message(sample_addresses(2))
    real, failures = sending._Worker._message, iter([True, True])

    def locked_at_first(worker, pk):
        if next(failures, False):
            raise OperationalError("database is locked")
        return real(worker, pk)

    monkeypatch.setattr(sending._Worker, "_message", locked_at_first)
    monkeypatch.setattr(claims, "RETRY_DATABASE_SECONDS", 0.01)

    assert outbox_send(transport=transport) == {DeliveryState.SENT: 2}


def test_clock_that_is_set_back_holds_nothing_up(transport, monkeypatch):
    make_message(sample_addresses(2))
    earlier = timezone.now() - dt.timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: earlier)

    assert outbox_send(transport=transport) == {DeliveryState.SENT: 2}


def test_deferred_mail_does_not_wait_for_a_clock_that_was_set_back(transport, monkeypatch):
    make_message(sample_addresses(1))
    transport.answer = answering(OutcomeKind.TRY_LATER, 451, "later")
    outbox_send(transport=transport, seconds=0.5)
    assert Delivery.objects.get().state == DeliveryState.DEFERRED

    earlier = timezone.now() - dt.timedelta(hours=9)
    monkeypatch.setattr(timezone, "now", lambda: earlier)
    transport.answer = answering(OutcomeKind.ACCEPTED, 250)

    assert outbox_send(transport=transport, seconds=0.5) == {DeliveryState.SENT: 1}


def test_claim_of_a_dead_worker_is_shown_although_the_clock_was_set_back(transport, monkeypatch):
    delivery = make_delivery()
    claims.delivery_step(worker="dead:1")
    assert sending.deliveries_abandon(at=timezone.now()) == 0

    assert sending.deliveries_abandon(at=timezone.now() - dt.timedelta(hours=9)) == 1

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.UNKNOWN


def test_mail_of_a_plugin_that_is_off_waits_and_resumes(transport):
    administrator = UserFactory()
    message = make_message(sample_addresses(4), kind="dummy.reminder")

    def switch_off_after_two(recipient: str) -> Outcome:
        if len(transport.handed) == 2:
            time.sleep(sending._STATE_SECONDS)
            plugin_toggle(slug="dummy", on=False, by=administrator)
        return Outcome(OutcomeKind.ACCEPTED, 250)

    transport.answer = switch_off_after_two
    outbox_send(transport=transport)
    assert len(transport.handed) == 2
    assert message.deliveries.filter(state=DeliveryState.QUEUED, attempts=0).count() == 2

    plugin_toggle(slug="dummy", on=True, by=administrator)
    Delivery.objects.waiting().update(due_at=timezone.now())
    outbox_send(transport=transport)

    assert len(transport.handed) == len(set(transport.recipients)) == 4


class TestMailbox:
    def test_keeps_the_message_as_it_would_have_left(self):
        delivery = make_delivery()

        outbox_send()

        assert b"Auto-Submitted: auto-generated" in bytes(MailboxItem.objects.get(delivery=delivery).octets)


class TestSmtp:
    def test_delivers_over_one_connection(self, sink):
        make_message(sample_addresses(5), text=".\n..dots\n")

        tally = outbox_send()

        assert tally == {DeliveryState.SENT: 5}
        assert len(sink.taken) == 5
        assert {mail_from for mail_from, _to, _octets in sink.taken} == {Delivery.objects.first().message.sender}

    def test_dots_arrive_as_they_were_written(self, sink):
        make_message(text="first line of plain English text\n.\n.x\n..y\n")

        outbox_send()

        part = email.message_from_bytes(sink.taken[0][2])
        assert (
            part.get_payload(decode=True).replace(b"\r\n", b"\n") == b"first line of plain English text\n.\n.x\n..y\n"
        )

    def test_refused_and_deferred_recipients_hold_up_nobody(self, sink):
        sink.replies = {"b@example.jp": "550 5.1.1 no such user", "c@example.jp": "451 4.7.1 greylisted"}
        make_message(["a@example.jp", "b@example.jp", "c@example.jp", "d@example.jp"])

        outbox_send(seconds=5)

        states = dict(Delivery.objects.values_list("address", "state"))
        assert states == {
            "a@example.jp": "sent",
            "b@example.jp": "failed",
            "c@example.jp": "deferred",
            "d@example.jp": "sent",
        }
        assert [to for _from, to, _octets in sink.taken] == [["a@example.jp"], ["d@example.jp"]]

    def test_nul_in_a_reply_is_left_out(self, sink):
        sink.replies = {"b@example.jp": "554 5.7.1 not\0you"}
        make_message(["b@example.jp"])

        assert outbox_send(seconds=5) == {DeliveryState.FAILED: 1}

        assert Delivery.objects.get().reply == "5.7.1 not you"

    @pytest.mark.parametrize(
        "reply",
        [
            "550 5.1.1 <b@example.jp>: Recipient address rejected: User unknown",
            "550 5.2.1 The account is disabled.",
            "556 5.1.10 Recipient address has null MX",
            "556 Domain does not accept mail",
            "553 sorry, no mailbox here by that name (#5.1.1)",
            "550 Unknown user b@example.jp",
            "550 <b@example.jp>: User unknown",
            "550 Invalid recipient: <b@example.jp>",
            "550 5.4.1 Recipient address rejected: Access denied. [TYCPR01MB0001.jpnprd01.prod.outlook.com]",
            "550 5.2.0 Unknown user b@example.jp",
            "550 5.5.0 Requested action not taken: mailbox unavailable",
        ],
    )
    def test_address_that_nobody_has_is_a_hard_bounce_at_once(self, sink, reply):
        organisation = OrganisationFactory(email="joho@example.jp", telephone="03-0000-0000")
        sink.replies = {"b@example.jp": reply}
        message = make_message([Recipient("b@example.jp", organisation_id=organisation.pk)])
        later = make_delivery("B@example.jp", due_at=timezone.now() + dt.timedelta(hours=1))

        assert outbox_send(seconds=5) == {DeliveryState.FAILED: 1, DeliveryState.SENT: 1}

        refused, fallback = message.deliveries.order_by("pk")
        suppression = Suppression.objects.active().get()
        later.refresh_from_db()
        assert (refused.state, refused.reason) == (DeliveryState.FAILED, Reason.REJECTED)
        assert [event.action for event in refused.events.all()] == ["failed", "fell_back"]
        assert (fallback.address, fallback.state) == ("joho@example.jp", DeliveryState.SENT)
        assert (suppression.address, suppression.cause) == ("b@example.jp", SuspensionCause.BOUNCE)
        assert (suppression.organisation, suppression.detail) == (organisation, reply)
        assert (later.state, later.reason) == (DeliveryState.FAILED, Reason.SUSPENDED)

    @pytest.mark.parametrize(
        "reply",
        [
            "554 5.7.1 <b@example.jp>: Recipient address rejected: Access denied",
            "550 5.7.1 Unknown user may not relay",
            "550 5.1.8 Sender address rejected: Domain not found",
            "550 5.2.2 Mailbox full",
            "550 5.4.1 no answer from host",
            "550 5.0.0 Blocked",
            "550 relay not permitted",
            "550 Blocked: listed at 5.1.1.3",
            "450 4.1.1 User unknown, for now",
        ],
    )
    def test_refusal_for_another_reason_suspends_nobody(self, sink, reply):
        organisation = OrganisationFactory(email="joho@example.jp")
        sink.replies = {"b@example.jp": reply}
        make_message([Recipient("b@example.jp", organisation_id=organisation.pk)])

        outbox_send(seconds=5)

        assert Delivery.objects.get().state in {DeliveryState.FAILED, DeliveryState.DEFERRED}
        assert not Suppression.objects.exists()

    def test_worker_that_dies_when_nobody_has_the_address_has_suspended_it(self, sink, monkeypatch):
        sink.replies = {"b@example.jp": "550 5.1.1 no such user"}
        make_delivery("b@example.jp")
        real = sending.delivery_step

        def die_at_the_finish(*, finish=None, **options):
            if finish is not None:
                raise KeyboardInterrupt
            return real(**options)

        monkeypatch.setattr(sending, "delivery_step", die_at_the_finish)
        with pytest.raises(KeyboardInterrupt):
            outbox_send(seconds=5)

        assert Suppression.objects.active().get().address == "b@example.jp"

    @pytest.mark.parametrize(
        ("reply", "state"), [("554 spam", "failed"), ("451 later", "deferred"), ("421 closing", "deferred")]
    )
    def test_answer_to_the_message_itself_counts(self, sink, reply, state):
        delivery = make_delivery()
        sink.data_reply = reply

        outbox_send(seconds=3)

        delivery.refresh_from_db()
        assert delivery.state == state

    def test_connection_cut_instead_of_a_reply_is_unknown(self, sink):
        delivery = make_delivery()
        sink.data_reply = "cut"

        outbox_send(seconds=3)

        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.UNKNOWN
        assert len(sink.taken) == 1

    def test_envelope_sender_may_carry_the_delivery(self, sink, settings):
        settings.MAIL_RETURN_PATH = "bounce+{key}@example.jp"
        delivery = make_delivery()

        outbox_send()

        assert sink.taken[0][0] == f"bounce+{delivery.key.hex}@example.jp"

    def test_nobody_listening_leaves_everything_waiting(self, sink, settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = probe.getsockname()[1]
        make_message(sample_addresses(3))

        outbox_send(seconds=3)

        assert Delivery.objects.waiting().count() == 3

    def test_server_that_hangs_is_given_up_in_time(self, sink, settings):
        settings.MAIL_SMTP_TIMEOUT = 0.3
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.EMAIL_PORT = silent.getsockname()[1]
            make_delivery()
            started = time.monotonic()
            outbox_send(seconds=2)

        assert time.monotonic() - started < 2
        assert Delivery.objects.get().state == DeliveryState.QUEUED

    def test_cut_before_the_message_is_complete_is_tried_again(self, settings, sink):
        with socket.create_server(("127.0.0.1", 0)) as server:
            settings.EMAIL_PORT = server.getsockname()[1]
            thread = threading.Thread(target=hang_up_after_data, args=(server,), daemon=True)
            thread.start()
            make_delivery()
            outbox_send(seconds=1)
            thread.join()

        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == (DeliveryState.DEFERRED, 1)


def hang_up_after_data(server: socket.socket) -> None:
    """Speak SMTP up to DATA, then cut."""
    connection, _address = server.accept()
    with connection, connection.makefile("rwb", buffering=0) as stream:
        stream.write(b"220 test\r\n")
        for reply in (b"250 test\r\n", b"250 OK\r\n", b"250 OK\r\n"):
            stream.readline()
            stream.write(reply)
        stream.readline()
