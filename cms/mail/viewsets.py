"""Paces of domains and official notices: Wagtail's own lists and forms."""

from typing import Any

import django_filters
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from .enums import NoticeState
from .forms import NoticeForm
from .models import DomainPace, Notice
from .services.notices import audiences_offered
from .tables import notice_columns, notice_url


class DomainPaceViewSet(ModelViewSet):
    """How many messages a minute a domain is sent."""

    model = DomainPace
    name = "mail_paces"
    url_prefix = "mail/paces"
    icon = "time"
    menu_label = gettext_lazy("Paces of domains")
    form_fields = ["domain", "per_minute"]
    list_display = ["domain", "per_minute"]
    search_fields = ["domain"]
    copy_view_enabled = False
    add_to_admin_menu = False


class NoticeFilterSet(WagtailFilterSet):
    """By where it stands."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=NoticeState.choices)

    class Meta:
        model = Notice
        fields = ["state"]


class NoticeIndexView(generic.IndexView):
    """Every notice; leads to the page where one is looked at and released."""

    @cached_property
    def columns(self) -> list[Column]:
        return notice_columns()

    def get_edit_url(self, instance: Notice) -> str:
        return notice_url(instance)

    def get_base_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.select_related("message").defer("message__text", "message__html", "message__entity")


class OnlyDrafts:
    """Leads back from a form that changes what has been released."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = get_object_or_404(Notice, pk=unquote(str(kwargs["pk"])))
        if not notice.is_draft:
            messages.warning(request, _("Only a draft can be changed. Cancel its schedule first."))
            return redirect(notice_url(notice))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view beside
        return response


class NoticeCreateView(generic.CreateView):
    """Asks for the audience first, because what narrows it differs; then for the words."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.audience_slug not in audiences_offered():
            return redirect("mail_admin:audiences")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def audience_slug(self) -> str:
        return str(self.request.GET.get("audience", ""))

    def get_add_url(self) -> str:
        return f"{super().get_add_url()}?{urlencode({'audience': self.audience_slug})}"

    def get_page_subtitle(self) -> str:
        return _("Notice to: %(audience)s") % {"audience": audiences_offered()[self.audience_slug].label}

    def get_initial_form_instance(self) -> Notice:
        person = self.request.user
        return Notice(audience=self.audience_slug, created_by_id=person.pk, created_by_name=str(person))

    def get_success_url(self) -> str:
        return notice_url(self.object)

    def get_success_buttons(self) -> list[Any]:
        return []


class NoticeEditView(OnlyDrafts, generic.EditView):
    """Changes a draft."""

    def get_success_url(self) -> str:
        return notice_url(self.object)

    def get_success_buttons(self) -> list[Any]:
        return []


class NoticeDeleteView(OnlyDrafts, generic.DeleteView):
    """Throws a draft away."""


class NoticeViewSet(ModelViewSet):
    """Official notices of the secretariat."""

    model = Notice
    name = "mail_notices"
    url_prefix = "mail/notices"
    icon = "mail"
    menu_label = gettext_lazy("Notices")
    list_export = ["subject", "audience", "state", "due_at", "created_at", "created_by_name"]
    export_filename = "notices"
    search_fields = ["subject"]
    list_per_page = 50
    copy_view_enabled = False
    inspect_view_enabled = False
    add_to_admin_menu = False
    filterset_class = NoticeFilterSet
    index_view_class = NoticeIndexView
    add_view_class = NoticeCreateView
    edit_view_class = NoticeEditView
    delete_view_class = NoticeDeleteView

    def get_form_class(self, for_update: bool = False) -> type[NoticeForm]:  # noqa: FBT001, FBT002  Wagtail's signature
        return NoticeForm


domain_paces = DomainPaceViewSet()
notices = NoticeViewSet()
