"""The roster confirmation: two minutes by code or in the corner, and who is silent for the secretariat."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton

from cms.accounts.enums import Prefecture
from cms.calendar import today
from cms.mail.services.codes import CodeRefusedError, code_refusal
from cms.mail.views.codes import SESSION_KEY, entered_code
from plugins.members.enums import RosterAnswer, Silence
from plugins.members.forms.rosters import (
    ConfirmRosterForm,
    RosterAnswerForm,
    RosterRecordForm,
    RosterRemindForm,
    RosterStartForm,
)
from plugins.members.models import RosterEntry, RosterRound
from plugins.members.permissions import RUN_ROSTER
from plugins.members.querysets import RosterEntryQuerySet
from plugins.members.selectors.people import people_on_seats
from plugins.members.services.rosters import (
    ROSTER,
    entry_of_code,
    roster_answer,
    roster_entered,
    roster_record,
    roster_refusal,
    roster_remind,
    roster_start,
)
from plugins.members.tables import TO_ENTER, roster_columns, roster_entry_columns

from .corner import MemberView
from .desk import DeskView, ListedAction, Trail, person_of

REMINDER = gettext_lazy("Who has not answered gets another mail with a new code; the code before goes dead.")


class RosterAnswerView(View):
    """Shows who is on file and takes what the organisation says of them. Looking uses nothing up."""

    http_method_names = ["get", "head", "post"]
    form_class: type[RosterAnswerForm]
    entry: RosterEntry

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.refused(request) or super().dispatch(request, *args, **kwargs)

    def refused(self, request: HttpRequest) -> HttpResponse | None:
        """Find the entry. Return what is shown instead of the form where it can't be answered."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        return self._form_page(request, self.form_class())

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self._form_page(request, form, 422)
        data = form.cleaned_data
        try:
            entry = roster_answer(
                entry=self.entry, answer=RosterAnswer(data["answer"]), note=data["note"], **self.who(data)
            )
        except CodeRefusedError as refused:
            return self._page(request, 410, refusal=str(refused))
        except ValidationError as error:
            form.add_error(None, error)
            return self._form_page(request, form, 422)
        return self._page(request, 200, done=entry)

    def who(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the name of who answers, and `by` where they have logged in."""
        raise NotImplementedError

    def _form_page(self, request: HttpRequest, form: RosterAnswerForm, status: int = 200) -> HttpResponse:
        people = people_on_seats(today()).filter(organisation=self.entry.organisation, person__is_active=True)
        rows = people.select_related("person", "seat").order_by("-seat__role", "pk")
        return self._page(request, status, form=form, entry=self.entry, people=rows, today=today())

    def _page(self, request: HttpRequest, status: int, **context: Any) -> HttpResponse:
        return render(request, "members/roster.html", context, status=status)


@method_decorator(never_cache, name="dispatch")
class ConfirmView(RosterAnswerView):
    """Where the code of a roster confirmation leads."""

    form_class = ConfirmRosterForm

    def refused(self, request: HttpRequest) -> HttpResponse | None:
        """Ask for a code where none was entered; say what became of one that allows nothing any more."""
        code = entered_code(request, ROSTER)
        if code is None:
            return redirect("mail:code")
        if refusal := code_refusal(code=code):
            return self._page(request, 410, refusal=refusal)
        entry = entry_of_code(code=code)
        if entry is None:
            return redirect("mail:code")
        self.entry = entry
        return None

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        response = super().post(request, **address)
        if response.status_code == HTTPStatus.OK:
            request.session.pop(SESSION_KEY, None)
        return response

    def who(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"name": data["name"]}


class AnswerView(MemberView, RosterAnswerView):
    """The same without a code, for people of the organisation who have logged in. Another's confirmation: 404."""

    form_class = RosterAnswerForm

    def refused(self, request: HttpRequest) -> HttpResponse | None:
        """Say who has answered already, or that it is over."""
        entries = RosterEntry.objects.select_related("organisation", "round")
        self.entry = get_object_or_404(entries, pk=self.kwargs["pk"], organisation=self.organisation)
        refusal = roster_refusal(entry=self.entry)
        return self._page(request, 410, refusal=refusal) if refusal else None

    def who(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"name": self.person.display_name, "by": self.person}

    def _page(self, request: HttpRequest, status: int, **context: Any) -> HttpResponse:
        return super()._page(request, status, back_url=reverse("members:corner"), **context)


class EntryFilters(WagtailFilterSet):
    """By round, answer and prefecture."""

    round = django_filters.ModelChoiceFilter(label=gettext_lazy("round"), queryset=RosterRound.objects.all())
    answer = django_filters.ChoiceFilter(
        label=gettext_lazy("answer"),
        choices=[
            *Silence.choices,
            *RosterAnswer.choices,
            (TO_ENTER, gettext_lazy("Something changes, and is to be entered")),
        ],
        method="by_answer",
    )
    prefecture = django_filters.ChoiceFilter(
        label=gettext_lazy("prefecture"), choices=Prefecture.choices, field_name="organisation__prefecture"
    )

    class Meta:
        model = RosterEntry
        fields = ["round", "answer", "prefecture"]

    def by_answer(self, queryset: RosterEntryQuerySet, _name: str, value: str) -> RosterEntryQuerySet:
        """Nothing is stored where nobody answered; whether anybody still can is a matter of today."""
        if value == TO_ENTER:
            return queryset.to_enter()
        if value == Silence.OUTSTANDING:
            return queryset.outstanding_on(today())
        return queryset.gone_on(today()) if value == Silence.GONE else queryset.filter(answer=value)


class EntryListView(IndexView):
    """Who has answered what, and who is to be telephoned."""

    model = RosterEntry
    template_name = "plugin_api/rows_to_tick.html"
    page_title = gettext_lazy("Answers to roster confirmations")
    header_icon = "tasks"
    default_ordering = ["-round_id", "organisation__prefecture", "organisation__code"]
    paginate_by = 50
    filterset_class = EntryFilters
    search_fields = ["organisation__name", "organisation__kana", "organisation__code"]

    @cached_property
    def columns(self) -> list[Column]:
        columns: list[Any] = roster_entry_columns()
        if self.request.user.has_perm(RUN_ROSTER):
            columns.insert(0, BulkActionsCheckboxColumn("bulk_actions", obj_type="rosterentry"))
        return columns

    def get_base_queryset(self) -> QuerySet[RosterEntry]:
        return RosterEntry.objects.with_gone_on(today()).select_related("organisation", "round")


class RemindSilent(ListedAction):
    """Asks those again who were ticked and are silent, or all silent ones that the list shows."""

    display_name = gettext_lazy("Remind")
    action_type = "remind_silent"
    aria_label = gettext_lazy("Remind the chosen organisations")
    models = [RosterEntry]
    right = RUN_ROSTER
    list_view = EntryListView
    filterset = EntryFilters
    form_class = RosterRemindForm
    icon = "tasks"
    explanation = REMINDER
    submit = gettext_lazy("Remind who is silent")

    @classmethod
    def rows(cls) -> QuerySet[RosterEntry]:
        return RosterEntry.objects.outstanding_on(today()).select_related("organisation", "round")

    @staticmethod
    def words(row: RosterEntry) -> str:
        return str(row.organisation)

    def get_execution_context(self) -> dict[str, Any]:
        return {"shown_at": self.cleaned_form.cleaned_data["shown_at"]}

    @classmethod
    def execute_action(cls, objects: list[RosterEntry], **kwargs: Any) -> tuple[int, int]:
        chosen: dict[RosterRound, list[int]] = {}
        for entry in objects:
            chosen.setdefault(entry.round, []).append(entry.pk)
        shown_at = kwargs["shown_at"]
        return sum(roster_remind(roster=one, shown_at=shown_at, only=pks) for one, pks in chosen.items()), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return reminded(num_parent_objects)


def reminded(count: int) -> str:
    """Say how many are reminded."""
    if not count:
        return _("Nobody is left to be reminded: all have answered, or were asked a moment ago.")
    return ngettext("%(count)d member is reminded.", "%(count)d members are reminded.", count) % {"count": count}


class RoundListView(IndexView):
    """The rounds with their figures, each of which opens what it counts."""

    @cached_property
    def columns(self) -> list[Column]:
        return roster_columns()

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer to start a round."""
        if not self.request.user.has_perm(RUN_ROSTER):
            return []
        return [HeaderButton(_("Start a confirmation"), reverse("members_admin:roster_start"), icon_name="plus")]

    def get_base_queryset(self) -> QuerySet[RosterRound]:
        return RosterRound.objects.with_figures_on(today())


@method_decorator(permission_required(RUN_ROSTER), name="dispatch")
class RosterDeskView(DeskView):
    """A form about a round."""

    header_icon = "tasks"

    def get_breadcrumbs_items(self) -> Trail:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        parent = {"url": reverse("members_rosters:index"), "label": _("Roster confirmation")}
        return [*super().get_breadcrumbs_items(), parent, here]

    @property
    def back_url(self) -> str:
        return reverse("members_rosters:index")


class StartView(RosterDeskView):
    """Starts a round."""

    form_class = RosterStartForm
    page_title = gettext_lazy("Start a confirmation")
    submit = gettext_lazy("Ask all members")
    explanation = gettext_lazy("Every member gets a mail with a code at its representative address, now.")

    def act(self, data: dict[str, Any]) -> str:
        roster = roster_start(title=data["title"], deadline=data["deadline"], by=person_of(self.request))
        count = roster.entries.filter(asked_at__isnull=False).count()
        return _("%(count)d members are asked.") % {"count": count}


class RemindView(RosterDeskView):
    """Asks the silent ones again."""

    form_class = RosterRemindForm
    page_title = gettext_lazy("Remind")
    submit = gettext_lazy("Remind who is silent")
    explanation = REMINDER

    def act(self, data: dict[str, Any]) -> str:
        roster = get_object_or_404(RosterRound, pk=self.kwargs["pk"])
        return reminded(roster_remind(roster=roster, shown_at=data["shown_at"]))


class RecordView(RosterDeskView):
    """Keeps what was said on the telephone."""

    form_class: Any = RosterRecordForm
    page_title = gettext_lazy("Record an answer")
    submit = gettext_lazy("Record")

    @cached_property
    def entry(self) -> RosterEntry:
        return get_object_or_404(RosterEntry.objects.select_related("organisation", "round"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.entry.organisation)

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.entry.answer, "note": self.entry.note}

    @property
    def back_url(self) -> str:
        return f"{reverse('members_roster_entries:index')}?round={self.entry.round_id}"

    def act(self, data: dict[str, Any]) -> str:
        roster_record(
            entry=self.entry, answer=RosterAnswer(data["answer"]), note=data["note"], by=person_of(self.request)
        )
        return _("The answer is recorded.")


class EnteredView(RecordView):
    """Keeps that a change stands in the register; until then it is on the admin's home."""

    form_class = forms.Form
    template_name = "members/admin/roster_entered.html"
    page_title = gettext_lazy("Enter what changes")
    submit = gettext_lazy("It is in the register now")

    def get_initial(self) -> dict[str, Any]:
        return {}

    def act(self, data: dict[str, Any]) -> str:
        roster_entered(entry=self.entry, by=person_of(self.request))
        return _("The change is entered.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entry=self.entry, **kwargs)
