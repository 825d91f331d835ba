"""Official notices in the admin: whom to write to, how it looks, who gets it, releasing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import Column, Table, TitleColumn

from cms.mail.models import Notice
from cms.mail.permissions import SEND_NOTICES, VIEW_NOTICES, WRITE_NOTICES
from cms.mail.services.notices import (
    Reach,
    audiences_offered,
    criteria_words,
    notice_preview,
    notice_reach,
    notice_release,
    notice_unschedule,
)
from cms.mail.tables import audience_label, message_url, reach_columns
from cms.mail.transports import way_out
from cms.plugin_api.seen import PeopleSeenMixin

from .previews import framed
from .staff import Act, MailPage, _person

RECIPIENTS_A_PAGE = 100


@method_decorator(permission_required(WRITE_NOTICES), name="dispatch")
class AudienceListView(MailPage):
    """Whom the plugins offer to write to."""

    template_name = "mail/admin/audiences.html"
    page_title = gettext_lazy("New notice")
    parent = ("mail_notices:index", gettext_lazy("Notices"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            TitleColumn("label", label=gettext_lazy("Audience"), get_url=_write_url),
            Column("help_text", label=gettext_lazy("Who that is")),
        ]
        offered = list(audiences_offered().values())
        return super().get_context_data(table=Table(columns, offered) if offered else None, **kwargs)


def _write_url(audience: Any) -> str:
    return f"{reverse('mail_notices:add')}?{urlencode({'audience': audience.slug})}"


class NoticePage(MailPage):
    """Common to the pages on one notice: who it would reach now, or why nobody knows."""

    parent = ("mail_notices:index", gettext_lazy("Notices"))

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.notice = get_object_or_404(Notice.objects.select_related("message"), pk=kwargs["pk"])
        self.trouble = ""

    def get_page_subtitle(self) -> str:
        return self.notice.subject

    @cached_property
    def reach(self) -> Sequence[Reach]:
        try:
            return notice_reach(notice=self.notice)
        except ValidationError as error:
            self.trouble = " ".join(error.messages)
            return ()


@method_decorator(permission_required(VIEW_NOTICES), name="dispatch")
class NoticeView(PeopleSeenMixin, NoticePage):
    """One notice as its readers will see it, and what can be done with it."""

    template_name = "mail/admin/notice.html"
    page_title = gettext_lazy("Notice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = self.notice
        reach = () if notice.message_id else self.reach
        unreachable = sum(bool(one.problem) for one in reach)
        return super().get_context_data(
            notice=notice,
            audience=audience_label(notice, audiences_offered()),
            criteria=criteria_words(notice=notice),
            count=len(reach),
            unreachable=unreachable,
            reachable=len(reach) - unreachable,
            trouble=self.trouble,
            preview=None if self.trouble or notice.message_id else notice_preview(notice=notice, reach=reach),
            mail_language=settings.LANGUAGE_CODE,
            frame_url=reverse("mail_admin:notice_html", args=[notice.pk]),
            recipients_url=reverse("mail_admin:notice_recipients", args=[notice.pk]),
            message_url=message_url(notice.message) if notice.message else "",
            may_send=self.request.user.has_perm(SEND_NOTICES),
            way_out=way_out(),
            **kwargs,
        )


@method_decorator([permission_required(VIEW_NOTICES), xframe_options_sameorigin], name="dispatch")
class NoticeHtmlView(View):
    """The HTML part alone, for the frame."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return it closed in."""
        notice = get_object_or_404(Notice, pk=pk)
        try:
            return framed(notice_preview(notice=notice, reach=notice_reach(notice=notice)).html)
        except ValidationError as error:
            return HttpResponse(" ".join(error.messages), status=409, content_type="text/plain; charset=utf-8")


@method_decorator(permission_required(VIEW_NOTICES), name="dispatch")
class NoticeRecipientsView(PeopleSeenMixin, NoticePage):
    """Everybody whom the notice would reach now, and those whom it can't: they are telephoned."""

    template_name = "mail/admin/notice_recipients.html"
    page_title = gettext_lazy("Recipients")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        only = bool(self.request.GET.get("unreachable"))
        rows = [one for one in self.reach if one.problem or not only]
        page = Paginator(rows, RECIPIENTS_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            notice=self.notice,
            trouble=self.trouble,
            only=only,
            count=len(rows),
            items=page,
            table=Table(reach_columns(), page.object_list),
            **kwargs,
        )


@method_decorator(permission_required(SEND_NOTICES), name="dispatch")
class NoticeReleaseView(Act):
    """Sends a notice, or leaves it to its moment."""

    back = "mail_admin:notice"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        message = notice_release(notice=get_object_or_404(Notice, pk=pk), by=_person(request))
        if message is None:
            return True, _("The notice is scheduled. Its recipients are looked up again when it is sent.")
        count = message.deliveries.waiting().count()
        words = ngettext(
            "The notice is on its way to %(count)d recipient.",
            "The notice is on its way to %(count)d recipients.",
            count,
        )
        return True, words % {"count": count}


@method_decorator(permission_required(SEND_NOTICES), name="dispatch")
class NoticeUnscheduleView(Act):
    """Takes a scheduled notice back."""

    back = "mail_admin:notice"

    def act(self, request: HttpRequest, pk: int) -> tuple[bool, str]:
        done = notice_unschedule(notice=get_object_or_404(Notice, pk=pk))
        if done:
            return True, _("The notice is a draft again. Nothing was sent.")
        return False, _("It is not scheduled any more: it has been sent, or taken back already.")
