"""One measured round of `bench.mail`, in a process of its own; prints its figures as JSON."""

import json
import resource
import smtplib
import sys
import time
import uuid
from collections.abc import Callable

import django


def main() -> None:
    """Send as asked and print."""
    django.setup()
    way, count = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"raw": _raw, "outbox": _outbox}[way](count)))  # noqa: T201  read by bench.mail


SENTENCE = "本会の役員会を下記のとおり開催しますので、御出席をお願いします。"
TEXT = "{{recipient_name}} 様（{{seat}}）\n\n" + f"{SENTENCE}\n" * 22
HTML = (
    "<!doctype html><html lang='ja'><body><p>{{recipient_name}} 様（{{seat}}）</p>"
    + f"<p>{SENTENCE}</p>" * 22
    + "</body></html>"
)
SUBJECT = "平成21年度第1回役員会の開催について（ご案内）"


def _figures(count: int, seconds: float, queries: float) -> dict[str, float]:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": count / seconds, "queries": queries / count, "megabytes": megabytes}


def _raw(count: int) -> dict[str, float]:
    """Send octets composed beforehand, as fast as smtplib does."""
    from django.conf import settings
    from django.utils import timezone

    from cms.mail.mime import Content, Envelope, Skeleton

    names = ["recipient_name", "seat"]
    content = Content(("事務局", "jimu@example.jp"), SUBJECT, TEXT, timezone.now(), HTML, placeholders=names)
    skeleton = Skeleton(content)
    envelopes = [
        Envelope(
            f"person-{n}@example.jp",
            f"<{uuid.uuid4().hex}@example.jp>",
            f"見本 {n}",
            values={"recipient_name": f"見本 {n}", "seat": "正担当者"},
        )
        for n in range(count)
    ]
    octets = [skeleton.octets(envelope) for envelope in envelopes]
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as smtp:
        started = time.perf_counter()
        for envelope, message in zip(envelopes, octets, strict=True):
            smtp.sendmail("jimu@example.jp", [envelope.address], message)
        seconds = time.perf_counter() - started
    return _figures(count, seconds, 0)


def _outbox(count: int) -> dict[str, float]:
    """Queue before the clock starts; then send as a worker does."""
    from django.db import connection

    from cms.mail.enums import DeliveryState, Urgency
    from cms.mail.services.messages import Recipient, message_enqueue
    from cms.mail.services.sending import outbox_send
    from cms.mail.signals import mail_queued
    from cms.mail.tasks import wake

    mail_queued.disconnect(wake)
    message_enqueue(
        kind="bench",
        subject=SUBJECT,
        text=TEXT,
        html=HTML,
        sender="事務局 <jimu@example.jp>",
        placeholders=["seat"],
        urgency=Urgency.BULK,
        recipients=(
            Recipient(f"person-{n}@example.jp", f"見本 {n}", values={"seat": "正担当者"}) for n in range(count)
        ),
    )
    queries = 0

    def counted(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    started = time.perf_counter()
    with connection.execute_wrapper(counted):
        tally = outbox_send(seconds=3600)
    seconds = time.perf_counter() - started
    if tally != {DeliveryState.SENT: count}:
        raise SystemExit(f"Not all were sent: {tally}")
    return _figures(count, seconds, queries)


if __name__ == "__main__":
    main()
