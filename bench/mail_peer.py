"""One measured round of django-newsletter for `bench.mail`, run by the interpreter of the peer's own environment.

Its site is as its documentation sets one up: a newsletter, its subscribers, one message with one article, a submission.
It prints the same figures as `bench.mail_sender`. Usage: mail_peer.py COUNT PORT FOLDER
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings

SENTENCE = "本会の役員会を下記のとおり開催しますので、御出席をお願いします。"


def main() -> None:
    """Queue before the clock starts, send, print."""
    count, port, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    _configure(port, folder)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    submission = _submission(count)
    print(json.dumps(_measure(submission, count)))  # noqa: T201  read by bench.mail


def _configure(port: int, folder: Path) -> None:
    settings.configure(
        SECRET_KEY="a measurement",  # noqa: S106  signs nothing outside of it
        USE_TZ=True,
        SITE_ID=1,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "peer.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.admin",
            "django.contrib.sites",
            "sorl.thumbnail",
            "newsletter",
        ],
        NEWSLETTER_THUMBNAIL="sorl-thumbnail",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        ROOT_URLCONF="newsletter.urls",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MEDIA_ROOT=str(folder),
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        LOGGING_CONFIG=None,
    )
    django.setup()


def _submission(count: int) -> object:
    from newsletter.models import Article, Message, Newsletter, Submission, Subscription  # type: ignore[import-not-found]  # in its own environment

    newsletter = Newsletter.objects.create(
        title="本会だより", slug="dayori", email="jimu@example.jp", sender="事務局", send_html=True
    )
    rows = (
        Subscription(
            newsletter=newsletter, name_field=f"見本 {n}", email_field=f"person-{n}@example.jp", subscribed=True
        )
        for n in range(count)
    )
    for row in rows:
        row.save()
    message = Message.objects.create(title="役員会の開催について（ご案内）", slug="yakuin", newsletter=newsletter)
    Article.objects.create(post=message, title="ご案内", text=f"<p>{SENTENCE}</p>" * 22, sortorder=10)
    return Submission.from_message(message)


def _measure(submission: object, count: int) -> dict[str, float]:
    from django.db import connection

    queries = 0

    def counted(execute: Callable[..., object], *arguments: object) -> object:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    started = time.perf_counter()
    with connection.execute_wrapper(counted):
        submission.submit()  # type: ignore[attr-defined]  # the peer's
    seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": count / seconds, "queries": queries / count, "megabytes": megabytes}


if __name__ == "__main__":
    main()
