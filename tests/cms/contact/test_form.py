"""The contact form: what reaches the secretariat, what is refused, and what nobody can abuse it for."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from cms.contact import services
from cms.contact.forms import SIGNER
from cms.contact.models import ContactSettings, Enquiry
from cms.contact.services import new_form_token
from cms.mail.mime import Template
from cms.mail.models import Delivery, Message
from cms.plugin_api.models import SiteState
from tests.factories.accounts import UserFactory
from tests.factories.contact import EnquiryFactory
from tests.factories.pages import home_page

pytestmark = pytest.mark.django_db
URL = "/contact/"


def signed(age: timedelta = timedelta(seconds=30)) -> str:
    """Return the mark of a form that was handed out so long ago."""
    with pytest.MonkeyPatch.context() as patch:
        past = (timezone.now() - age).timestamp()
        patch.setattr("django.core.signing.time.time", lambda: past)
        return SIGNER.sign(str(new_form_token()))


def typed(**values: str) -> dict[str, str]:
    usual = {
        "name": "見本 太郎",
        "organisation": "見本市 情報政策課",
        "email": "taro@example.jp",
        "telephone": "00-0000-0000",
        "subject": "入会について",
        "text": "入会の手続を\r\n教えてください。",
        "website": "",
    }
    return {**usual, "form_token": signed(), **values}


@pytest.fixture
def secretary() -> Any:
    person = UserFactory(email="jimu@example.jp")
    person.user_permissions.add(Permission.objects.get(codename="change_enquiry"))
    return person


def mail_of(kind: str) -> Delivery:
    return Delivery.objects.get(message__kind=kind)


def words_of(delivery: Delivery) -> tuple[str, str]:
    """Return subject and text as they are sent."""
    message = delivery.message
    filled = [
        Template(source, message.placeholders).fill(delivery.values) for source in (message.subject, message.text)
    ]
    return filled[0], filled[1]


def test_message_reaches_the_secretariat_and_is_confirmed(client: Client, secretary: Any) -> None:
    home_page()

    response = client.post(URL, typed())

    enquiry = Enquiry.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, "/contact/sent/")
    assert (enquiry.name, enquiry.text, enquiry.state) == ("見本 太郎", "入会の手続を\n教えてください。", "open")
    told = mail_of("contact.enquiry")
    assert (told.address, told.message.reply_to) == ("jimu@example.jp", "taro@example.jp")
    assert "入会の手続を\n教えてください。" in words_of(told)[1]
    assert f"/admin/contact/edit/{enquiry.pk}/" in told.message.text
    assert mail_of("contact.receipt").address == "taro@example.jp"
    assert "お問合せを受け付けました" in client.get("/contact/sent/").content.decode()


def test_form_works_as_a_visitor_meets_it(secretary: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cookie and the marks that the page itself hands out, and nothing else; after a while of typing."""
    home_page()
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(URL)
    found = dict(re.findall(r'name="(csrfmiddlewaretoken|form_token)" value="([^"]+)"', page.content.decode()))
    later = timezone.now().timestamp() + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    response = visitor.post(URL, {**typed(), **found})

    assert response.status_code == 302
    assert Enquiry.objects.count() == 1


def test_confirmation_repeats_nothing_that_was_typed(client: Client, secretary: Any) -> None:
    """Whoever types somebody else's address can't make the site say anything to them."""
    client.post(URL, typed(name="安い薬", subject="買う", text="https://spam.example/"))

    receipt = mail_of("contact.receipt")
    said = "".join([receipt.message.subject, receipt.message.text, receipt.message.html, *receipt.values.values()])
    assert not any(word in said for word in ("安い薬", "買う", "spam"))


def test_nobody_is_flooded_with_confirmations(client: Client, secretary: Any) -> None:
    for _number in range(services.RECEIPTS_A_DAY + 2):
        client.post(URL, typed(email="victim@example.jp"))
        client.post(URL, typed(email="VICTIM@example.jp"))

    assert Delivery.objects.filter(message__kind="contact.receipt").count() == services.RECEIPTS_A_DAY
    assert Enquiry.objects.count() == 2 * (services.RECEIPTS_A_DAY + 2)


def test_mail_and_row_stand_or_fall_together(client: Client, secretary: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("cms.contact.services._confirm", broken)
    with pytest.raises(RuntimeError):
        client.post(URL, typed())

    assert not Enquiry.objects.exists()
    assert not Message.objects.exists()


def test_confirmation_speaks_the_senders_language(client: Client, secretary: Any) -> None:
    client.cookies["kairan_language"] = "en"

    client.post(URL, typed())

    assert "Your message has been received" in mail_of("contact.receipt").message.subject
    assert "お問合せ" in mail_of("contact.enquiry").message.subject


@pytest.mark.parametrize("field", ["name", "organisation", "subject", "telephone", "email"])
@pytest.mark.parametrize("smuggled", ["x\r\nBcc: all@example.jp", "x\nSubject: y", "x\x0bz"])
def test_line_break_in_a_line_is_refused_and_nothing_is_mailed(
    client: Client, secretary: Any, field: str, smuggled: str
) -> None:
    response = client.post(URL, typed(**{field: smuggled}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["{{recipient_name}} {{ unsubscribe_url }} {{nothing}}", "{% now %} <b>x</b> &amp;"])
def test_what_looks_like_a_template_is_only_text(client: Client, secretary: Any, text: str) -> None:
    response = client.post(URL, typed(text=text, subject="{{sender_text}}"))

    assert response.status_code == 302
    assert text in words_of(mail_of("contact.enquiry"))[1]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"email": "a..b@docomo.ne.jp"}, "email", "点（.）が連続"),
        ({"email": "x"}, "email", "name@example.jp"),
        ({"name": ""}, "name", "必須"),
        ({"text": "あ" * 4001}, "text", "4000"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    client: Client, secretary: Any, values: dict[str, str], field: str, sentence: str
) -> None:
    home_page()
    response = client.post(URL, typed(**{"subject": "入会", **values}))

    html = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert sentence in response.context["form"].errors[field][0]
    assert 'value="入会"' in html
    assert f'href="#id_{field}"' in html
    assert not Enquiry.objects.exists()


def test_program_that_fills_in_every_field_is_thanked_and_forgotten(client: Client, secretary: Any) -> None:
    response = client.post(URL, typed(website="https://spam.example/"))

    assert (response.status_code, response.headers["Location"]) == (302, "/contact/sent/")
    assert not Enquiry.objects.exists()
    assert not Message.objects.exists()


def test_trap_is_out_of_reach_for_people(client: Client) -> None:
    home_page()
    html = client.get(URL).content.decode()

    trap = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?name="website".*?</div>', html)
    assert trap is not None
    assert 'tabindex="-1"' in trap.group()


@pytest.mark.parametrize(("age", "code"), [(timedelta(seconds=1), "fast"), (timedelta(days=1, seconds=5), "old")])
def test_form_sent_too_soon_or_too_late_asks_to_send_again(
    client: Client, secretary: Any, age: timedelta, code: str
) -> None:
    home_page()
    response = client.post(URL, typed(form_token=signed(age)))

    form = response.context["form"]
    assert [error.code for error in form.non_field_errors().as_data()] == [code]
    assert "入会の手続を" in response.content.decode()
    again = re.search(r'name="form_token" value="([^"]+)"', response.content.decode()).group(1)
    assert SIGNER.unsign(again)


def test_forged_mark_is_refused(client: Client, secretary: Any) -> None:
    for token in ("", "x", f"{new_form_token()}:1:x"):
        assert client.post(URL, typed(form_token=token)).status_code == 422
    assert not Enquiry.objects.exists()


def test_same_form_sent_twice_is_one_enquiry(client: Client, secretary: Any) -> None:
    once = typed()

    statuses = [client.post(URL, once).status_code for _ in range(2)]

    assert statuses == [302, 302]
    assert Enquiry.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_enquiry() -> None:
    UserFactory(is_superuser=True, email="admin@example.jp")
    ContactSettings.load()
    once, results = typed(), []

    def click() -> None:
        try:
            results.append(Client().post(URL, once).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [302] * 6
    assert Enquiry.objects.count() == 1
    assert Message.objects.count() == 2


def test_one_exit_of_a_prefecture_may_write_and_a_flood_may_not(client: Client, secretary: Any) -> None:
    statuses = [
        client.post(URL, typed(email=f"{number}@example.jp"), REMOTE_ADDR="192.0.2.1").status_code
        for number in range(services.ALLOWED_FROM_ONE_ADDRESS + 1)
    ]
    elsewhere = client.post(URL, typed(), REMOTE_ADDR="192.0.2.2").status_code

    assert statuses == [302] * services.ALLOWED_FROM_ONE_ADDRESS + [429]
    assert elsewhere == 302


def test_flood_from_one_ipv6_network_is_stopped(client: Client, secretary: Any) -> None:
    statuses = [
        client.post(URL, typed(email=f"{number}@example.jp"), REMOTE_ADDR=f"2001:db8:0:1::{number:x}").status_code
        for number in range(services.ALLOWED_FROM_ONE_ADDRESS + 1)
    ]
    elsewhere = client.post(URL, typed(), REMOTE_ADDR="2001:db8:0:2::1").status_code

    assert statuses == [302] * services.ALLOWED_FROM_ONE_ADDRESS + [429]
    assert elsewhere == 302


def test_forged_forwarding_header_does_not_reset_the_count(client: Client, secretary: Any) -> None:
    statuses = {
        client.post(URL, typed(), headers={"x-forwarded-for": f"192.0.2.{number}"}).status_code
        for number in range(services.ALLOWED_FROM_ONE_ADDRESS + 1)
    }

    assert statuses == {302, 429}


def test_flood_from_everywhere_is_stopped_and_what_was_typed_stays(client: Client, secretary: Any) -> None:
    home_page()
    EnquiryFactory.create_batch(services.ALLOWED_IN_ALL)

    response = client.post(URL, typed())

    html = response.content.decode()
    assert response.status_code == 429
    assert "お問合せが集中しています" in html
    assert "教えてください。" in html
    assert Enquiry.objects.count() == services.ALLOWED_IN_ALL


def test_address_of_the_sender_is_kept_as_a_digest_only(client: Client, secretary: Any) -> None:
    client.post(URL, typed(), REMOTE_ADDR="192.0.2.77")

    assert "192.0.2.77" not in Enquiry.objects.get().origin
    assert len(Enquiry.objects.get().origin) == 64


def test_configured_addresses_come_before_people(client: Client, secretary: Any) -> None:
    ContactSettings.objects.create(pk=1, recipients=" desk@example.jp \n\nｈｅａｄ@example.jp")

    client.post(URL, typed())

    told = Delivery.objects.filter(message__kind="contact.enquiry").values_list("address", flat=True)
    assert sorted(told) == ["desk@example.jp", "head@example.jp"]
    assert mail_of("contact.receipt").message.reply_to == "desk@example.jp"


def test_without_a_secretariat_administrators_are_told(client: Client) -> None:
    UserFactory(is_superuser=True, email="admin@example.jp")
    UserFactory(is_superuser=True, email="gone@example.jp", is_active=False)

    client.post(URL, typed())

    assert mail_of("contact.enquiry").address == "admin@example.jp"


def test_person_who_logged_in_need_not_type_name_and_address(client: Client) -> None:
    home_page()
    client.force_login(UserFactory(last_name="田中", first_name="一郎", email="tanaka@example.jp"))

    html = client.get(URL).content.decode()

    assert 'value="田中 一郎"' in html
    assert 'value="tanaka@example.jp"' in html


def test_form_is_never_kept_for_others(transactional_db: None, settings: Any) -> None:
    settings.PAGE_CACHE = True
    home_page()

    first, second = (Client().get(URL) for _ in range(2))

    assert "no-store" in first.headers["Cache-Control"]
    assert first.cookies["csrftoken"].value != second.cookies["csrftoken"].value


def test_enquiry_does_not_empty_the_page_cache(client: Client, secretary: Any) -> None:
    ContactSettings.load()
    before = SiteState.objects.filter(pk=1).values_list("generation", flat=True).first()

    client.post(URL, typed())

    assert SiteState.objects.filter(pk=1).values_list("generation", flat=True).first() == before


def test_form_is_in_every_footer_and_says_how_long_things_are_kept(client: Client) -> None:
    home_page()
    ContactSettings.objects.create(pk=1, keep_days=30, intro="3業務日以内に回答します。")

    assert '<a href="/contact/">お問合せ</a>' in client.get("/nowhere/").content.decode()
    html = client.get(URL).content.decode()
    assert "30日後に削除します" in html
    assert "3業務日以内に回答します。" in html


def test_answered_enquiries_are_deleted_by_rule_and_open_ones_stay() -> None:
    now = timezone.now()
    old = now - timedelta(days=31)
    ContactSettings.objects.create(pk=1, keep_days=30)
    EnquiryFactory(subject="古い対応済", state="done", done_at=old)
    EnquiryFactory(subject="新しい対応済", state="done", done_at=now - timedelta(days=29))
    waiting = EnquiryFactory(subject="未対応", origin="x" * 64)
    Enquiry.objects.filter(pk=waiting.pk).update(received_at=old)

    deleted = services.enquiries_tidy(at=now)

    assert deleted == 1
    assert set(Enquiry.objects.values_list("subject", flat=True)) == {"新しい対応済", "未対応"}
    assert Enquiry.objects.get(pk=waiting.pk).origin == ""


@pytest.mark.parametrize("make", [lambda: "あ" * 200 + "@example.jp", lambda: "a@" + "b" * 300])
def test_endless_address_is_a_sentence_and_no_error(client: Client, make: Callable[[], str]) -> None:
    assert client.post(URL, typed(email=make())).status_code == 422
