"""Templates of every declared kind, in both languages, through the theme."""

import email
import email.policy
import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page, Site

from cms.mail.conf import MailKind, mail_kinds
from cms.mail.mime import PLACEHOLDER
from cms.mail.services.messages import Recipient, mail_enqueue
from cms.mail.services.rendering import UnknownMailKindError, mail_preview, mail_render
from cms.mail.services.sending import outbox_send
from cms.theming.themes import using_theme

pytestmark = pytest.mark.django_db

JAPANESE = re.compile(r"[぀-ヿ一-鿿]")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", mail_kinds().values(), ids=lambda kind: kind.slug)
def test_every_kind_reads_well_in_both_languages(kind: MailKind, language):
    preview = mail_preview(kind=kind.slug, language=language)

    assert preview.subject
    assert not PLACEHOLDER.search(preview.subject + preview.text + preview.html)
    assert not re.search(r"{%|%}|{{|}}", preview.text + preview.html)
    assert f'lang="{language}"' in preview.html
    # What can be clicked is printed in the text part, and under its button.
    for url in re.findall(r'href="(http[^"]+)"', preview.html):
        assert url in preview.text
        assert preview.html.count(url) >= 2
    assert "<style" not in preview.html
    assert 'style="' in preview.html
    assert not re.search(r'src="http|url\(', preview.html)
    if language == "en":
        assert not JAPANESE.search(preview.subject)


def test_languages_differ():
    assert mail_preview(kind="mail.test", language="ja").subject == "試験メール"
    assert mail_preview(kind="mail.test", language="en").subject == "Test mail"


def test_text_part_escapes_nothing():
    rendered = mail_render(kind="mail.test", context={"sent_by": "A & B <c>", "sent_at": timezone.now()})

    assert "A & B <c>" in rendered.text
    assert "A &amp; B &lt;c&gt;" in rendered.html


def test_mail_names_the_association_as_its_pages_do():
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=root, is_default_site=True, site_name="見本主管課長会")

    preview = mail_preview(kind="mail.test", language="ja")

    assert "見本主管課長会" in preview.text
    assert "見本主管課長会" in preview.html


def test_theme_overrides_the_templates_of_mails(settings, tmp_path):
    (tmp_path / "standard").symlink_to(settings.THEMES_DIR / "standard")
    mails = tmp_path / "sea" / "templates" / "mail"
    mails.mkdir(parents=True)
    (tmp_path / "sea" / "static").mkdir()
    (tmp_path / "sea" / "theme.toml").write_text('name = "sea"\n[title]\nja = "海"\nen = "Sea"\n')
    (mails / "test.txt").write_text("手本の文面")
    settings.THEMES_DIR = tmp_path

    with using_theme("sea"):
        preview = mail_preview(kind="mail.test", language="ja")

    assert preview.text == "手本の文面\n"
    assert preview.subject == "試験メール"


def test_unknown_kind_is_an_error():
    with pytest.raises(UnknownMailKindError):
        mail_render(kind="no.such", context={})


def test_official_mail_offers_no_unsubscribing():
    with pytest.raises(ValidationError):
        mail_enqueue(
            kind="mail.test",
            context={"sent_by": "", "sent_at": timezone.now()},
            recipients=[Recipient("a@example.jp")],
            list_id="news.example.jp",
            one_click=True,
        )


def test_kind_is_mailed_with_each_recipients_values(transport):
    mail_enqueue(
        kind="mail.confirm_address",
        context={"code_url": "https://www.example.jp/code/", "expires": timezone.now()},
        recipients=[Recipient("a@example.jp", values={"code": "ACDE-F346"})],
    )

    outbox_send(transport=transport)

    received = email.message_from_bytes(transport.handed[0][2], policy=email.policy.default)
    assert "ACDE-F346" in received.get_body(("plain",)).get_content()
    assert "ACDE-F346" in received.get_body(("html",)).get_content()
