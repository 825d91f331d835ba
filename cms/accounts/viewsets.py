"""The secretariat's desk: organisations with their seats and people, in the Wagtail admin."""

from collections.abc import Sequence
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required, user_passes_test
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.views.generic.usage import UsageView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.admin.widgets.button import Button
from wagtail.users.views.groups import GroupViewSet
from wagtail.users.views.users import DeleteView as UserDeleteView
from wagtail.users.views.users import EditView as UserEditView
from wagtail.users.views.users import HistoryView as UserHistoryView
from wagtail.users.views.users import IndexView as UserIndexView
from wagtail.users.views.users import UserViewSet

from cms.calendar import format_date, today
from cms.mail.permissions import VIEW_MAIL
from cms.plugin_api import HandedOver
from cms.plugin_api.seen import PeopleSeenMixin
from cms.plugin_api.ticked import NAMED

from .enums import OrganisationKind, Prefecture
from .forms import EditorGroupForm, OrganisationForm, PersonCreationForm, PersonEditForm
from .models import Organisation, User
from .permissions import CHANGE_PEOPLE, can_choose_people
from .services import desk_hand_over, desk_plan


class OrganisationFilterSet(WagtailFilterSet):
    """Filters of the list; what has ended is left out unless asked for."""

    kind = django_filters.MultipleChoiceFilter(
        label=_("kind"), choices=OrganisationKind.choices, widget=forms.CheckboxSelectMultiple
    )
    prefecture = django_filters.ChoiceFilter(label=_("prefecture"), choices=Prefecture.choices)
    ended = django_filters.BooleanFilter(label=_("Has ended"), method="filter_ended", widget=BooleanRadioSelect)

    class Meta:
        model = Organisation
        fields = ["kind", "prefecture"]

    def filter_ended(self, queryset: QuerySet, _name: str, ended: bool) -> QuerySet:  # noqa: FBT001  django-filter's
        """Keep what is no longer in force today, or what still is."""
        in_force = Organisation.objects.active_on(today()).values("pk")
        return queryset.exclude(pk__in=in_force) if ended else queryset.filter(pk__in=in_force)


class OrganisationIndexView(IndexView):
    """Finds by name, kana and code, in full width or half."""

    @property
    def is_searchable(self) -> bool:
        return True

    def search_queryset(self, queryset: Any) -> Any:
        """Search as the rest of the site does."""
        return queryset.search(self.search_query) if self.is_searching else queryset


class SentMailMixin:
    """Leads from somebody's form to what they were sent."""

    sent_mail_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Offer it to whoever may see mail."""
        buttons: list[Button] = super().header_more_buttons  # type: ignore[misc]  # of the view
        if self.request.user.has_perm(VIEW_MAIL):  # type: ignore[attr-defined]  # of the view
            url = reverse(self.sent_mail_url_name, args=[self.object.pk])  # type: ignore[attr-defined]  # of the view
            buttons.append(Button(_("Mail sent to them"), url, icon_name="mail", priority=50))
        return buttons


class OrganisationEditView(PeopleSeenMixin, SentMailMixin, EditView):
    """The organisation's form."""

    sent_mail_url_name = "mail_admin:sent_to_organisation"


class OrganisationDeleteView(PeopleSeenMixin, DeleteView):
    """Asks before an organisation is deleted."""


class OrganisationHistoryView(PeopleSeenMixin, HistoryView):
    """What was done for an organisation: who came, who went."""


class OrganisationUsageView(PeopleSeenMixin, UsageView):
    """What refers to an organisation: seats, invitations, offices."""


class PersonEditView(PeopleSeenMixin, SentMailMixin, UserEditView):
    """The person's form."""

    sent_mail_url_name = "mail_admin:sent_to_person"


class PersonDeleteView(PeopleSeenMixin, UserDeleteView):
    """Asks before a person is deleted."""


class PersonHistoryView(PeopleSeenMixin, UserHistoryView):
    """What was done to a person's account."""


class PersonUsageView(PeopleSeenMixin, UsageView):
    """What refers to a person."""


class PersonIndexView(PeopleSeenMixin, UserIndexView):
    """The list of people."""

    list_export = ("display_name", "username", "is_superuser", "is_active", "last_login")
    export_headings = {"display_name": pgettext_lazy("person", "Name")}

    @cached_property
    def columns(self) -> list[Column]:
        """Say that the name is a person's: Japanese has another word for it."""
        columns: list[Column] = super().columns
        for column in columns:
            if column.name == "name":
                column.label = pgettext("person", "Name")
        return columns


def named_in_words(people: Sequence[User]) -> str:
    """Return how many people there are, and who the first are."""
    return f"({len(people)}) {', '.join(map(str, people[:NAMED]))}"


class PeopleTickedMixin(PeopleSeenMixin):
    """The page of Wagtail that asks before something is done to the people who were ticked: it names them all."""

    @property
    def page_title(self) -> Any:
        return self.display_name  # type: ignore[attr-defined]  # of the action

    def get_actionable_objects(self) -> Any:
        people, others = super().get_actionable_objects()  # type: ignore[misc]  # of the action
        self.object = named_in_words([*people, *others["items_with_no_access"]])
        return people, others


class OrganisationViewSet(ModelViewSet):
    """Organisations: a list with filters, and a form with the seats and who sits on them when."""

    model = Organisation
    name = "organisations"
    icon = "group"
    menu_label = _("Organisations")
    menu_order = 210
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "name",
        "kana",
        Column("code", label=_("municipal code"), sort_key="code"),
        Column("get_kind_display", label=_("kind"), sort_key="kind"),
        Column("get_prefecture_display", label=_("prefecture"), sort_key="prefecture"),
        "section",
    ]
    list_per_page = 50
    ordering = ["prefecture", "code"]
    list_export = ["name", "kana", "code", "get_kind_display", "get_prefecture_display", "section"]
    export_filename = "organisations"
    search_fields = ["name", "kana", "code"]
    filterset_class = OrganisationFilterSet
    index_view_class = OrganisationIndexView
    edit_view_class = OrganisationEditView
    delete_view_class = OrganisationDeleteView
    history_view_class = OrganisationHistoryView
    usage_view_class = OrganisationUsageView

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("name"), FieldPanel("kana")]),
                            FieldRowPanel([FieldPanel("kind"), FieldPanel("prefecture"), FieldPanel("code")]),
                        ],
                        heading=_("Organisation"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("section"),
                            FieldPanel("email"),
                            FieldRowPanel([FieldPanel("telephone"), FieldPanel("fax")]),
                            FieldRowPanel([FieldPanel("postcode"), FieldPanel("address")]),
                        ],
                        heading=_("Contact"),
                    ),
                    FieldRowPanel([FieldPanel("population"), FieldPanel("population_on")], heading=_("Population")),
                ],
                heading=_("Organisation"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "seats",
                        heading=_("Seats"),
                        label=_("seat"),
                        help_text=_("The seat stays when its person changes. Enter whoever comes as a new line."),
                        panels=[
                            FieldRowPanel([FieldPanel("role"), FieldPanel("label")]),
                            InlinePanel(
                                "affiliations",
                                heading=_("People on this seat"),
                                label=_("person"),
                                panels=[
                                    FieldPanel("person"),
                                    FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                                ],
                            ),
                        ],
                    )
                ],
                heading=_("Seats and people"),
            ),
            ObjectList(
                [FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]), FieldPanel("successors")],
                heading=_("Beginning and end"),
            ),
        ],
        base_form_class=OrganisationForm,
    )


class SearchFilterForm(BaseFilterForm):
    """The search field of a chooser, which finds as the model's own `search()` does."""

    q = forms.CharField(label=_("Search"), required=False)

    def filter(self, objects: Any) -> Any:
        """Search where something was typed."""
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q")
        self.is_searching = bool(self.search_query)
        return objects.search(self.search_query) if self.is_searching else objects


def search_form(placeholder: Any) -> type[SearchFilterForm]:
    """Return the form with a field that says what can be typed."""
    widget = forms.TextInput(attrs={"placeholder": placeholder})
    field = forms.CharField(label=_("Search"), required=False, widget=widget)
    return type("ChooserSearchForm", (SearchFilterForm,), {"q": field})


class ShapedChooserViewSet(ChooserViewSet):
    """A chooser whose `shape`, a mixin, holds for both of its views: when it opens, and for its next page."""

    per_page = 20
    shape: type

    def __init_subclass__(cls) -> None:
        cls.choose_view_class = type("ShapedChooseView", (cls.shape, ChooseView), {})
        cls.choose_results_view_class = type("ShapedChooseResultsView", (cls.shape, ChooseResultsView), {})


class OrganisationColumnsMixin:
    """Tells two organisations of the same name apart, and says which have ended: history names them too."""

    filter_form_class = search_form(_("Name, kana or municipal code"))
    ordering = ["prefecture", "code", "name"]

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,  # type: ignore[misc]  # of the view
            Column("code", label=_("municipal code")),
            Column("get_kind_display", label=_("kind")),
            Column("get_prefecture_display", label=_("prefecture")),
            Column("ended", label=_("Ended on"), accessor=self._end),
        ]

    @staticmethod
    def _end(organisation: Organisation) -> str:
        return format_date(organisation.valid_to, weekday=False) if organisation.valid_to else ""


class OrganisationChooserViewSet(ShapedChooserViewSet):
    """Chooses an organisation: 1,700 municipalities are no drop-down."""

    model = Organisation
    name = "organisation_chooser"
    icon = "group"
    page_title = _("Choose an organisation")
    choose_one_text = _("Choose an organisation")
    choose_another_text = _("Choose another organisation")
    edit_item_text = _("Edit this organisation")
    shape = OrganisationColumnsMixin


class PersonColumnsMixin(PeopleSeenMixin):
    """Tells two people of the same name apart; who looked is recorded."""

    filter_form_class = search_form(_("Name or ID"))

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("username", label=_("login ID")), Column("email", label=_("mail address"))]  # type: ignore[misc]  # of the view


class PersonChosenView(PeopleSeenMixin, ChosenView):
    """Names the person who was chosen."""

    page_title = _("Choose a person")

    def get_object(self, pk: str) -> User:
        self.object: User = super().get_object(pk)
        return self.object


class PeopleChosenView(PeopleSeenMixin, ChosenMultipleView):
    """Names the people who were chosen."""

    page_title = _("Choose a person")

    def get_objects(self, pks: list[str]) -> list[User]:
        people = list(super().get_objects(pks))
        self.object = named_in_words(people)
        return people


class PersonChooserViewSet(ShapedChooserViewSet):
    """Chooses a person for a seat: a list of thousands is no drop-down."""

    model = User
    name = "person_chooser"
    icon = "user"
    page_title = _("Choose a person")
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    edit_item_text = _("Edit this person")
    shape = PersonColumnsMixin
    chosen_view_class = PersonChosenView
    chosen_multiple_view_class = PeopleChosenView

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        """Refuse whoever has no form to choose a person for: Wagtail asks only for access to the admin."""
        return user_passes_test(can_choose_people)(super().construct_view(view_class, **kwargs))


class DeskHandoverForm(forms.Form):
    """Who takes over."""

    to = forms.ModelChoiceField(label=_("Who takes over"), queryset=User.objects.filter(is_active=True))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].widget = PersonChooserViewSet().widget_class()


@method_decorator(permission_required(CHANGE_PEOPLE), name="dispatch")
class DeskHandoverView(PeopleSeenMixin, WagtailAdminTemplateMixin, TemplateView):
    """Somebody of the secretariat hands over: choose a successor, look at what moves, confirm."""

    template_name = "accounts/people/handover.html"
    page_title = _("Hand over the desk")
    header_icon = "group"
    request: HttpRequest

    @cached_property
    def person(self) -> User:
        """Who leaves; looked up after the right was checked."""
        return get_object_or_404(User, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        people = {"url": reverse("wagtailusers_users:index"), "label": _("People")}
        return [*super().get_breadcrumbs_items(), people, here]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Hand over what there is now, and say what it was."""
        form = DeskHandoverForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            lines = desk_hand_over(person=self.person, to=form.cleaned_data["to"], by=cast("User", request.user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.path)
        words = {"count": sum(len(line.names) for line in lines), "person": form.cleaned_data["to"]}
        messages.success(
            request,
            ngettext("%(count)d thing passed to %(person)s.", "%(count)d things passed to %(person)s.", words["count"])
            % words,
        )
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or DeskHandoverForm(self.request.GET if "to" in self.request.GET else None)
        successor = form.cleaned_data["to"] if form.is_bound and form.is_valid() else None
        lines: Sequence[HandedOver] = ()
        obstacle = ""
        if successor:
            try:
                lines = desk_plan(person=self.person, to=successor, by=cast("User", self.request.user))
            except ValidationError as error:
                obstacle = " ".join(error.messages)
        found = {"form": form, "successor": successor, "lines": lines, "obstacle": obstacle}
        return super().get_context_data(person=self.person, **found, **kwargs)


class PersonViewSet(UserViewSet):
    """Wagtail's own list and forms of users, with names in Japanese order and without passwords."""

    menu_label = _("People")
    export_filename = "accounts"
    index_view_class = PersonIndexView
    edit_view_class = PersonEditView
    delete_view_class = PersonDeleteView
    history_view_class = PersonHistoryView
    usage_view_class = PersonUsageView

    @cached_property
    def create_template_name(self) -> str:
        return "accounts/people/create.html"

    @cached_property
    def edit_template_name(self) -> str:
        return "accounts/people/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # noqa: FBT001, FBT002  Wagtail's
        return PersonEditForm if for_update else PersonCreationForm


class EditorGroupViewSet(GroupViewSet):
    """Wagtail's own list and forms of editors' groups, with permissions in words of the reader's language."""

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # noqa: FBT001, FBT002  Wagtail's
        return EditorGroupForm
