"""Printed codes: read from paper, used once, fetched for nothing, guessed in vain."""

import datetime as dt
import email
import email.policy
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from cms.mail.conf import code_purposes
from cms.mail.enums import SuspensionCause
from cms.mail.models import Code, CodeFailure, Delivery, MailboxItem, OptOut, Suppression
from cms.mail.services.codes import (
    ALPHABET,
    FAILURES_ALLOWED,
    CodeRefusedError,
    CodeThrottledError,
    code_create,
    code_digest,
    code_find,
    code_normalise,
    code_url,
    code_use,
)
from cms.mail.services.optouts import unsubscribe_token
from cms.mail.services.sending import outbox_send
from cms.mail.services.suspensions import CONFIRM_ADDRESS, confirmation_send
from tests.factories.mail import make_delivery

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def suspended() -> Suppression:
    return Suppression.objects.create(address="taro@example.jp", cause=SuspensionCause.BOUNCE, detail="550")


@pytest.fixture
def printed(suspended: Suppression) -> str:
    _code, text = code_create(purpose=CONFIRM_ADDRESS, payload={"suppression": suspended.pk})
    return text


def test_code_has_eight_characters_that_look_like_nothing_else(printed):
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", printed)
    assert not set(ALPHABET) & set("0O1IL2Z5SBUV")
    assert code_normalise(printed) in {code_normalise(printed.lower()), printed.replace("-", "")}


def test_code_itself_is_not_kept(printed):
    code = Code.objects.get()

    assert printed.replace("-", "") not in str(vars(code))
    assert code.digest == code_digest(printed)


def full_width(code: str) -> str:
    return code.translate({ord(character): ord(character) + 0xFEE0 for character in code if character != "-"})


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} ", full_width]
)
def test_code_is_read_however_it_was_typed(printed, change):
    assert code_find(text=change(printed), origin="192.0.2.1").purpose == CONFIRM_ADDRESS


def test_code_is_used_once(printed):
    code = code_find(text=printed, origin="192.0.2.1")

    code_use(pk=code.pk, purpose=CONFIRM_ADDRESS)

    with pytest.raises(CodeRefusedError):
        code_use(pk=code.pk, purpose=CONFIRM_ADDRESS)
    with pytest.raises(CodeRefusedError):
        code_find(text=printed, origin="192.0.2.1")


def test_code_is_good_for_its_purpose_only(printed):
    with pytest.raises(CodeRefusedError):
        code_use(pk=Code.objects.get().pk, purpose="another")


def test_code_runs_out(printed):
    Code.objects.update(created_at=timezone.now() - dt.timedelta(days=2), expires_at=timezone.now())

    with pytest.raises(CodeRefusedError):
        code_find(text=printed, origin="192.0.2.1")


def test_purposes_live_long_enough():
    assert all(purpose.lifetime >= dt.timedelta(minutes=60) for purpose in code_purposes().values())


def test_guessing_is_slowed_down_by_address_and_a_good_code_does_not_reset_it(printed):
    for _ in range(FAILURES_ALLOWED - 1):
        with pytest.raises(CodeRefusedError):
            code_find(text="AAAA-AAAA", origin="192.0.2.1")
    code_find(text=printed, origin="192.0.2.1")
    with pytest.raises(CodeRefusedError):
        code_find(text="AAAA-AAAA", origin="192.0.2.1")

    with pytest.raises(CodeThrottledError):
        code_find(text=printed, origin="192.0.2.1")
    assert code_find(text=printed, origin="192.0.2.2")


def test_throttle_ends(printed):
    CodeFailure.objects.bulk_create(
        CodeFailure(origin="192.0.2.1", at=timezone.now() - dt.timedelta(minutes=11)) for _ in range(FAILURES_ALLOWED)
    )

    assert code_find(text=printed, origin="192.0.2.1")


def test_printed_address_is_short():
    assert len(code_url()) <= 40
    assert code_url().isascii()


class TestPage:
    def test_fetching_uses_nothing_up(self, client, printed):
        for _ in range(2):
            assert client.get("/code/", {"code": printed}).status_code == 200
            assert client.head("/code/", {"code": printed}).status_code == 200

        assert Code.objects.get().used_at is None
        assert not CodeFailure.objects.exists()

    def test_good_code_leads_on_and_the_deed_uses_it_up(self, client, printed, suspended):
        response = client.post("/code/", {"code": printed.lower()})
        assert response.status_code == 302
        assert response["Location"] == reverse("mail:confirm_address")
        assert "taro@example.jp" in client.get(response["Location"]).content.decode()
        assert Code.objects.get().used_at is None

        answer = client.post(response["Location"])

        suspended.refresh_from_db()
        assert answer.status_code == 200
        assert suspended.lifted_at is not None
        assert Code.objects.get().used_at is not None
        assert client.post(response["Location"])["Location"] == "/code/"

    def test_wrong_code_is_explained(self, client, printed):
        response = client.post("/code/", {"code": "AAAA-AAAA"})

        assert response.status_code == 422
        assert "このコードは登録されていません" in response.content.decode()
        assert CodeFailure.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "AAA", "A" * 200, "\0", '"'])
    def test_nonsense_is_refused_without_counting(self, client, text):
        assert client.post("/code/", {"code": text}).status_code == 422
        assert not CodeFailure.objects.exists()

    def test_guesser_meets_the_throttle(self, client, printed):
        for _ in range(FAILURES_ALLOWED):
            client.post("/code/", {"code": "AAAA-AAAA"})

        refused = client.post("/code/", {"code": printed})

        assert refused.status_code == 429
        assert "10分ほど待って" in refused.text
        assert "パスワード" not in refused.text

    def test_guesser_with_a_whole_ipv6_network_is_one(self, client, printed):
        for number in range(FAILURES_ALLOWED):
            client.post("/code/", {"code": "AAAA-AAAA"}, REMOTE_ADDR=f"2001:db8:0:1:{number:x}::1")

        places = ["2001:db8:0:1:ffff::1", "2001:db8:0:2::1", "::ffff:192.0.2.1"]
        answers = [client.post("/code/", {"code": printed}, REMOTE_ADDR=place).status_code for place in places]
        assert answers == [429, 302, 302]

    def test_deed_without_a_code_asks_for_one(self, client):
        assert client.get("/code/address/")["Location"] == "/code/"
        assert client.post("/code/address/")["Location"] == "/code/"


def test_confirmation_reaches_a_suspended_address_and_lifts_it(client, suspended):
    confirmation_send(suppression=suspended)
    outbox_send()
    mail = bytes(MailboxItem.objects.get().octets)
    text = email.message_from_bytes(mail, policy=email.policy.default).get_body(("plain",)).get_content()
    printed = re.search(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", text).group()

    client.post("/code/", {"code": printed})
    client.post("/code/address/")

    suspended.refresh_from_db()
    assert suspended.lifted_by_name == "taro@example.jp"
    assert code_url() in text


def test_confirmation_is_written_in_the_language_of_the_site_whoever_sends_it(suspended):
    with translation.override("en"):
        message = confirmation_send(suppression=suspended)

    assert message.subject == "メールアドレスの確認のお願い"
    assert re.search(r"令和\d+年\d+月\d+日（.） \d{2}:\d{2}", message.text)


class TestUnsubscribe:
    @pytest.fixture
    def url(self) -> str:
        delivery = make_delivery(list_id="news.example.jp", list_name="お知らせ", one_click=True)
        return reverse("mail:unsubscribe", args=[unsubscribe_token(delivery.key)])

    def test_fetching_changes_nothing(self, client, url):
        for _ in range(2):
            assert "お知らせ" in client.get(url).content.decode()
            assert client.head(url).status_code == 200

        assert not OptOut.objects.exists()

    def test_one_click_post_of_a_mail_program_unsubscribes(self, url):
        strict = Client(enforce_csrf_checks=True)

        response = strict.post(url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

        assert response.status_code == 200
        assert OptOut.objects.values_list("list_id", "address").get() == ("news.example.jp", "taro@example.jp")
        assert strict.post(url).status_code == 200
        assert OptOut.objects.count() == 1

    def test_link_of_another_recipient_cannot_be_made(self, client, url):
        other = make_delivery("jiro@example.jp", list_id="news.example.jp", one_click=True)
        forged = f"{other.key.hex}.{url.rstrip('/').rpartition('.')[2]}"

        assert client.post(reverse("mail:unsubscribe", args=[forged])).status_code == 404
        assert not OptOut.objects.exists()

    def test_official_notice_cannot_be_unsubscribed_from(self, client):
        delivery = make_delivery()

        assert client.post(reverse("mail:unsubscribe", args=[unsubscribe_token(delivery.key)])).status_code == 404

    def test_next_issue_skips_who_left(self, client, url):
        client.post(url)

        assert make_delivery(list_id="news.example.jp", one_click=True).state == "failed"
        assert Delivery.objects.filter(reason="opted_out").count() == 1
