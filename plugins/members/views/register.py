"""The register in the admin: the list, one organisation, and what the secretariat does with its membership."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, IntegerField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, Table
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from cms.accounts.enums import OrganisationKind, Prefecture
from cms.accounts.models import Organisation
from cms.calendar import today
from cms.calendar.forms import DayField
from plugins.members.enums import FileFormat, ImportKind, JoinReason, LeaveReason, Standing
from plugins.members.forms.register import AdmitForm, CloseForm, WithdrawForm
from plugins.members.models import Membership
from plugins.members.permissions import CHANGE_REGISTER, VIEW_REGISTER
from plugins.members.selectors.register import is_unmanned, is_unmanned_on, register_on
from plugins.members.services.closing import closing_plan, organisation_close
from plugins.members.services.memberships import membership_begin, membership_end
from plugins.members.tables import affiliation_columns, membership_columns, organisation_url, register_columns

from .desk import DeskView, Trail, person_of

MOST = 2**31 - 1
"""The largest population that the database stores."""


def chosen_day(asked: QueryDict) -> dt.date:
    """Return the day that was asked for; today without one that a register can hold."""
    try:
        return DayField().clean(asked.get("on", ""))
    except ValidationError:
        return today()


class RegisterFilters(WagtailFilterSet):
    """By standing, kind, prefecture and population; as of any day."""

    standing = django_filters.ChoiceFilter(label=gettext_lazy("Standing"), choices=Standing.choices)
    kind = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("kind"), choices=OrganisationKind.choices, widget=CheckboxSelectMultiple
    )
    prefecture = django_filters.ChoiceFilter(label=gettext_lazy("prefecture"), choices=Prefecture.choices)
    # Whole numbers that the column holds: RangeFilter's own decimals may have millions of digits.
    population = django_filters.RangeFilter(
        label=gettext_lazy("population"), fields=(IntegerField(max_value=MOST), IntegerField(max_value=MOST))
    )
    on = django_filters.CharFilter(label=gettext_lazy("As of (Example: 2010-02-01)"), method="as_of")

    unmanned = django_filters.BooleanFilter(
        label=gettext_lazy("Nobody in charge"), method="without_person", widget=BooleanRadioSelect
    )

    def without_person(self, queryset: QuerySet, _name: str, value: bool) -> QuerySet:  # noqa: FBT001  django-filter's
        """Keep the organisations on whose seats nobody sits on the day of the list, or the others."""
        nobody = is_unmanned_on(chosen_day(self.data))
        return queryset.filter(nobody if value else ~nobody)

    class Meta:
        model = Organisation
        fields = ["standing", "kind", "prefecture", "population"]

    def as_of(self, queryset: QuerySet, _name: str, _value: str) -> QuerySet:
        """Leave the day to the list, which asks for it before anything is annotated."""
        return queryset


class RegisterListView(IndexView):
    """Every organisation that exists on the day, with what it is to the association."""

    model = Organisation
    permission_policy = ModelPermissionPolicy(Membership)
    page_title = gettext_lazy("Register")
    header_icon = "group"
    index_url_name = "members_admin:register"
    index_results_url_name = "members_admin:register_results"
    template_name = "members/admin/register_list.html"
    default_ordering = ["prefecture", "code"]
    paginate_by = 50
    filterset_class = RegisterFilters
    search_fields = ["name", "kana", "code"]

    @cached_property
    def columns(self) -> list[Column]:
        columns: list[Any] = register_columns()
        if self.request.user.has_perm(CHANGE_REGISTER):
            columns.insert(0, BulkActionsCheckboxColumn("bulk_actions", obj_type="organisation"))
        return columns

    @cached_property
    def on(self) -> dt.date:
        return chosen_day(self.request.GET)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to what everybody sees of it."""
        return [HeaderButton(_("Membership status"), reverse("members:status"), icon_name="view", priority=10)]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Offer what is listed as a file that can be read in again."""
        query = self.request.GET.urlencode()
        return [
            Button(
                _("Download: %(what)s, %(form)s") % {"what": kind.label, "form": file_format.label},
                f"{reverse('members_admin:export', args=[kind.value, file_format.value])}?{query}",
                icon_name="download",
                priority=90,
            )
            for kind in ImportKind
            for file_format in FileFormat
        ]

    def get_base_queryset(self) -> Any:
        return register_on(self.on).annotate(is_unmanned=is_unmanned_on(self.on))

    def search_queryset(self, queryset: Any) -> Any:
        """Search as the rest of the site does."""
        return queryset.search(self.search_query) if self.is_searching else queryset


class OrganisationMixin(WagtailAdminTemplateMixin):
    """Looks up the organisation and says where the page stands."""

    header_icon = "group"
    organisation: Organisation
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.organisation = get_object_or_404(Organisation, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.organisation)

    def get_breadcrumbs_items(self) -> Trail:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        register = {"url": reverse("members_admin:register"), "label": _("Register")}
        return [*super().get_breadcrumbs_items(), register, here]

    def current_membership(self) -> Membership | None:
        """Return the membership that has no end yet."""
        return Membership.objects.filter(organisation=self.organisation, ends_on__isnull=True).first()


@method_decorator(permission_required(VIEW_REGISTER), name="dispatch")
class OrganisationView(OrganisationMixin, TemplateView):
    """One organisation: who it is, since when it is a member, who sits where, and what can be done."""

    template_name = "members/admin/organisation.html"
    page_title = gettext_lazy("Organisation")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer what can be done with its membership now."""
        if not self.request.user.has_perm(CHANGE_REGISTER):
            return []
        organisation, buttons = self.organisation, []
        if self.current_membership() is not None:
            url = reverse("members_admin:withdraw", args=[organisation.pk])
            buttons.append(HeaderButton(_("End the membership"), url, icon_name="group"))
        elif organisation.valid_to is None or organisation.valid_to > today():
            url = reverse("members_admin:admit", args=[organisation.pk])
            buttons.append(HeaderButton(_("Make it a member"), url, icon_name="group"))
        if organisation.valid_to is None:
            url = reverse("members_admin:close", args=[organisation.pk])
            buttons.append(HeaderButton(_("Close the organisation"), url, icon_name="cross"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation = self.organisation
        may_correct = self.request.user.has_perm(CHANGE_REGISTER)
        memberships = Membership.objects.filter(organisation=organisation)
        affiliations = organisation.affiliations.select_related("seat", "person")
        seated = affiliations.order_by("-seat__role", "seat__label", "-starts_on")
        return super().get_context_data(
            organisation=organisation,
            memberships=Table(membership_columns(may_correct=may_correct), memberships) if memberships else None,
            affiliations=Table(affiliation_columns(may_correct=may_correct), seated) if seated else None,
            is_unmanned=is_unmanned(organisation, today()),
            may_edit=self.request.user.has_perm("accounts.change_organisation"),
            successors=organisation.successors.all(),
            predecessors=Organisation.objects.filter(successors=organisation),
            **kwargs,
        )


class ActionView(OrganisationMixin, DeskView):
    """A form that does one thing to an organisation."""

    @property
    def back_url(self) -> str:
        return organisation_url(self.organisation)


@method_decorator(permission_required(CHANGE_REGISTER), name="dispatch")
class AdmitView(ActionView):
    """Makes an organisation a member."""

    form_class = AdmitForm
    page_title = gettext_lazy("Make it a member")
    submit = gettext_lazy("Make it a member")

    def act(self, data: dict[str, Any]) -> str:
        membership_begin(
            organisation=self.organisation,
            starts_on=data["starts_on"],
            reason=JoinReason(data["join_reason"]),
            note=data["note"],
            by=person_of(self.request),
        )
        return _("The membership is recorded.")


@method_decorator(permission_required(CHANGE_REGISTER), name="dispatch")
class WithdrawView(ActionView):
    """Ends a membership."""

    form_class = WithdrawForm
    page_title = gettext_lazy("End the membership")
    submit = gettext_lazy("End the membership")
    explanation = gettext_lazy("From that day on nobody there reads what is for members. Nothing is deleted.")

    def act(self, data: dict[str, Any]) -> str:
        membership = self.current_membership()
        if membership is None:
            raise ValidationError(_("It has no membership that could end."))
        reason = LeaveReason(data["leave_reason"])
        membership_end(membership=membership, ends_on=data["ends_on"], reason=reason, by=person_of(self.request))
        return _("The end of the membership is recorded.")


@method_decorator(permission_required(CHANGE_REGISTER), name="dispatch")
class CloseView(ActionView):
    """Closes an organisation: first shows what that does, then does it."""

    form_class = CloseForm
    template_name = "members/admin/close.html"
    page_title = gettext_lazy("Close the organisation")
    submit = gettext_lazy("Show what will happen")

    def form_valid(self, form: CloseForm) -> HttpResponse:
        if "confirmed" in self.request.POST:
            return super().form_valid(form)
        data = form.cleaned_data
        plan = closing_plan(
            organisation=self.organisation, on=data["on"], successors=data["successors"], succeed=data["succeed"]
        )
        for obstacle in plan.obstacles:
            form.add_error(None, obstacle)
        return self.render_to_response(self.get_context_data(form=form, plan=None if plan.obstacles else plan))

    def act(self, data: dict[str, Any]) -> str:
        organisation_close(
            organisation=self.organisation,
            on=data["on"],
            successors=data["successors"],
            succeed=data["succeed"],
            by=person_of(self.request),
        )
        return _("The organisation is closed. Its history stays.")
