"""How mails look: templates with sample data, and what the demo delivered. Their HTML is shown in a closed frame."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import Column, Table, TitleColumn

from cms.mail.conf import offered_kinds
from cms.mail.models import MailboxItem
from cms.mail.permissions import VIEW_MAIL, VIEW_MAILBOX
from cms.mail.services.rendering import RenderedMail, mail_preview
from cms.plugin_api.seen import PeopleSeenMixin

from .staff import MailPage

CLOSED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A mail is somebody else's HTML: no script, no picture from outside, no form, no way to this site's cookies."""


def framed(html: str) -> HttpResponse:
    """Return a mail's HTML for a frame of this site only."""
    return HttpResponse(html, headers={"Content-Security-Policy": CLOSED, "X-Content-Type-Options": "nosniff"})


@method_decorator(permission_required(VIEW_MAIL), name="dispatch")
class TemplateListView(MailPage):
    """Every kind of mail that the installed apps send."""

    template_name = "mail/admin/templates.html"
    page_title = gettext_lazy("Templates")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            TitleColumn(
                "label",
                label=gettext_lazy("Kind"),
                get_url=lambda kind: reverse("mail_admin:template", args=[kind.slug, settings.LANGUAGE_CODE]),
            ),
            Column("slug", label=gettext_lazy("Identifier")),
            Column("urgency", label=gettext_lazy("Urgency"), accessor=lambda kind: kind.urgency.label),
            Column("placeholders", label=gettext_lazy("Placeholders"), accessor=_placeholders),
        ]
        return super().get_context_data(table=Table(columns, list(offered_kinds().values())), **kwargs)


def _placeholders(kind: Any) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in kind.placeholders)


def _preview(slug: str, language: str) -> RenderedMail:
    if slug not in offered_kinds() or language not in dict(settings.LANGUAGES):
        raise Http404
    return mail_preview(kind=slug, language=language)


@method_decorator(permission_required(VIEW_MAIL), name="dispatch")
class TemplateView(MailPage):
    """One kind of mail with its sample data, as HTML and as text."""

    template_name = "mail/admin/template.html"
    page_title = gettext_lazy("Template")
    parent = ("mail_admin:templates", gettext_lazy("Templates"))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.preview = _preview(kwargs["slug"], kwargs["language"])

    def get_page_subtitle(self) -> str:
        return str(self.preview.kind.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.preview.kind.slug
        languages = [
            (label, reverse("mail_admin:template", args=[slug, code]), code == self.kwargs["language"])
            for code, label in settings.LANGUAGES
        ]
        frame = reverse("mail_admin:template_html", args=[slug, self.kwargs["language"]])
        return super().get_context_data(
            preview=self.preview,
            mail_language=self.kwargs["language"],
            languages=languages,
            frame_url=frame,
            **kwargs,
        )


@method_decorator([permission_required(VIEW_MAIL), xframe_options_sameorigin], name="dispatch")
class TemplateHtmlView(View):
    """The HTML part alone, for the frame."""

    def get(self, request: HttpRequest, slug: str, language: str) -> HttpResponse:
        """Return it closed in."""
        return framed(_preview(slug, language).html)


def _parsed(item: MailboxItem) -> EmailMessage:
    message = email.message_from_bytes(bytes(item.octets), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  what the default policy makes
    return message


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""


@method_decorator(permission_required(VIEW_MAILBOX), name="dispatch")
class MailboxItemView(PeopleSeenMixin, MailPage):
    """One delivered mail, as its reader sees it."""

    template_name = "mail/admin/mailbox_item.html"
    page_title = gettext_lazy("Mail")
    header_icon = "download"
    parent = ("mail_admin:mailbox", gettext_lazy("Mailbox"))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(MailboxItem.objects.select_related("delivery"), pk=kwargs["pk"])
        self.mail = _parsed(self.item)

    def get_page_subtitle(self) -> str:
        return str(self.mail["subject"] or "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_html = self.mail.get_body(("html",)) is not None
        return super().get_context_data(
            item=self.item,
            headers=[(name, str(value)) for name, value in self.mail.items()],
            text=_part(self.mail, "plain"),
            frame_url=reverse("mail_admin:mailbox_html", args=[self.item.pk]) if has_html else "",
            **kwargs,
        )


@method_decorator([permission_required(VIEW_MAILBOX), xframe_options_sameorigin], name="dispatch")
class MailboxHtmlView(View):
    """The HTML part of a delivered mail, for the frame."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return it closed in."""
        return framed(_part(_parsed(get_object_or_404(MailboxItem, pk=pk)), "html"))


@method_decorator(permission_required(VIEW_MAILBOX), name="dispatch")
class MailboxDownloadView(View):
    """The octets, for a mail program."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return them as a file."""
        item = get_object_or_404(MailboxItem, pk=pk)
        headers = {"Content-Disposition": f'attachment; filename="mail-{pk}.eml"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(bytes(item.octets), content_type="message/rfc822", headers=headers)
