"""The secretariat's desk: organisations with their seats and people, in the Wagtail admin."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views.users import UserViewSet

from cms.calendar import today

from .enums import OrganisationKind, Prefecture
from .forms import OrganisationForm, PersonCreationForm, PersonEditForm
from .models import Organisation, User


class OrganisationFilterSet(WagtailFilterSet):
    """Filters of the list; what has ended is left out unless asked for."""

    kind = django_filters.MultipleChoiceFilter(
        label=_("kind"), choices=OrganisationKind.choices, widget=forms.CheckboxSelectMultiple
    )
    prefecture = django_filters.ChoiceFilter(label=_("prefecture"), choices=Prefecture.choices)
    ended = django_filters.BooleanFilter(label=_("Has ended"), method="filter_ended")

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
    search_fields = ["name", "kana", "code"]
    filterset_class = OrganisationFilterSet
    index_view_class = OrganisationIndexView

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


class PersonFilterForm(BaseFilterForm):
    """The search field of the person chooser."""

    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Name or ID")})
    )

    def filter(self, objects: Any) -> Any:
        """Search by name, login ID and mail address."""
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q")
        self.is_searching = bool(self.search_query)
        return objects.search(self.search_query) if self.is_searching else objects


class PersonColumnsMixin:
    """Tells two people of the same name apart."""

    filter_form_class = PersonFilterForm

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("username", label=_("login ID")), Column("email", label=_("mail address"))]  # type: ignore[misc]  # of the view


class PersonChooseView(PersonColumnsMixin, ChooseView):
    """The chooser when it opens."""


class PersonChooseResultsView(PersonColumnsMixin, ChooseResultsView):
    """The chooser's next page."""


class PersonChooserViewSet(ChooserViewSet):
    """Chooses a person for a seat: a list of thousands is no drop-down."""

    model = User
    name = "person_chooser"
    icon = "user"
    page_title = _("Choose a person")
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    edit_item_text = _("Edit this person")
    per_page = 20
    choose_view_class = PersonChooseView
    choose_results_view_class = PersonChooseResultsView


class PersonViewSet(UserViewSet):
    """Wagtail's own list and forms of users, with names in Japanese order and without passwords."""

    menu_label = _("People")

    @cached_property
    def create_template_name(self) -> str:
        return "accounts/people/create.html"

    @cached_property
    def edit_template_name(self) -> str:
        return "accounts/people/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:  # noqa: FBT001, FBT002  Wagtail's
        return PersonEditForm if for_update else PersonCreationForm
