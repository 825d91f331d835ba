"""What the secretariat keeps in the admin by Wagtail's own lists and forms."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from .claims import SeatClaimViewSet
from .imports import AccessViewSet, ImportViewSet
from .joining import ApplicationViewSet, WithdrawalViewSet
from .memberships import DeclaredCountViewSet, MembershipViewSet
from .officers import OfficerTermViewSet
from .register import PeopleMenuViewSet, RegisterViewSet
from .rosters import RosterEntryViewSet, RosterViewSet


class MembersGroup(ViewSetGroup):
    """All of it under one heading."""

    menu_label = _("Membership")
    menu_icon = "group"
    menu_order = 200
    items: tuple[Any, ...] = (
        RegisterViewSet(),
        PeopleMenuViewSet(),
        RosterViewSet(),
        RosterEntryViewSet(),
        MembershipViewSet(),
        OfficerTermViewSet(),
        SeatClaimViewSet(),
        ApplicationViewSet(),
        WithdrawalViewSet(),
        ImportViewSet(),
        DeclaredCountViewSet(),
        AccessViewSet(),
    )
