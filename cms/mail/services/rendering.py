"""Renders the templates of a kind of mail: once for all recipients, with placeholders where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from wagtail.models import Site

from cms.mail.conf import STANDARD_PLACEHOLDERS, MailKind, mail_kinds
from cms.mail.mime import Template, single_line

from .choices import choices_url


class UnknownMailKindError(LookupError):
    """No installed app declares this kind of mail."""


@dataclass(frozen=True)
class RenderedMail:
    """The final words of a mail in one language; placeholders stand where recipients differ."""

    kind: MailKind
    subject: str
    text: str
    html: str


def mail_render(*, kind: str, context: Mapping[str, Any], language: str = "") -> RenderedMail:
    """Render the three templates of a kind. Raises `UnknownMailKindError`."""
    declared = mail_kinds().get(kind)
    if declared is None:
        raise UnknownMailKindError(kind)
    with translation.override(language or settings.LANGUAGE_CODE):
        return _render(declared, context)


def mail_preview(*, kind: str, language: str) -> RenderedMail:
    """Render a kind with its own sample data, placeholders filled."""
    declared = mail_kinds().get(kind)
    if declared is None:
        raise UnknownMailKindError(kind)
    with translation.override(language):
        context = {name: _spoken(value) for name, value in declared.context.items()}
        rendered = _render(declared, context)
        values = {name: str(value) for name, value in declared.placeholders.items()}
    values = {**_sample_standard(), **values}
    return RenderedMail(
        kind=declared,
        subject=Template(rendered.subject, values).fill(values),
        text=Template(rendered.text, values).fill(values),
        html=Template(rendered.html, values).fill(values),
    )


def _sample_standard() -> dict[str, str]:
    return {
        "recipient_name": "見本 太郎",
        "recipient_address": "taro@example.jp",
        "unsubscribe_url": f"{settings.BASE_URL}/mail/unsubscribe/…",
    }


def _spoken(value: Any) -> Any:
    """Turn lazy sample data into the words of the language that is active now."""
    if isinstance(value, (list, tuple)):
        return [_spoken(item) for item in value]
    return str(value) if isinstance(value, Promise) else value


def _render(kind: MailKind, context: Mapping[str, Any]) -> RenderedMail:
    tokens = {name: f"{{{{{name}}}}}" for name in (*STANDARD_PLACEHOLDERS, *kind.placeholders)}
    shared = {**tokens, "base_url": settings.BASE_URL, "site_name": _association()}
    shared |= {"choices_url": "" if kind.official else choices_url(), **context}
    subject = single_line(render_to_string(f"{kind.template}.subject.txt", shared))
    text = render_to_string(f"{kind.template}.txt", shared).strip() + "\n"
    html = render_to_string(f"{kind.template}.html", {**shared, "subject": subject})
    return RenderedMail(kind=kind, subject=subject, text=text, html=_styled(html))


def _association() -> str:
    """Return the name that stands above every page, by the same rule; the product's on a site that has none yet."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return str(site.site_name or site.root_page.title) if site else str(settings.WAGTAIL_SITE_NAME)


def _styled(html: str) -> str:
    """Write the theme's mail style into each element: many mail programs drop style sheets."""
    inliner = css_inline.CSSInliner(
        extra_css=render_to_string("mail/mail.css"), load_remote_stylesheets=False, keep_style_tags=False
    )
    return inliner.inline(html)
