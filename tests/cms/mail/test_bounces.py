"""What comes back: by report, by mailbox, by webhook."""

import base64
import datetime as dt
import json
import socket
import threading
from email.message import EmailMessage

import pytest
from django.urls import path
from django.utils import timezone

from cms.mail.enums import BounceKind, DeliveryState, SuspensionCause
from cms.mail.models import Delivery, Suppression
from cms.mail.services.bounces import bounce_mailbox_read, bounce_record
from cms.mail.services.messages import Recipient
from cms.mail.services.reports import DeliveryReport, reports_parse
from cms.mail.services.suspensions import address_suspend
from cms.mail.services.webhooks import webhook_services
from cms.urls import urlpatterns as site_urlpatterns
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.mail import make_delivery, make_message

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

urlpatterns = [path("hooks/", webhook_services()["postmark"].callback), *site_urlpatterns]

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
        ("status", "kind"), [("5.1.1", "hard"), ("5.2.2", "soft"), ("4.4.1", "soft"), ("5.7.1", "hard")]
    )
    def test_full_mailbox_and_passing_troubles_are_soft(self, status, kind):
        [report] = reports_parse(dsn(sent(), status=status))

        assert report.kind.value == kind

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
    def test_report_of_no_failure_is_none(self, action):
        assert reports_parse(dsn(sent(), action=action)) == []

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
        assert delivery.events.get().action == "bounced"
        assert (suppression.address, suppression.cause) == ("taro@example.jp", SuspensionCause.BOUNCE)
        assert (suppression.organisation, suppression.person) == (organisation, person)

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

    def test_signed_bounce_suspends(self, client):
        delivery = sent()

        assert self.post(client, self.bounce()).status_code == 200

        delivery.refresh_from_db()
        assert delivery.bounced_at is not None
        assert Suppression.objects.active().get().address == "taro@example.jp"

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
