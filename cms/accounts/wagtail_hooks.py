"""Wiring into Wagtail."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction

from .models import User
from .permissions import CHANGE_PEOPLE, can_enter_admin
from .services import RENAME
from .viewsets import (
    DeskHandoverView,
    OrganisationChooserViewSet,
    OrganisationViewSet,
    PeopleTickedMixin,
    PersonChooserViewSet,
)

for _action in (AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction):
    # After Wagtail's own, in whose place they come.
    hooks.register("register_bulk_action", type(_action.__name__, (PeopleTickedMixin, _action), {}), order=1)


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    """Put the register into the admin."""
    return [OrganisationViewSet(), OrganisationChooserViewSet(), PersonChooserViewSet()]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Mount the page on which somebody of the secretariat hands over."""
    return [path("people/<int:pk>/hand-over/", DeskHandoverView.as_view(), name="accounts_desk_handover")]


@hooks.register("register_user_listing_buttons")
def offer_handover(user: User, request_user: Any) -> Iterator[Button]:
    """Offer it beside each person who works for the secretariat, to whoever may change people."""
    if request_user.has_perm(CHANGE_PEOPLE) and can_enter_admin(user):
        address = reverse("accounts_desk_handover", args=[user.pk])
        yield Button(_("Hand over the desk"), address, icon_name="group", priority=35)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what is written into the history of a person."""
    actions.register_action("accounts.desk_handover", _("Desk handed over"), _("Handed over the desk"))
    actions.register_action(RENAME, _("Name changed"), _("Changed the name"))
