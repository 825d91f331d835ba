"""Takes the next delivery and finishes the one before, by one UPDATE a message.

The UPDATE commits before the worker speaks to the mail server, so a row in `sending` is at most on the wire. Written in
SQL because Django 5.2 can't return the rows of an UPDATE; the same statement runs on PostgreSQL and SQLite, where only
the lock differs: PostgreSQL skips rows that another worker is claiming, SQLite lets one writer in at a time.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import secrets
import socket
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from django.db import OperationalError, connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import F
from django.utils import timezone

from cms.mail.conf import LONGEST_TURN, lease
from cms.mail.enums import WAITING_STATES, DeliveryState, Reason, Urgency
from cms.mail.models import Delivery

logger = logging.getLogger("cms.mail")

RETRY_DATABASE_SECONDS = 1.0

T = TypeVar("T")


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker, and nobody else, may hand to the mail server now."""

    pk: int
    message_pk: int
    key: uuid.UUID
    address: str
    domain: str
    name: str
    values: Mapping[str, str]
    attempts: int
    deferred_since: dt.datetime | None
    leased_until: dt.datetime


@dataclass(frozen=True)
class Finish:
    """What became of a claim. `tried` is False where the mail server never heard of it."""

    pk: int
    state: DeliveryState
    reason: Reason | str = ""
    reply_code: int | None = None
    reply: str = ""
    due_at: dt.datetime | None = None
    deferred_since: dt.datetime | None = None
    tried: bool = True


_STEP = """
WITH next AS (
    SELECT id FROM mail_delivery
    WHERE state IN ('queued', 'deferred') AND %(wanted)s AND urgency <= %(urgency)s AND due_at <= %(now)s
    AND domain NOT IN (SELECT domain FROM mail_domainpace WHERE free_at > %(now)s AND free_at <= %(longest_turn)s)
    ORDER BY urgency, due_at, id LIMIT 1 {lock}
)
UPDATE mail_delivery SET
    state = CASE WHEN id = %(pk)s THEN %(state)s ELSE 'sending' END,
    reason = CASE WHEN id = %(pk)s THEN %(reason)s ELSE '' END,
    reply_code = CASE WHEN id = %(pk)s THEN %(reply_code)s ELSE reply_code END,
    reply = CASE WHEN id = %(pk)s THEN %(reply)s ELSE reply END,
    due_at = CASE WHEN id = %(pk)s THEN %(due_at)s ELSE due_at END,
    deferred_since = CASE WHEN id = %(pk)s THEN %(deferred_since)s ELSE deferred_since END,
    finished_at = CASE WHEN id = %(pk)s THEN %(finished_at)s ELSE finished_at END,
    attempts = CASE WHEN id = %(pk)s THEN attempts - %(untried)s ELSE attempts + 1 END,
    worker = CASE WHEN id = %(pk)s THEN '' ELSE %(worker)s END,
    leased_until = CASE WHEN id = %(pk)s THEN NULL ELSE %(leased_until)s END
WHERE id IN (%(pk)s, (SELECT id FROM next))
AND (id <> %(pk)s OR (worker = %(worker)s AND state IN ('sending', 'unknown')))
RETURNING id, message_id, "key", address, domain, name, "values", attempts, deferred_since, leased_until
"""
# A row that was called unknown because the lease ran out may still be finished by the worker that knows better, unless
# a person has decided about it: that clears `worker`.

_NOTHING = Finish(pk=0, state=DeliveryState.QUEUED)


def worker_name() -> str:
    """Return a name that no other worker has, on this machine or another, now or later."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:200]


def delivery_step(
    *, worker: str, finish: Finish | None = None, claim: bool = True, urgency: Urgency = Urgency.BULK
) -> Claim | None:
    """Finish one delivery and claim the next, in one statement that commits at once.

    A database that is locked or restarting is waited for: a finished delivery that is not written down would have to
    be called unknown. Raises the database's error when it stays away for longer than the lease.
    """
    return patiently(
        lambda: _step(worker, finish or _NOTHING, urgency, claim=claim), again=lambda: _give_back(worker, finish)
    )


def patiently(work: Callable[[], T], *, again: Callable[[], object] = lambda: None) -> T:
    """Do something with the database, over a new connection after each failure, for as long as a lease holds."""
    began = time.monotonic()
    failed = False
    while True:
        try:
            if failed:
                again()
            return work()
        except OperationalError:
            if time.monotonic() - began > lease().total_seconds():
                raise
            logger.warning("The database does not answer; trying again", exc_info=True)
            time.sleep(RETRY_DATABASE_SECONDS)
            if not connection.in_atomic_block:
                connection.close()
            failed = True


def _give_back(worker: str, finish: Finish | None) -> None:
    """Give back what a statement claimed whose answer was lost: it was never sent."""
    mine = Delivery.objects.filter(worker=worker, state=DeliveryState.SENDING)
    mine.exclude(pk=finish.pk if finish else 0).update(
        state=DeliveryState.QUEUED, worker="", leased_until=None, attempts=F("attempts") - 1
    )


def _step(worker: str, finish: Finish, urgency: Urgency, *, claim: bool) -> Claim | None:
    with connection.cursor() as cursor:
        # The cursor's own connection: Django's global one is looked up anew at each attribute.
        features, operations = cursor.db.features, cursor.db.ops
        statement = _statement(skips_locked=features.has_select_for_update_skip_locked)
        cursor.execute(statement, _parameters(worker, finish, urgency, operations, claim=claim))
        rows = cursor.fetchall()
    if finish.pk and finish.pk not in {row[0] for row in rows}:
        logger.warning("Delivery %s was taken out of this worker's hands before it was finished", finish.pk)
    claimed = [row for row in rows if row[0] != finish.pk]
    return _claim(claimed[0]) if claimed else None


@cache
def _statement(*, skips_locked: bool) -> str:
    return _STEP.format(lock="FOR UPDATE SKIP LOCKED" if skips_locked else "")


def _parameters(
    worker: str, finish: Finish, urgency: Urgency, operations: BaseDatabaseOperations, *, claim: bool
) -> dict[str, Any]:
    moment = operations.adapt_datetimefield_value
    at = timezone.now()
    now = moment(at)
    return {
        "now": now,
        # Beyond the longest turn only a clock that was set back lets a domain rest.
        "longest_turn": moment(at + LONGEST_TURN),
        "leased_until": moment(at + lease()),
        "due_at": moment(finish.due_at),
        "deferred_since": moment(finish.deferred_since),
        "finished_at": None if finish.state in WAITING_STATES else now,
        "wanted": claim,
        "urgency": int(urgency),
        "worker": worker,
        "pk": finish.pk,
        "state": finish.state.value,
        "reason": str(finish.reason),
        "reply_code": finish.reply_code,
        "reply": finish.reply,
        "untried": 0 if finish.tried else 1,
    }


def _claim(row: tuple[Any, ...]) -> Claim:
    pk, message_pk, key, address, domain, name, values, attempts, deferred_since, leased_until = row
    return Claim(
        pk=pk,
        message_pk=message_pk,
        key=key if isinstance(key, uuid.UUID) else uuid.UUID(key),
        address=address,
        domain=domain,
        name=name,
        values=json.loads(values) if isinstance(values, str) else values,
        attempts=attempts,
        deferred_since=_moment(deferred_since),
        leased_until=cast("dt.datetime", _moment(leased_until)),
    )


def _moment(value: Any) -> dt.datetime | None:
    """Read a moment that SQLite gives as text in UTC."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value
