"""Whatever is mailed through Django becomes a row of the outbox, and reads the same when it arrives."""

import email
import email.policy

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection, mail_admins, send_mail
from django.db import transaction

from cms.mail.enums import DeliveryState, Reason, Urgency
from cms.mail.models import Delivery, Message
from cms.mail.services.sending import outbox_send

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_BACKEND = "cms.mail.backends.OutboxBackend"


def arrived(transport) -> list[email.message.EmailMessage]:
    outbox_send(transport=transport)
    return [email.message_from_bytes(octets, policy=email.policy.default) for *_rest, octets in transport.handed]


def test_mail_is_queued_in_the_transaction_of_its_cause(transport):
    with transaction.atomic():
        send_mail("件名", "本文", None, ["taro@example.jp"])
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_text_and_html_arrive(transport):
    message = EmailMultiAlternatives("件名", "本文", "事務局 <jimu@example.jp>", ["太郎 <taro@example.jp>"])
    message.attach_alternative("<p>本文</p>", "text/html")

    assert message.send() == 1

    [received] = arrived(transport)
    assert (received["subject"], received["from"], received["to"]) == (
        "件名", "事務局 <jimu@example.jp>", "太郎 <taro@example.jp>",
    )  # fmt: skip
    assert received.get_body(("plain",)).get_content().strip() == "本文"
    assert received.get_body(("html",)).get_content().strip() == "<p>本文</p>"


def test_each_recipient_is_a_row_and_hidden_ones_stay_hidden(transport):
    EmailMessage(
        "件名", "本文", "jimu@example.jp", ["a@example.jp", "b@example.jp"], cc=["c@example.jp"], bcc=["d@example.jp"],
        reply_to=["r@example.jp"], headers={"X-Thing": "1", "Message-ID": "<forged@x>"},
    ).send()  # fmt: skip

    received = arrived(transport)
    assert transport.recipients == ["a@example.jp", "b@example.jp", "c@example.jp", "d@example.jp"]
    assert {message["to"] for message in received} == {"a@example.jp, b@example.jp"}
    assert {message["cc"] for message in received} == {"c@example.jp"}
    assert {message["bcc"] for message in received} == {None}
    assert {message["reply-to"] for message in received} == {"r@example.jp"}
    assert {message["x-thing"] for message in received} == {"1"}
    assert len({message["message-id"] for message in received} - {"<forged@x>"}) == 4


def test_attachments_arrive(transport):
    message = EmailMessage("件名", "本文", "jimu@example.jp", ["a@example.jp"])
    message.attach("名簿.csv", "番号,名前\n1,見本\n", "text/csv")
    message.send()

    [received] = arrived(transport)
    [attachment] = received.iter_attachments()
    assert received["subject"] == "件名"
    assert received.get_body(("plain",)).get_content().strip() == "本文"
    assert (attachment.get_filename(), attachment.get_content().replace("\r\n", "\n")) == (
        "名簿.csv",
        "番号,名前\n1,見本\n",
    )
    assert received.defects == []


def test_html_without_text_arrives(transport):
    message = EmailMessage("件名", "<p>本文</p>", "jimu@example.jp", ["a@example.jp"])
    message.content_subtype = "html"
    message.send()

    [received] = arrived(transport)
    assert received.get_body(("html",)).get_content().strip() == "<p>本文</p>"


def test_mail_of_a_library_is_urgent_and_nobody_reads_it_in_the_admin():
    send_mail("件名", "https://example.jp/reset/abc", None, ["taro@example.jp"])

    message = Message.objects.get()
    assert message.urgency == Urgency.URGENT
    assert not message.is_readable
    assert message.kind_label == "システムからのメール"


def test_error_reports_to_the_administrators_pass_through(settings, transport):
    settings.ADMINS = [("管理者", "admin@example.jp")]

    mail_admins("error", "Traceback\n  line {{x}} {% if %}", html_message="<pre>Traceback</pre>")

    [received] = arrived(transport)
    assert "{{x}} {% if %}" in received.get_body(("plain",)).get_content()


def test_address_that_cannot_be_mailed_raises_nothing_and_is_explained():
    assert send_mail("件名", "本文", None, ["a..b@docomo.ne.jp"]) == 1

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, Reason.ADDRESS_REFUSED)
    assert delivery.address == "a..b@docomo.ne.jp"


def test_line_break_in_a_subject_cannot_add_a_header(transport):
    EmailMessage("a\r\nBcc: x@example.jp", "本文", "jimu@example.jp", ["a@example.jp"]).send()

    assert arrived(transport)[0]["bcc"] is None


@pytest.mark.parametrize("field", ["subject", "from_email", "to", "cc", "bcc", "reply_to", "headers"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_line_break_in_no_field_adds_a_header(field, end, transport):
    evil = f"jimu@example.jp{end}Bcc: evil@example.jp"
    fields = {"subject": "a", "from_email": "jimu@example.jp", "to": ["a@example.jp"]}
    fields[field] = {"X-Thing": evil} if field == "headers" else evil if isinstance(fields.get(field), str) else [evil]

    try:
        EmailMessage(body="本文", **fields).send()
    except ValidationError:
        assert not Message.objects.exists()

    for received in arrived(transport):
        assert received["bcc"] is None
    assert "evil@example.jp" not in transport.recipients


def test_message_without_recipients_is_nothing():
    assert EmailMessage("a", "b", to=[]).send() == 0
    assert not Message.objects.exists()


def test_connection_can_be_used_as_a_context():
    with get_connection() as connection:
        mail.send_mail("a", "b", None, ["a@example.jp"], connection=connection)

    assert Message.objects.count() == 1
