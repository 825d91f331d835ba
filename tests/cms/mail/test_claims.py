"""One statement finishes a delivery and claims the next; nobody claims what another has."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connection, connections
from django.utils import timezone

from cms.mail.enums import DeliveryState, Reason, Urgency
from cms.mail.models import Delivery, DomainPace
from cms.mail.services.claims import Finish, delivery_step, worker_name
from cms.mail.services.deliveries import unknown_resolve
from cms.mail.services.sending import deliveries_abandon
from tests.factories.mail import make_delivery, make_message, sample_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_claim_takes_the_delivery_into_this_workers_hands():
    delivery = make_delivery("Taro@example.jp")
    before = timezone.now()

    claim = delivery_step(worker="w1")

    delivery.refresh_from_db()
    assert (claim.pk, claim.key, claim.address, claim.message_pk) == (
        delivery.pk, delivery.key, "Taro@example.jp", delivery.message_id,
    )  # fmt: skip
    assert (delivery.state, delivery.worker, delivery.attempts) == (DeliveryState.SENDING, "w1", 1)
    assert delivery.leased_until > before + dt.timedelta(seconds=60)


def test_values_arrive_as_they_were_written():
    from cms.mail.services.messages import Recipient

    make_message([Recipient("taro@example.jp", values={"name": '見本 "太郎"'})])

    assert delivery_step(worker="w1").values == {"name": '見本 "太郎"'}


def test_one_statement_finishes_and_claims(django_assert_num_queries):
    make_message(["a@example.jp", "b@example.jp"])
    first = delivery_step(worker="w1")

    with django_assert_num_queries(1):
        second = delivery_step(worker="w1", finish=Finish(first.pk, DeliveryState.SENT, reply_code=250, reply="OK"))

    done = Delivery.objects.get(pk=first.pk)
    assert (done.state, done.reply_code, done.reply, done.worker, done.leased_until) == (
        DeliveryState.SENT, 250, "OK", "", None,
    )  # fmt: skip
    assert done.finished_at is not None
    assert done.due_at is None
    assert second.address == "b@example.jp"


def test_nothing_is_claimed_twice():
    make_message(["a@example.jp"])

    assert delivery_step(worker="w1") is not None
    assert delivery_step(worker="w2") is None


@pytest.mark.parametrize(
    "state", [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.UNKNOWN]
)
def test_what_has_ended_is_never_claimed(state):
    delivery = make_delivery()
    Delivery.objects.filter(pk=delivery.pk).update(state=state, reason=Reason.REJECTED, finished_at=timezone.now())

    assert delivery_step(worker="w1") is None


def test_what_is_due_later_waits():
    make_message(due_at=timezone.now() + dt.timedelta(minutes=1))

    assert delivery_step(worker="w1") is None


def test_urgent_mail_goes_first_and_an_urgent_worker_takes_nothing_else():
    make_message(["bulk@example.jp"], urgency=Urgency.BULK)
    make_message(["urgent@example.jp"], urgency=Urgency.URGENT)

    assert delivery_step(worker="w1", urgency=Urgency.URGENT).address == "urgent@example.jp"
    assert delivery_step(worker="w1", urgency=Urgency.URGENT) is None
    assert delivery_step(worker="w2").address == "bulk@example.jp"


def test_resting_domain_is_passed_over():
    DomainPace.objects.create(domain="slow.jp", per_minute=1, free_at=timezone.now() + dt.timedelta(minutes=1))
    make_message(["a@slow.jp", "b@example.jp"])

    assert delivery_step(worker="w1").address == "b@example.jp"
    assert delivery_step(worker="w1") is None


def test_lease_that_ran_out_becomes_unknown_and_is_not_sent_again():
    delivery = make_delivery()
    delivery_step(worker="dead")
    later = timezone.now() + dt.timedelta(days=1)

    assert deliveries_abandon(at=later) == 1
    assert deliveries_abandon(at=later) == 0

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.UNKNOWN
    assert delivery.events.get().action == "lost"
    assert delivery_step(worker="w2") is None


def test_worker_that_was_given_up_too_early_may_say_how_it_ended():
    claim = make_delivery() and delivery_step(worker="slow")
    deliveries_abandon(at=timezone.now() + dt.timedelta(days=1))

    delivery_step(worker="slow", finish=Finish(claim.pk, DeliveryState.SENT))

    assert Delivery.objects.get().state == DeliveryState.SENT


def test_worker_cannot_finish_what_a_person_has_decided():
    delivery = make_delivery()
    claim = delivery_step(worker="slow")
    deliveries_abandon(at=timezone.now() + dt.timedelta(days=1))
    delivery.refresh_from_db()
    unknown_resolve(delivery=delivery, arrived=True)

    delivery_step(worker="slow", finish=Finish(claim.pk, DeliveryState.FAILED, Reason.REJECTED), claim=False)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_worker_names_differ():
    assert worker_name() != worker_name()


def claim_all(worker: str, taken: list[int], errors: list[Exception], start: threading.Barrier) -> None:
    finish = None
    try:
        start.wait()
        while (claim := delivery_step(worker=worker, finish=finish)) is not None:
            taken.append(claim.pk)
            finish = Finish(claim.pk, DeliveryState.SENT)
    except Exception as error:  # noqa: BLE001  shown by the test
        errors.append(error)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_share_the_queue_without_claiming_twice():
    make_message(sample_addresses(200))
    taken: list[int] = []
    errors: list[Exception] = []
    start = threading.Barrier(4, timeout=20)
    names = [f"w{n}" for n in range(4)]
    threads = [threading.Thread(target=claim_all, args=(name, taken, errors, start), daemon=True) for name in names]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(taken) == 200
    assert max(Counter(taken).values()) == 1
    assert Delivery.objects.filter(state=DeliveryState.SENT, attempts=1).count() == 200


@pytest.mark.django_db(transaction=True)
def test_without_the_conditional_update_workers_do_claim_twice():
    """The twin: reading first and writing then lets two workers have the same row."""
    make_message(sample_addresses(1))
    both_have_read = threading.Barrier(2, timeout=20)
    taken: list[int] = []

    def naive() -> None:
        row = Delivery.objects.waiting().order_by("pk").first()
        both_have_read.wait()
        Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.SENT, finished_at=timezone.now())
        taken.append(row.pk)
        connections.close_all()

    threads = [threading.Thread(target=naive, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 2
    assert len(set(taken)) == 1


def test_claim_walks_along_its_index():
    make_message(sample_addresses(300))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE mail_delivery")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(
            f"{explain} SELECT id FROM mail_delivery WHERE state IN ('queued', 'deferred') AND urgency <= 20 "  # noqa: S608  literals
            "AND due_at <= '2100-01-01' ORDER BY urgency, due_at, id LIMIT 1"
        )
        plan = str(cursor.fetchall())

    assert "mail_delivery_waiting" in plan, plan
