"""Puts the erasure into the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry

from cms.accounts.models import User

from .permissions import ERASE
from .views import EraseView


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Mount the page that asks before it erases."""
    return [path("people/<int:pk>/erase/", EraseView.as_view(), name="privacy_erase")]


@hooks.register("register_user_listing_buttons")
def offer_erasure(user: User, request_user: Any) -> Iterator[Button]:
    """Offer it beside each person to whoever may."""
    if request_user.has_perm(ERASE):
        yield Button(_("Erase personal data"), reverse("privacy_erase", args=[user.pk]), icon_name="bin", priority=40)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what is written into the history."""
    actions.register_action("privacy.erase", _("Personal data erased"), _("Erased the personal data"))
