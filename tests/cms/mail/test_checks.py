"""Mistakes in the settings, found before somebody misses a mail; the tasks and the worker that stays."""

import threading
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from cms.mail import checks
from cms.mail.conf import MailKind, lease, message_id_domain
from cms.mail.enums import DeliveryState, Urgency
from cms.mail.models import Delivery
from cms.mail.services import working
from cms.mail.tasks import delete_confidential, delete_old, read_bounces, send_outbox, send_urgent, wake
from tests.factories.mail import make_message, sample_addresses


def found(check) -> list[str]:
    return [message.id for message in check()]


def test_code_address_that_is_long_to_type_is_warned_of(settings):
    settings.BASE_URL = "https://www.a-rather-long-name.example.lg.jp"
    assert found(checks.check_code_address_is_short) == ["mail.W001"]
    settings.BASE_URL = "https://www.example.jp"
    assert found(checks.check_code_address_is_short) == []


@pytest.mark.parametrize(
    ("path", "ids"), [("", []), ("bounce@example.jp", []), ("bounce+{key}@example.jp", []), ("nobody", ["mail.E001"])]
)
def test_return_path_is_an_address(settings, path, ids):
    settings.MAIL_RETURN_PATH = path
    assert found(checks.check_return_path) == ids


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("", []),
        ("imaps://a:b@example.jp/INBOX", []),
        ("pop3://a:b@c", ["mail.E002"]),
        ("imap://host", ["mail.E002"]),
        ("imap://a:b@example.jp/%E8%BF%94%E9%80%81", ["mail.E002"]),
    ],
)
def test_bounce_mailbox_is_imap(settings, url, ids):
    settings.MAIL_BOUNCE_MAILBOX = url
    assert found(checks.check_bounce_mailbox) == ids


@pytest.mark.parametrize(
    ("service", "secret", "ids"),
    [("", "", []), ("postmark", "a:b", []), ("postmark", "", ["mail.E005"]), ("pigeon", "a:b", ["mail.E004"])],
)
def test_webhook_needs_a_known_service_and_a_secret(settings, service, secret, ids):
    settings.MAIL_WEBHOOK_SERVICE, settings.ANYMAIL = service, {"WEBHOOK_SECRET": secret}
    assert found(checks.check_webhooks) == ids


def test_placeholder_that_hides_what_all_share_is_an_error(monkeypatch):
    kind = MailKind(slug="x", label="x", template="x", context={"name": 1}, placeholders={"name": "a"})
    monkeypatch.setattr(apps.get_app_config("mail"), "mail_kinds", (kind,), raising=False)
    assert found(checks.check_kinds) == ["mail.E003"]


def test_mail_kind_of_a_plugin_that_is_not_named_after_it_is_an_error(monkeypatch):
    kinds = (MailKind(slug="dummy.hello", label="x", template="x"), MailKind(slug="hello", label="x", template="x"))
    monkeypatch.setattr(apps.get_app_config("dummy"), "mail_kinds", kinds, raising=False)

    (error,) = checks.check_kinds_of_plugins()

    assert "'dummy' has a mail kind 'hello'" in error.msg


def test_message_id_domain_is_the_setting_or_the_host(settings):
    settings.BASE_URL, settings.MAIL_MESSAGE_ID_DOMAIN = "https://www.example.jp:8443", ""
    assert message_id_domain() == "www.example.jp"
    settings.MAIL_MESSAGE_ID_DOMAIN = "mail.example.jp"
    assert message_id_domain() == "mail.example.jp"


def test_lease_outlasts_every_step_of_a_delivery(settings):
    settings.MAIL_SMTP_TIMEOUT = 30
    assert lease() == timedelta(seconds=300)


@pytest.mark.django_db
class TestTasks:
    def test_outbox_is_sent_by_its_job(self):
        make_message(sample_addresses(3))

        send_outbox.call()

        assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 3

    def test_urgent_job_leaves_the_broadcast(self):
        make_message(["a@example.jp"], urgency=Urgency.BULK)
        make_message(["b@example.jp"], urgency=Urgency.URGENT)

        send_urgent.call()

        assert Delivery.objects.get(state=DeliveryState.SENT).address == "b@example.jp"

    @pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.BULK])
    def test_commit_starts_the_right_job(self, urgency):
        message = make_message(urgency=urgency)

        wake(message=message)

        assert Delivery.objects.get().state == DeliveryState.SENT

    def test_what_lets_somebody_in_is_erased_soon(self):
        message = make_message(confidential=True)
        send_outbox.call()

        delete_confidential.call()

        message.refresh_from_db()
        assert message.text == ""

    def test_rules_and_mailbox_have_nothing_to_do_on_an_empty_site(self):
        delete_old.call()
        read_bounces.call()

    def test_command_sends_once(self):
        make_message(sample_addresses(2))
        out = StringIO()

        call_command("mail_worker", "--once", stdout=out)

        assert "2" in out.getvalue()
        assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 2


@pytest.mark.django_db(transaction=True)
def test_worker_that_stays_takes_what_comes_and_stops_when_told():
    stop = threading.Event()
    worker = threading.Thread(target=working.outbox_work, kwargs={"stop": stop}, daemon=True)
    worker.start()
    make_message(sample_addresses(3))
    until = time.monotonic() + 20
    while Delivery.objects.filter(state=DeliveryState.SENT).count() < 3 and time.monotonic() < until:
        time.sleep(0.05)

    stop.set()
    worker.join(timeout=20)

    assert not worker.is_alive()
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 3


@pytest.mark.django_db
def test_worker_rests_longer_each_time_while_the_server_is_away(monkeypatch):
    rests: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rests.append(timeout)
            if len(rests) == 7:
                self.set()
            return self.is_set()

    monkeypatch.setattr(working, "outbox_send", lambda **options: {})
    monkeypatch.setattr(working.connection, "close", lambda: None)
    working.outbox_work(stop=Stop())

    assert rests == [2, 4, 8, 16, 32, 60, 60]
