"""What comes back: by report, by mailbox, by webhook."""

import base64
import datetime as dt
import json
import socket
import threading
import uuid
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.urls import path, reverse
from django.utils import timezone

from cms.mail.enums import BounceKind, DeliveryState, SuspensionCause
from cms.mail.models import Delivery, Suppression
from cms.mail.services.bounces import bounce_mailbox_read, bounce_record
from cms.mail.services.claims import Finish, delivery_step
from cms.mail.services.messages import Recipient
from cms.mail.services.reports import DeliveryReport, reports_parse
from cms.mail.services.suspensions import address_suspend
from cms.mail.services.webhooks import webhook_services
from cms.mail.views.hooks import asks_again
from cms.urls import urlpatterns as site_urlpatterns
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.mail import make_delivery, make_message

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

urlpatterns = [path("hooks/", asks_again(webhook_services()["postmark"].callback)), *site_urlpatterns]

DSN = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.example.jp>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <20091110010203.ABCDEF@mail.example.jp>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.jp
Arrival-Date: Tue, 10 Nov 2009 10:02:03 +0900 (JST)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.jp
Diagnostic-Code: smtp; 550 {status} <{recipient}>: Recipient address rejected

--B
Content-Type: {returned}

Message-ID: {message_id}
Subject: =?utf-8?b?44GU5qGI5YaF?=
To: {recipient}

--B--
"""

PROSE = """\
From: MAILER-DAEMON@old.example.jp
To: bounce+{key}@example.jp
Subject: failure notice

Hi. This is the qmail-send program at old.example.jp.
<taro@example.jp>:
192.0.2.1 does not like recipient.
Remote host said: 550 Invalid recipient: <taro@example.jp>
"""


KEY = uuid.UUID("ab" * 16)


def written_by(server: str) -> bytes:
    """A report as that server writes it, about the delivery `KEY`."""
    text = (Path(__file__).parent / "reports" / f"{server}.eml").read_text("utf-8")
    return text.replace("{key}", KEY.hex).replace("{to}", "jimu@example.jp").replace("\n", "\r\n").encode()


def sent(address: str = "taro@example.jp", **options) -> Delivery:
    message = make_message([Recipient(address, **options)])
    message.deliveries.update(state=DeliveryState.SENT, finished_at=timezone.now(), due_at=None)
    return message.deliveries.get()


def dsn(delivery: Delivery, **options) -> bytes:
    settled = {
        "to": "bounce@example.jp",
        "recipient": delivery.address,
        "action": "failed",
        "status": "5.1.1",
        "returned": "text/rfc822-headers",
        "message_id": f"<{delivery.key.hex}@{delivery.message.id_domain}>",
        **options,
    }
    return DSN.format(**settled).replace("\n", "\r\n").encode()


class TestReports:
    @pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
    def test_standard_report_names_recipient_and_delivery(self, returned):
        delivery = sent()

        [report] = reports_parse(dsn(delivery, returned=returned))

        assert (report.kind, report.address, report.key) == (BounceKind.HARD, "taro@example.jp", delivery.key)
        assert report.detail.startswith("5.1.1 550 5.1.1 <taro@example.jp>: Recipient address rejected")

    def test_report_without_the_original_is_told_by_the_address_it_came_to(self):
        delivery = sent()

        [report] = reports_parse(dsn(delivery, to=f"bounce+{delivery.key.hex}@example.jp", message_id="<x@y>"))

        assert report.key == delivery.key

    @pytest.mark.parametrize(
        ("status", "kind"), [("5.1.1", "hard"), ("5.2.2", "soft"), ("4.4.1", "soft"), ("5.7.1", "soft")]
    )
    def test_full_mailbox_passing_troubles_and_rules_are_soft(self, status, kind):
        [report] = reports_parse(dsn(sent(), status=status))

        assert report.kind.value == kind

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
    def test_report_of_no_failure_is_none(self, action):
        assert reports_parse(dsn(sent(), action=action)) == []

    @pytest.mark.parametrize(
        ("sample", "kind", "address"),
        [
            ("postfix", "hard", "taro@example.jp"),
            ("exim", "hard", ""),
            ("exim_report", "soft", "taro@example.jp"),
            ("exchange", "hard", "taro@example.jp"),
            ("exchange_online", "hard", "taro@example.jp"),
            ("google", "hard", "taro@example.jp"),
            ("google_unauthenticated", "soft", "taro@example.jp"),
            ("docomo", "hard", "taro@docomo.ne.jp"),
            ("qmail", "hard", ""),
            ("qmail_full", "soft", ""),
        ],
    )
    def test_reports_of_common_servers_are_told_apart(self, sample, kind, address):
        [report] = reports_parse(written_by(sample))

        assert (report.kind.value, report.address, report.key) == (kind, address, KEY)
        assert report.detail
        if not address:
            assert "taro@example.jp" in report.detail, "the reason stands at the end of prose, and is what is kept"

    @pytest.mark.parametrize("sample", ["postfix_late", "exim_late"])
    def test_server_that_is_only_late_has_returned_nothing(self, sample):
        assert reports_parse(written_by(sample)) == []

    def test_prose_of_an_old_server_is_read_where_it_names_our_delivery(self):
        delivery = sent()

        [report] = reports_parse(PROSE.format(key=delivery.key.hex).encode())

        assert (report.kind, report.key) == (BounceKind.HARD, delivery.key)
        assert reports_parse(PROSE.replace("+{key}", "").encode()) == []

    def test_out_of_office_note_is_no_bounce(self):
        delivery = sent()
        note = EmailMessage()
        note["From"], note["To"] = "taro@example.jp", f"bounce+{delivery.key.hex}@example.jp"
        note["Auto-Submitted"] = "auto-replied"
        note.set_content("出張のため不在です。550")

        assert reports_parse(note.as_bytes()) == []

    def test_complaint_is_read(self):
        delivery = sent()
        report = (
            "From: fbl@isp.example\r\nTo: bounce@example.jp\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=feedback-report; boundary="B"\r\n\r\n--B\r\n'
            "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n"
            "Original-Rcpt-To: taro@example.jp\r\n\r\n--B\r\nContent-Type: message/rfc822\r\n\r\n"
            f"Message-ID: <{delivery.key.hex}@example.jp>\r\n\r\nbody\r\n--B--\r\n"
        )

        [found] = reports_parse(report.encode())

        assert (found.kind, found.address, found.key) == (BounceKind.COMPLAINT, "taro@example.jp", delivery.key)

    @pytest.mark.parametrize(
        "octets",
        [
            b"",
            b"\0\xff\xfe",
            b"Subject: hello\r\n\r\nhello",
            b"Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\n",
        ],
    )
    def test_other_mail_is_no_report(self, octets):
        assert reports_parse(octets) == []


class TestRecording:
    def test_hard_bounce_suspends_and_is_listed_with_whom_to_telephone(self):
        organisation = OrganisationFactory(telephone="03-0000-0000")
        person = UserFactory()
        delivery = sent(organisation_id=organisation.pk, person_id=person.pk)

        bounce_record(report=reports_parse(dsn(delivery))[0])

        delivery.refresh_from_db()
        suppression = Suppression.objects.active().get()
        assert delivery.bounced_at is not None
        assert (delivery.reply_code, delivery.reply[:9]) == (None, "5.1.1 550")
        assert delivery.events.get().action == "bounced"
        assert (suppression.address, suppression.cause) == ("taro@example.jp", SuspensionCause.BOUNCE)
        assert (suppression.organisation, suppression.person) == (organisation, person)

    def test_nul_in_a_report_is_left_out(self):
        delivery = sent()

        bounce_record(report=DeliveryReport(BounceKind.HARD, "taro@example.jp", delivery.key, "5.1.1 no\0body"))
        bounce_record(report=DeliveryReport(BounceKind.HARD, "ta\0ro@example.jp"))

        delivery.refresh_from_db()
        assert delivery.reply == Suppression.objects.active().get().detail == "5.1.1 no body"

    def test_hard_bounce_falls_back_to_the_representative_address_once(self):
        organisation = OrganisationFactory(email="joho@example.jp")
        delivery = sent(organisation_id=organisation.pk)

        for _ in range(2):
            bounce_record(report=reports_parse(dsn(delivery))[0])

        assert delivery.message.deliveries.waiting().get().address == "joho@example.jp"

    def test_bounced_representative_address_falls_back_no_further(self):
        organisation = OrganisationFactory(email="joho@example.jp")
        delivery = sent("joho@example.jp", organisation_id=organisation.pk)

        bounce_record(report=reports_parse(dsn(delivery))[0])

        assert delivery.message.deliveries.count() == 1
        assert Suppression.objects.active().get().address == "joho@example.jp"

    def test_what_waits_for_a_suspended_address_is_held(self):
        waiting = make_delivery()

        address_suspend(address="Taro@example.jp", cause=SuspensionCause.MANUAL)

        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason) == (DeliveryState.FAILED, "suspended")

    def test_soft_bounce_suspends_at_the_third_in_a_row(self):
        for number in range(3):
            assert Suppression.objects.count() == 0
            delivery = sent()
            Delivery.objects.filter(pk=delivery.pk).update(finished_at=timezone.now() + dt.timedelta(minutes=number))
            bounce_record(report=DeliveryReport(BounceKind.SOFT, "taro@example.jp", delivery.key, "5.2.2 full"))

        assert Suppression.objects.active().get().detail == "5.2.2 full"

    def test_report_about_a_stranger_changes_nothing(self):
        report = DeliveryReport(BounceKind.HARD, "victim@example.jp", None, "forged")

        assert bounce_record(report=report) is None
        assert not Suppression.objects.exists()

    @pytest.mark.parametrize("key", [None, uuid.uuid4()])
    @pytest.mark.parametrize("kind", list(BounceKind))
    def test_where_reports_carry_a_key_one_without_is_only_listed(self, settings, admin_client, key, kind):
        settings.MAIL_RETURN_PATH = "bounce+{key}@example.jp"
        organisation = OrganisationFactory(email="joho@example.jp")
        delivery, other = sent(organisation_id=organisation.pk), sent("hanako@example.jp")
        before = Delivery.objects.values().get(pk=delivery.pk)

        for _ in range(2):
            assert bounce_record(report=DeliveryReport(kind, "taro@example.jp", key, "5.1.1 forged")) is None

        assert Delivery.objects.values().get(pk=delivery.pk) == before
        assert not Suppression.objects.exists()
        assert delivery.message.deliveries.count() == 1
        assert (delivery.events.get().action, delivery.events.get().reply) == ("unverified", "5.1.1 forged")
        listed = admin_client.get(reverse("mail_admin:deliveries"), {"state": "unverified"}).text
        assert delivery.address in listed
        assert other.address not in listed

    def test_where_reports_carry_a_key_one_with_it_suspends(self, settings):
        settings.MAIL_RETURN_PATH = "bounce+{key}@example.jp"
        delivery = sent()

        bounce_record(report=reports_parse(dsn(delivery, to=f"bounce+{delivery.key.hex}@example.jp"))[0])

        assert Suppression.objects.active().get().address == "taro@example.jp"


class ImapServer(threading.Thread):
    """Speaks as much IMAP as reading unseen mail takes (RFC 3501)."""

    def __init__(self, messages: list[bytes]) -> None:
        super().__init__(daemon=True)
        self.messages, self.seen = messages, set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb", buffering=0) as stream:
                stream.write(b"* OK ready\r\n")
                while line := stream.readline():
                    tag, _, command = line.decode().strip().partition(" ")
                    self.answer(stream, tag, command)

    def answer(self, stream, tag: str, command: str) -> None:
        word = command.upper()
        if word.startswith("LOGIN") and command != 'LOGIN kairan "secret"':
            stream.write(f"{tag} NO wrong\r\n".encode())
            return
        if word.startswith("CAPABILITY"):
            stream.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif word.startswith("SELECT"):
            stream.write(f"* {len(self.messages)} EXISTS\r\n".encode())
        elif word.startswith("UID SEARCH"):
            unseen = [str(number) for number in range(1, len(self.messages) + 1) if number not in self.seen]
            stream.write(f"* SEARCH {' '.join(unseen)}\r\n".encode())
        elif word.startswith("UID FETCH"):
            number = int(command.split()[2])
            octets = self.messages[number - 1]
            stream.write(f"* {number} FETCH (UID {number} BODY[] {{{len(octets)}}}\r\n".encode() + octets + b")\r\n")
        elif word.startswith("UID STORE"):
            self.seen.add(int(command.split()[2]))
        elif word.startswith("LOGOUT"):
            stream.write(b"* BYE\r\n")
        stream.write(f"{tag} OK done\r\n".encode())


class TestMailbox:
    def test_reads_each_report_once_and_leaves_other_mail(self, settings):
        delivery = sent()
        server = ImapServer([b"Subject: hello\r\n\r\nhello\r\n", dsn(delivery)])
        server.start()
        settings.MAIL_BOUNCE_MAILBOX = f"imap://kairan:secret@127.0.0.1:{server.port}/INBOX"

        assert bounce_mailbox_read() == 1
        assert bounce_mailbox_read() == 0

        server.listener.close()
        assert server.seen == {1, 2}
        assert Suppression.objects.active().get().address == "taro@example.jp"

    def test_broken_report_holds_up_none_behind_it(self, settings):
        delivery = sent()
        broken = b"From: a: b, c;\r\nX-Failed-Recipients: x\r\nContent-Type: text/plain; charset=x-none\r\n\r\n550\r\n"
        server = ImapServer([broken + f"<{KEY.hex}@example.jp>\r\n".encode(), dsn(delivery)])
        server.start()
        settings.MAIL_BOUNCE_MAILBOX = f"imap://kairan:secret@127.0.0.1:{server.port}/INBOX"
        with pytest.raises(LookupError):
            reports_parse(server.messages[0])

        assert bounce_mailbox_read() == 1

        server.listener.close()
        assert server.seen == {1, 2}

    def test_report_about_what_is_being_sent_is_read_again(self, settings):
        delivery, other = make_delivery(), sent("hanako@example.jp")
        claim = delivery_step(worker="w1")
        server = ImapServer([dsn(delivery), dsn(other)])
        server.start()
        settings.MAIL_BOUNCE_MAILBOX = f"imap://kairan:secret@127.0.0.1:{server.port}/INBOX"

        assert bounce_mailbox_read() == 1
        assert server.seen == {2}
        delivery_step(worker="w1", finish=Finish(claim.pk, DeliveryState.SENT))
        assert bounce_mailbox_read() == 1

        server.listener.close()
        assert server.seen == {1, 2}
        assert Suppression.objects.active().filter(address="taro@example.jp").exists()

    def test_nothing_is_read_without_a_mailbox(self):
        assert bounce_mailbox_read() == 0


class TestWebhook:
    @pytest.fixture(autouse=True)
    def _service(self, settings):
        settings.ROOT_URLCONF = __name__
        settings.ANYMAIL = {"WEBHOOK_SECRET": "kairan:secret"}

    @staticmethod
    def post(client, event: dict, login: str = "kairan:secret"):
        token = base64.b64encode(login.encode()).decode()
        return client.post(
            "/hooks/", json.dumps(event), content_type="application/json", headers={"Authorization": f"Basic {token}"}
        )

    @staticmethod
    def bounce(**options) -> dict:
        return {
            "RecordType": "Bounce", "Type": "HardBounce", "Email": "taro@example.jp", "MessageID": "esp-1",
            "Description": "Unknown user", "Details": "550 5.1.1", "BouncedAt": "2009-11-10T01:02:03Z", **options,
        }  # fmt: skip

    @pytest.mark.parametrize("return_path", ["", "bounce+{key}@example.jp"])
    def test_signed_bounce_suspends(self, client, settings, return_path):
        settings.MAIL_RETURN_PATH = return_path
        delivery = sent()

        assert self.post(client, self.bounce()).status_code == 200

        delivery.refresh_from_db()
        assert delivery.bounced_at is not None
        assert Suppression.objects.active().get().address == "taro@example.jp"

    def test_service_reports_again_what_is_being_sent(self, client):
        delivery = make_delivery()
        claim = delivery_step(worker="w1")

        assert self.post(client, self.bounce()).status_code == 503
        delivery_step(worker="w1", finish=Finish(claim.pk, DeliveryState.SENT))
        assert self.post(client, self.bounce()).status_code == 200

        delivery.refresh_from_db()
        assert delivery.bounced_at is not None

    def test_unsigned_bounce_is_refused(self, client):
        sent()

        assert self.post(client, self.bounce(), "kairan:wrong").status_code == 400
        assert not Suppression.objects.exists()

    def test_complaint_suspends_without_falling_back(self, client):
        organisation = OrganisationFactory(email="joho@example.jp")
        delivery = sent(organisation_id=organisation.pk)

        self.post(client, self.bounce(RecordType="SpamComplaint", Type="SpamComplaint"))

        assert Suppression.objects.active().get().cause == SuspensionCause.COMPLAINT
        assert delivery.message.deliveries.count() == 1

    def test_delivery_and_opening_change_nothing(self, client):
        delivery = sent()

        self.post(client, {"RecordType": "Delivery", "Recipient": "taro@example.jp", "MessageID": "esp-1"})

        delivery.refresh_from_db()
        assert delivery.bounced_at is None


def test_no_webhook_address_exists_without_a_service(client):
    assert client.post("/mail/hooks/tracking/").status_code == 404
