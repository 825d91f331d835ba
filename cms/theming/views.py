"""The page in the admin on which an administrator looks at the themes and chooses one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.plugin_api import site_state

from . import selectors, services
from .forms import ThemeForm
from .permissions import CHOOSE_THEME
from .themes import load_theme


@method_decorator(permission_required(CHOOSE_THEME), name="dispatch")
class ThemeChoiceView(WagtailAdminTemplateMixin, FormView[ThemeForm]):
    """Shows the themes and sets one by POST."""

    template_name = "theming/choose.html"
    form_class = ThemeForm
    page_title = gettext_lazy("Theme")
    header_icon = "view"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": reverse("theming_choose"), "label": _("Theme")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            choices=selectors.theme_choices(),
            is_chosen=bool(site_state().theme),
            deployed=load_theme(settings.CMS_THEME),
            **kwargs,
        )

    def form_valid(self, form: ThemeForm) -> HttpResponse:
        changed = services.theme_choose(name=form.cleaned_data["theme"], by=self.request.user)
        services.theme_preview_end(session=self.request.session)
        if changed:
            messages.success(self.request, _("The site has a new look from now on."))
        return _back(self.request)


@require_POST
@permission_required(CHOOSE_THEME)
def preview(request: HttpRequest) -> HttpResponse:
    """Show the site to this administrator in another theme, beginning at the home page."""
    try:
        services.theme_preview(name=request.POST.get("theme", ""), session=request.session)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("theming_choose")
    return redirect("/")


@require_POST
@permission_required(CHOOSE_THEME)
def preview_end(request: HttpRequest) -> HttpResponse:
    """Show the site to this administrator as everybody sees it, on the page where they were."""
    services.theme_preview_end(session=request.session)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else reverse("theming_choose"))
