"""A worker: claims, composes, hands over, finishes, for a slice of time."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from threading import Event

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from cms.mail.conf import AT_ONCE, BACKOFF, GIVE_UP_AFTER, HOLD_FOR, LONGEST_TURN, RETURN_AFTER, dialogue_margin
from cms.mail.enums import DeliveryAction, DeliveryState, Reason, Urgency
from cms.mail.mime import Envelope, Skeleton
from cms.mail.models import Delivery, DeliveryEvent, DomainPace, Message
from cms.mail.transports import Outcome, OutcomeKind, Transport, transport_open
from cms.mail.validators import ascii_address
from cms.plugin_api import is_owner_on
from cms.plugin_api.registry import owner_of_name

from .bounces import refusal_record
from .claims import Claim, Finish, delivery_step, patiently, worker_name
from .content import content_of, return_path
from .optouts import unsubscribe_url

logger = logging.getLogger("cms.mail")

SLICE_SECONDS = 30.0
_MESSAGES_KEPT = 32
_SHORTEST_PAUSE = 0.05
_STATE_SECONDS = 1.0
ITS_TURN = dt.timedelta(seconds=1)
"""How long a delivery waits whose domain another worker was faster to take."""


def outbox_send(
    *,
    seconds: float = SLICE_SECONDS,
    urgency: Urgency = Urgency.BULK,
    transport: Transport | None = None,
    linger: bool = False,
    stop: Event | None = None,
) -> Counter[DeliveryState]:
    """Send what is due in the lanes up to `urgency`, for at most so many seconds; return what came of how many.

    Ends early when nothing is due within the slice, or when the mail server can't be reached. A `linger`ing worker
    waits for what comes in during its slice. Setting `stop` ends the slice after the delivery in hand.
    """
    deliveries_abandon(at=timezone.now())
    Delivery.objects.deferred_for_too_long(timezone.now()).update(due_at=AT_ONCE)
    own = transport or transport_open()
    ends_at = time.monotonic() + seconds
    worker = _Worker(transport=own, urgency=urgency, ends_at=ends_at, linger=linger, stop=stop or Event())
    try:
        worker.run()
    finally:
        if transport is None:
            own.close()
    return worker.tally


@transaction.atomic
def deliveries_abandon(*, at: dt.datetime) -> int:
    """Call unknown what a worker claimed and never finished: it may have been on the wire. Return how many."""
    rows = list(Delivery.objects.abandoned(at).select_for_update(of=("self",)).values_list("pk", flat=True)[:500])
    if not rows:
        return 0
    Delivery.objects.filter(pk__in=rows, state=DeliveryState.SENDING).update(
        state=DeliveryState.UNKNOWN, finished_at=at
    )
    DeliveryEvent.objects.bulk_create(DeliveryEvent(delivery_id=pk, action=DeliveryAction.LOST) for pk in rows)
    logger.warning("%s deliveries were in the hands of a worker that died", len(rows))
    return len(rows)


class _Worker:
    """One connection, one claim at a time."""

    def __init__(self, *, transport: Transport, urgency: Urgency, ends_at: float, linger: bool, stop: Event) -> None:
        self.name = worker_name()
        self.transport = transport
        self.urgency = urgency
        self.ends_at = ends_at
        self.linger = linger
        self.stop = stop
        self.tally: Counter[DeliveryState] = Counter()
        self._messages: dict[int, Message] = {}
        self._skeletons: dict[int, Skeleton] = {}
        self._plugins: dict[str, tuple[float, bool]] = {}
        self._paced = frozenset(DomainPace.objects.values_list("domain", flat=True))

    def run(self) -> None:
        """Work until the slice ends, nothing comes any more, or the mail server is away."""
        finish: Finish | None = None
        try:
            while True:
                in_time = time.monotonic() < self.ends_at and not self.stop.is_set()
                claim = delivery_step(worker=self.name, finish=finish, claim=in_time, urgency=self.urgency)
                finish = None
                if claim is None:
                    if not in_time or not self._pause():
                        return
                    continue
                finish, goes_on = self._handle(claim)
                if not goes_on:
                    return
        finally:
            if finish is not None:
                delivery_step(worker=self.name, finish=finish, claim=False)

    def _handle(self, claim: Claim) -> tuple[Finish | None, bool]:
        """Deliver one claim; say what became of it, if it is still ours, and whether the next is worth a try."""
        message = patiently(lambda: self._message(claim.message_pk))
        if not self._is_on(message.kind):
            return self._noted(_held(claim, until=timezone.now() + HOLD_FOR)), True
        if claim.domain in self._paced and not patiently(lambda: _take_turn(claim.domain)):
            return self._noted(_held(claim, until=timezone.now() + ITS_TURN)), True
        try:
            octets = self._skeleton(message).octets(_envelope(message, claim))
        except Exception as error:  # one message that can't be composed must not stop the queue
            logger.exception("Delivery %s could not be composed", claim.pk)
            finish = Finish(claim.pk, DeliveryState.FAILED, Reason.NOT_COMPOSED, reply=str(error)[:500])
            return self._noted(finish), True
        if timezone.now() >= claim.leased_until:
            # This worker stood still: for the others the outcome is unknown, and staff may have sent it once more.
            logger.warning("Delivery %s was not sent: its lease ran out before", claim.pk)
            return None, True
        outcome = self.transport.deliver(
            key=claim.key.hex,
            sender=return_path(message, claim.key),
            recipient=ascii_address(claim.address),
            octets=octets,
            until=claim.leased_until - dialogue_margin(),
        )
        finish = self._noted(_finish(claim, outcome))
        if outcome.kind is OutcomeKind.NOBODY:
            # Before the row is finished: a worker that dies between the two must not leave the address in use.
            said = f"{outcome.code} {outcome.reply}"
            patiently(lambda: refusal_record(delivery_pk=claim.pk, detail=said))
        return finish, outcome.kind is not OutcomeKind.UNREACHED

    def _noted(self, finish: Finish) -> Finish:
        """Count it, and keep a line of history of what was not simply sent."""
        self.tally[finish.state] += 1
        action = _ACTIONS.get(finish.state)
        if action and finish.tried:
            said = {"reply_code": finish.reply_code, "reply": finish.reply}
            patiently(lambda: DeliveryEvent.objects.create(delivery_id=finish.pk, action=action, **said))
        return finish

    def _message(self, pk: int) -> Message:
        if pk not in self._messages:
            if len(self._messages) >= _MESSAGES_KEPT:
                self._messages.clear()
                self._skeletons.clear()
            self._messages[pk] = Message.objects.get(pk=pk)
        return self._messages[pk]

    def _is_on(self, kind: str) -> bool:
        """Whether the plugin that mails this kind is on, as of a second ago; what is no plugin's always is."""
        plugin = kind.partition(".")[0]
        read_at, on = self._plugins.get(plugin, (float("-inf"), False))
        if time.monotonic() - read_at > _STATE_SECONDS:
            on = patiently(lambda: is_owner_on(owner_of_name(kind)))
            self._plugins[plugin] = time.monotonic(), on
        return on

    def _skeleton(self, message: Message) -> Skeleton:
        if message.body_deleted_at is not None:
            # Queued again at the very moment at which the rule took its text: nobody gets an empty mail.
            raise ValueError("The text of this message has been deleted by rule")
        if message.pk not in self._skeletons:
            self._skeletons[message.pk] = Skeleton(content_of(message))
        return self._skeletons[message.pk]

    def _pause(self) -> bool:
        """Sleep until something is due; False where that lies beyond the slice."""
        left = self.ends_at - time.monotonic()
        wait = patiently(lambda: _seconds_to_next(self.urgency))
        if self.linger:
            wait = min(1.0, wait)
        if wait >= left:
            return False
        return not self.stop.wait(max(wait, _SHORTEST_PAUSE))


_ACTIONS = {
    DeliveryState.DEFERRED: DeliveryAction.DEFERRED,
    DeliveryState.FAILED: DeliveryAction.FAILED,
    DeliveryState.UNKNOWN: DeliveryAction.LOST,
}


def _envelope(message: Message, claim: Claim) -> Envelope:
    address = ascii_address(claim.address)
    url = unsubscribe_url(claim.key) if message.one_click else ""
    standard = {"recipient_name": claim.name, "recipient_address": claim.address, "unsubscribe_url": url}
    return Envelope(
        address=address,
        message_id=f"<{claim.key.hex}@{message.id_domain}>",
        name=claim.name,
        unsubscribe_url=url,
        values={**standard, **claim.values},
    )


_FINAL = {
    OutcomeKind.ACCEPTED: (DeliveryState.SENT, ""),
    OutcomeKind.LOST: (DeliveryState.UNKNOWN, ""),
    OutcomeKind.REFUSED: (DeliveryState.FAILED, Reason.REJECTED),
    OutcomeKind.NOBODY: (DeliveryState.FAILED, Reason.REJECTED),
}


def _finish(claim: Claim, outcome: Outcome) -> Finish:
    if outcome.kind in _FINAL:
        state, reason = _FINAL[outcome.kind]
        return Finish(claim.pk, state, reason, outcome.code, outcome.reply)
    now = timezone.now()
    if outcome.kind is OutcomeKind.UNREACHED:
        return _returned(claim, outcome, now)
    return _deferred(claim, outcome, now)


def _returned(claim: Claim, outcome: Outcome, now: dt.datetime) -> Finish:
    """Put it back as it was: the mail server's absence is not the recipient's fault and counts as no try."""
    return Finish(
        claim.pk,
        DeliveryState.DEFERRED if claim.deferred_since else DeliveryState.QUEUED,
        reply_code=outcome.code,
        reply=outcome.reply,
        due_at=now + RETURN_AFTER,
        deferred_since=claim.deferred_since,
        tried=False,
    )


def _held(claim: Claim, until: dt.datetime) -> Finish:
    """Keep it, untried, for its plugin or its domain: a newsletter stops in the middle, and resumes there."""
    state = DeliveryState.DEFERRED if claim.deferred_since else DeliveryState.QUEUED
    return Finish(claim.pk, state, due_at=until, deferred_since=claim.deferred_since, tried=False)


def _deferred(claim: Claim, outcome: Outcome, now: dt.datetime) -> Finish:
    since = claim.deferred_since or now
    # A clock that was set back must not make the wait endless, nor one set forward end it at once.
    waited = max(now - since, dt.timedelta(0))
    if waited >= GIVE_UP_AFTER:
        return Finish(claim.pk, DeliveryState.FAILED, Reason.GAVE_UP, outcome.code, outcome.reply, deferred_since=since)
    pause = BACKOFF[min(max(claim.attempts, 1), len(BACKOFF)) - 1]
    due_at = min(now + pause, now - waited + GIVE_UP_AFTER)
    return Finish(
        claim.pk,
        DeliveryState.DEFERRED,
        reply_code=outcome.code,
        reply=outcome.reply,
        due_at=due_at,
        deferred_since=since,
    )


def _take_turn(domain: str) -> bool:
    """Keep every worker from this domain until its next turn; False where another has just taken this one.

    Two workers may claim for a domain at the same moment: the condition lets one of them through.
    """
    pace = DomainPace.objects.filter(domain=domain).first()
    if pace is None:
        return True
    now = timezone.now()
    turn = now + dt.timedelta(minutes=1) / pace.per_minute
    free = Q(free_at__isnull=True) | Q(free_at__lte=now) | Q(free_at__gt=now + LONGEST_TURN)
    return bool(DomainPace.objects.filter(free, pk=pace.pk).update(free_at=turn))


def _seconds_to_next(urgency: Urgency) -> float:
    """Return in how many seconds something can be claimed; infinite where nothing waits."""
    waiting = Delivery.objects.waiting().filter(urgency__lte=urgency)
    now = timezone.now()
    resting = dict(
        DomainPace.objects.filter(free_at__gt=now, free_at__lte=now + LONGEST_TURN).values_list("domain", "free_at")
    )
    moments = [waiting.exclude(domain__in=resting).aggregate(first=Min("due_at"))["first"]]
    for domain, free_at in resting.items():
        first = waiting.filter(domain=domain).aggregate(first=Min("due_at"))["first"]
        moments.append(max(first, free_at) if first else None)
    known = [moment for moment in moments if moment is not None]
    return max((min(known) - now).total_seconds(), 0.0) if known else float("inf")
