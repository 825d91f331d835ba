"""The people on the seats in the admin: who has come, who was invited, and inviting many at once."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.permission_policies import ModelPermissionPolicy

from cms.accounts.enums import OrganisationKind, Prefecture, SeatRole
from cms.accounts.models import Affiliation
from cms.calendar import today
from cms.plugin_api.ticked import NAMED
from plugins.members.enums import Arrival
from plugins.members.models import Invitation, Membership
from plugins.members.permissions import INVITE
from plugins.members.selectors.people import people_on_seats
from plugins.members.services.invitations import (
    invitations_issue,
    invitations_withdraw,
    is_reachable,
)
from plugins.members.tables import people_columns

from .desk import ListedAction, person_of
from .letters import letters


class PeopleFilters(WagtailFilterSet):
    """By how far they have come, role, kind and prefecture."""

    arrival = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Account"), choices=Arrival.choices, widget=CheckboxSelectMultiple
    )
    role = django_filters.ChoiceFilter(label=gettext_lazy("role"), choices=SeatRole.choices, field_name="seat__role")
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("kind"), choices=OrganisationKind.choices, field_name="organisation__kind"
    )
    prefecture = django_filters.ChoiceFilter(
        label=gettext_lazy("prefecture"), choices=Prefecture.choices, field_name="organisation__prefecture"
    )

    class Meta:
        model = Affiliation
        fields = ["arrival", "role", "kind", "prefecture"]


class PeopleListView(IndexView):
    """Everybody on a seat, now or announced."""

    model = Affiliation
    permission_policy = ModelPermissionPolicy(Membership)
    page_title = gettext_lazy("People and invitations")
    header_icon = "user"
    index_url_name = "members_admin:people"
    index_results_url_name = "members_admin:people_results"
    template_name = "plugin_api/rows_to_tick.html"
    default_ordering = ["organisation__prefecture", "organisation__code", "seat_id", "starts_on"]
    paginate_by = 50
    filterset_class = PeopleFilters
    search_fields = [
        "person__last_name",
        "person__first_name",
        "person__username",
        "person__email",
        "organisation__name",
        "organisation__kana",
        "organisation__code",
    ]
    list_export = [
        "organisation.code",
        "organisation",
        "seat.get_role_display",
        "person.display_name",
        "person.username",
        "person.email",
        "organisation.telephone",
        "starts_on",
        "arrival",
        "expires_at",
    ]
    export_filename = "people"

    @cached_property
    def columns(self) -> list[Column]:
        columns: list[Any] = people_columns()
        if self.request.user.has_perm(INVITE):
            columns.insert(0, BulkActionsCheckboxColumn("bulk_actions", obj_type="affiliation"))
        return columns

    def get_base_queryset(self) -> QuerySet[Affiliation]:
        return people_on_seats(today()).select_related("organisation", "person", "seat")


class PeopleAction(ListedAction):
    """Does something to people on seats."""

    models = [Affiliation]
    right = INVITE
    list_view = PeopleListView
    filterset = PeopleFilters

    @classmethod
    def rows(cls) -> QuerySet[Affiliation]:
        return people_on_seats(today()).select_related("seat__organisation", "organisation", "person")

    @staticmethod
    def words(row: Affiliation) -> str:
        return f"{row.organisation} {row.seat.get_role_display()} {row.person.display_name}"


class InviteByMail(PeopleAction):
    """Sends codes by mail."""

    display_name = gettext_lazy("Invite by mail")
    action_type = "invite_by_mail"
    aria_label = gettext_lazy("Invite the chosen people by mail")
    action_priority = 10
    explanation = gettext_lazy(
        "Each gets a mail with a code that works once, for 14 days. Codes from before go dead. "
        "Who has an account is left out."
    )
    submit = gettext_lazy("Send the invitations")

    def prepare_action(self, objects: list[Affiliation], objects_without_access: Any) -> None:
        """Name those to whom nothing can be mailed."""
        unreachable = [one for one in objects if not one.person.has_usable_password() and not is_reachable(one)]
        if unreachable:
            names = "、".join(f"{one.organisation} {one.person}" for one in unreachable[:NAMED])
            sentence = _("%(count)d have no mail address; please print letters for them: %(names)s")
            messages.warning(self.request, sentence % {"count": len(unreachable), "names": names})

    def get_execution_context(self) -> dict[str, Any]:
        return {"by": person_of(self.request)}

    @classmethod
    def execute_action(cls, objects: list[Affiliation], **kwargs: Any) -> tuple[int, int]:
        reachable = [one for one in objects if is_reachable(one)]
        return len(invitations_issue(affiliations=reachable, by=kwargs["by"])), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", num_parent_objects
        ) % {"count": num_parent_objects}


class InviteByLetter(PeopleAction):
    """Prints codes as letters."""

    display_name = gettext_lazy("Print invitations")
    action_type = "invite_by_letter"
    aria_label = gettext_lazy("Print invitations for the chosen people")
    action_priority = 20
    explanation = gettext_lazy(
        "A page A4 each, for envelopes with a window. The codes are shown this once and kept nowhere; "
        "codes from before go dead."
    )
    submit = gettext_lazy("Make the letters")

    def prepare_action(self, objects: list[Affiliation], objects_without_access: Any) -> HttpResponse:
        """Answer with the letters themselves."""
        issued = invitations_issue(affiliations=objects, by=person_of(self.request), by_letter=True)
        return letters(self.request, issued=issued, back_url=self.next_url)


class WithdrawInvitations(PeopleAction):
    """Lets codes go dead."""

    display_name = gettext_lazy("Withdraw invitations")
    action_type = "withdraw_invitations"
    aria_label = gettext_lazy("Withdraw the invitations of the chosen people")
    action_priority = 30
    explanation = gettext_lazy("The codes go dead. The people stay on their seats.")
    submit = gettext_lazy("Withdraw the invitations")

    def get_execution_context(self) -> dict[str, Any]:
        return {"by": person_of(self.request)}

    @classmethod
    def execute_action(cls, objects: list[Affiliation], **kwargs: Any) -> tuple[int, int]:
        invitations = Invitation.objects.unsettled().filter(person__in=[one.person_id for one in objects])
        return invitations_withdraw(invitations=invitations, by=kwargs["by"]), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d invitation is withdrawn.", "%(count)d invitations are withdrawn.", num_parent_objects
        ) % {"count": num_parent_objects}
