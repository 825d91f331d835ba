"""One's own data, and the erasure of somebody in the admin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.accounts.models import User
from cms.calendar import today
from cms.plugin_api.seen import PeopleSeenMixin

from .permissions import ERASE
from .selectors import personal_data
from .services import erasure_plan, person_erase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cms.plugin_api import Impact


@method_decorator([login_required, never_cache], name="dispatch")
class OwnDataView(View):
    """Shows a person everything that is kept about them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        records = [one for one in personal_data(cast("User", request.user)) if one.rows]
        return render(request, "privacy/own_data.html", {"records": records})


@method_decorator([login_required, never_cache], name="dispatch")
class DownloadView(View):
    """Gives the same as a file that programs read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        records = {
            one.name: {"label": str(one.label), "rows": [dict(row) for row in one.rows]}
            for one in personal_data(cast("User", request.user))
        }
        text = json.dumps(records, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="my-data-{today().isoformat()}.json"'
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


@method_decorator(permission_required(ERASE), name="dispatch")
class EraseView(PeopleSeenMixin, WagtailAdminTemplateMixin, TemplateView):
    """Says what erasing a person would do, and does it once that is confirmed."""

    template_name = "privacy/admin/erase.html"
    page_title = gettext_lazy("Erase personal data")
    header_icon = "user"
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(User, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        people = {"url": reverse("wagtailusers_users:index"), "label": _("People")}
        return [*super().get_breadcrumbs_items(), people, here]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Erase, or say why not."""
        try:
            person_erase(person=self.person, by=cast("User", request.user))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.path)
        messages.success(request, _("The personal data is erased."))
        return redirect("wagtailusers_users:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines: Sequence[Impact] = ()
        obstacle = ""
        try:
            lines = erasure_plan(person=self.person, by=cast("User", self.request.user))
        except ValidationError as error:
            obstacle = " ".join(error.messages)
        return super().get_context_data(person=self.person, lines=lines, obstacle=obstacle, **kwargs)
