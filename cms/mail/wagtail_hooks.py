"""Puts mail into the admin."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from .permissions import VIEW_MAIL, VIEW_MAILBOX, VIEW_NOTICES
from .urls import admin as admin_urls
from .views.ticked import CancelWaiting, TryAgain
from .viewsets import DomainPaceViewSet, NoticeViewSet, domain_paces, notices


class GuardedItem(MenuItem):
    """Shown to those who have its permission."""

    def __init__(self, permission: str, label: Any, url: Any, **kwargs: Any) -> None:
        super().__init__(label, url, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    """Mount the pages at /admin/mail/."""
    return [path("mail/", include(admin_urls))]


@hooks.register("register_admin_viewset")
def register_paces() -> DomainPaceViewSet:
    """Mount the paces."""
    return domain_paces


@hooks.register("register_admin_viewset")
def register_notices() -> NoticeViewSet:
    """Mount the notices."""
    return notices


hooks.register("register_bulk_action", CancelWaiting)
hooks.register("register_bulk_action", TryAgain)


@hooks.register("register_admin_menu_item")
def register_menu() -> MenuItem:
    """Offer it all under one heading."""
    items = [
        GuardedItem(VIEW_NOTICES, _("Notices"), reverse_lazy("mail_notices:index"), icon_name="edit", order=5),
        GuardedItem(VIEW_MAIL, _("Mail sent"), reverse_lazy("mail_admin:messages"), icon_name="mail", order=10),
        GuardedItem(VIEW_MAIL, _("Deliveries"), reverse_lazy("mail_admin:deliveries"), icon_name="list-ul", order=20),
        GuardedItem(
            "mail.view_suppression",
            _("Suspended addresses"),
            reverse_lazy("mail_admin:suspensions"),
            icon_name="warning",
            order=30,
        ),
        GuardedItem(VIEW_MAIL, _("Templates"), reverse_lazy("mail_admin:templates"), icon_name="view", order=40),
        GuardedItem(
            "mail.change_domainpace",
            _("Paces of domains"),
            reverse_lazy("mail_paces:index"),
            icon_name="time",
            order=50,
        ),
    ]
    if settings.MAIL_TRANSPORT.endswith("MailboxTransport"):
        items.append(
            GuardedItem(VIEW_MAILBOX, _("Mailbox"), reverse_lazy("mail_admin:mailbox"), icon_name="download", order=60)
        )
    return SubmenuMenuItem(_("Mail"), Menu(items=items), name="mail", icon_name="mail", order=600)
