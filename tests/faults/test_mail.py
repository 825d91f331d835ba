"""Nobody gets a mail twice and nobody is missed, whatever dies: counted from the mail server's own log."""

import os
import resource
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing

import pytest

from tests.faults.conftest import COUNTED, RECIPIENTS, Outbox
from tests.faults.server import FaultyServer


def assert_nobody_twice_nobody_missed(
    server: FaultyServer, states: Counter[str], unknown: int, failed: int = 0
) -> None:
    """Every accepted message is one recipient's; who got none is one of the few that staff are shown."""
    times = Counter(taken.recipient for taken in server.log)
    twice = sum(count > 1 for count in times.values())
    missing = RECIPIENTS - failed - states["unknown"] - states["sent"]
    name = os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" ")[0]
    COUNTED.append(
        f"{name}: {len(server.log)} accepted, {twice} twice, {missing} missing, "
        f"{states['unknown']} unknown, {failed} refused"
    )
    assert [recipient for recipient, count in times.items() if count > 1] == []
    assert len({taken.message_id for taken in server.log}) == len(server.log)
    assert states["unknown"] <= unknown
    assert states["failed"] == failed
    assert states["sent"] == RECIPIENTS - states["unknown"] - failed
    assert RECIPIENTS - failed - states["unknown"] <= len(times) <= RECIPIENTS - failed


BOTH = pytest.mark.parametrize("outbox", ["sqlite", "postgres"], indirect=True)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_worker_killed_on_the_way(outbox: Outbox, server: FaultyServer, share: float) -> None:
    outbox.queue()
    first = outbox.start_worker()
    server.wait_for(int(RECIPIENTS * share))
    outbox.kill(first)

    outbox.start_worker()
    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=1)


@BOTH
def test_workers_killed_again_and_again(outbox: Outbox, server: FaultyServer) -> None:
    outbox.queue()
    for share in (0.2, 0.4, 0.6, 0.8):
        worker = outbox.start_worker()
        server.wait_for(int(RECIPIENTS * share))
        outbox.kill(worker)

    outbox.start_worker()
    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=4)


@BOTH
def test_two_workers_on_one_queue_one_of_them_killed(outbox: Outbox, server: FaultyServer) -> None:
    outbox.queue()
    server.pause = 0.002
    first, _second = outbox.start_worker(), outbox.start_worker()
    server.wait_for(RECIPIENTS // 2)
    outbox.kill(first)

    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=1)


def test_worker_asked_to_stop_leaves_nothing_unknown(outbox: Outbox, server: FaultyServer) -> None:
    outbox.queue()
    worker = outbox.start_worker()
    server.wait_for(RECIPIENTS // 3)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=120) == 0
    assert outbox.states()["sending"] == 0

    outbox.start_worker()
    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=0)


def test_server_that_rejects_and_defers(outbox: Outbox, server: FaultyServer) -> None:
    refused = {f"person-{n}@city-{n % 97}.example.jp" for n in range(0, 100, 10)}
    greylisted = {f"person-{n}@city-{n % 97}.example.jp" for n in range(5, 100, 10)}

    def answer(recipient: str, tries: int) -> str:
        if recipient in refused:
            return "550 5.1.1 no such user"
        return "451 4.7.1 greylisted" if recipient in greylisted and tries == 1 else "250 OK"

    server.rcpt = answer
    outbox.queue()
    outbox.start_worker()
    server.wait_for(RECIPIENTS - 20)
    outbox.wait_until(lambda states: states["deferred"] == 10)
    outbox.make_due()
    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=0, failed=10)


def test_server_that_cuts_hangs_and_loses_replies(outbox: Outbox, server: FaultyServer) -> None:
    def trouble(number: int) -> str:
        return f"person-{number}@city-{number % 97}.example.jp"

    server.rcpt = lambda recipient, tries: "cut" if recipient == trouble(100) and tries == 1 else "250 OK"
    answers = {trouble(300): "take and cut", trouble(500): "take and cut", trouble(700): "hang"}
    server.data = lambda recipient, tries: answers.get(recipient, "250 OK") if tries == 1 else "250 OK"
    outbox.queue()
    outbox.start_worker()
    server.wait_for(RECIPIENTS - 2)
    outbox.make_due()
    states = outbox.wait_until_settled()

    times = Counter(taken.recipient for taken in server.log)
    assert max(times.values()) == 1
    # Two whose reply was lost and one that hung until the patience ended: shown to staff, never sent again.
    assert states == {"sent": RECIPIENTS - 3, "unknown": 3}
    assert times[trouble(300)] == times[trouble(500)] == times[trouble(100)] == 1


def test_server_that_is_away(outbox: Outbox, server: FaultyServer) -> None:
    outbox.queue()
    server.stop()
    outbox.start_worker()
    outbox.wait_until(lambda _states: "can't be reached" in outbox.logs())
    assert outbox.states() == {"queued": RECIPIENTS}
    server.start()
    outbox.make_due()

    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=0)


def test_database_locked_for_ten_seconds(outbox: Outbox, server: FaultyServer) -> None:
    outbox.queue()
    outbox.start_worker()
    server.wait_for(RECIPIENTS // 2)
    with closing(sqlite3.connect(outbox.data / "kairan.sqlite3", timeout=30, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        time.sleep(10)
        database.execute("ROLLBACK")

    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=0)


@pytest.mark.parametrize("outbox", ["postgres"], indirect=True)
def test_database_that_ends_all_connections(outbox: Outbox, server: FaultyServer) -> None:
    """A worker that has just finished a delivery writes that down over a new connection; it is in no doubt."""
    outbox.queue()
    outbox.start_worker()
    for share in (0.2, 0.4, 0.6, 0.8):
        server.wait_for(int(RECIPIENTS * share))
        outbox.database.cut()

    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=0)


def test_disk_that_is_full_for_a_while(outbox: Outbox, server: FaultyServer) -> None:
    """The system refuses each octet that the worker writes, to the database and to its log, as a full disk does."""
    outbox.queue()
    worker = outbox.start_worker()
    server.wait_for(RECIPIENTS // 2)
    _soft, hard = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (0, hard))
    stopped_at = -1
    while len(server.log) != stopped_at:
        stopped_at = len(server.log)
        time.sleep(4)
    assert stopped_at < RECIPIENTS
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (hard, hard))

    states = outbox.wait_until_settled()

    assert_nobody_twice_nobody_missed(server, states, unknown=0)


def test_urgent_mail_does_not_wait_for_a_broadcast_that_hangs(outbox: Outbox, server: FaultyServer) -> None:
    server.data = lambda recipient, tries: "hang" if recipient.startswith("person-0@") else "250 OK"
    outbox.variables["MAIL_SMTP_TIMEOUT"] = "90"
    outbox.queue(count=1)
    outbox.start_worker()
    outbox.wait_until(lambda _states: server.hanging)

    server.data = lambda recipient, tries: "250 OK"
    outbox.queue(count=2, urgency=0)
    server.wait_for(1, seconds=60)

    assert outbox.states()["sending"] == 1, (outbox.states(), outbox.logs())
