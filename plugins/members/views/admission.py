"""Makes many organisations of the register members at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from cms.accounts.models import Organisation
from cms.plugin_api.ticked import NAMED
from plugins.members.enums import JoinReason
from plugins.members.forms.register import AdmitForm
from plugins.members.permissions import CHANGE_REGISTER
from plugins.members.services.memberships import Admission, memberships_begin

from .desk import ListedAction, person_of
from .files import listed_organisations
from .register import RegisterListView


class AdmitMany(ListedAction):
    """Begins a membership of every organisation that was ticked, or of all that the list shows."""

    models = [Organisation]
    display_name = gettext_lazy("Make them members")
    action_type = "members_admit"
    aria_label = gettext_lazy("Make the chosen organisations members")
    action_priority = 10
    form_class = AdmitForm
    template_name = "members/admin/admit_many.html"

    right = CHANGE_REGISTER
    list_view = RegisterListView

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Any) -> list[Organisation]:
        return list(Organisation.objects.filter(pk__in=list(object_ids)).order_by("prefecture", "code"))

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        """Take what the list shows under its filters and search, not every organisation of the register."""
        return listed_organisations(self.request, QueryDict(urlsplit(self.next_url).query)).values_list("pk", flat=True)

    def get_execution_context(self) -> dict[str, Any]:
        data = self.cleaned_form.cleaned_data
        return {
            "starts_on": data["starts_on"],
            "reason": JoinReason(data["join_reason"]),
            "note": data["note"],
            "by": person_of(self.request),
            "tell": self.tell,
        }

    @classmethod
    def execute_action(cls, objects: list[Organisation], *, tell: Any, **kwargs: Any) -> tuple[int, int]:
        admission = memberships_begin(organisations=objects, **kwargs)
        tell(admission)
        return len(admission.begun), 0

    def tell(self, admission: Admission) -> None:
        """Name who was left out, and why."""
        for left_out, sentence in (
            (admission.members, _("%(count)d are members then or later and were left out: %(names)s")),
            (admission.closed, _("%(count)d do not exist then, or not any more, and were left out: %(names)s")),
        ):
            if left_out:
                messages.warning(self.request, sentence % {"count": len(left_out), "names": named(left_out)})

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d organisation is a member.", "%(count)d organisations are members.", num_parent_objects
        ) % {"count": num_parent_objects}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        chosen = [entry["item"] for entry in context["items"]]
        return {**context, "count": len(chosen), "names": named(chosen)}


def named(organisations: Iterable[Organisation]) -> str:
    """Return the first names, and an ellipsis where there are more."""
    names = [str(one) for one in organisations]
    return "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
