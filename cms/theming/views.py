"""The page in the admin on which an administrator chooses the theme."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.plugin_api import site_state

from . import services
from .forms import ThemeForm
from .permissions import CHOOSE_THEME


@method_decorator(permission_required(CHOOSE_THEME), name="dispatch")
class ThemeChoiceView(WagtailAdminTemplateMixin, FormView[ThemeForm]):
    """Shows the themes and sets one by POST."""

    template_name = "theming/choose.html"
    form_class = ThemeForm
    page_title = gettext_lazy("Theme")
    header_icon = "view"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": reverse("theming_choose"), "label": _("Theme")}]

    def get_initial(self) -> dict[str, Any]:
        return {"theme": site_state().theme}

    def form_valid(self, form: ThemeForm) -> HttpResponse:
        if services.theme_choose(name=form.cleaned_data["theme"], by=self.request.user):
            messages.success(self.request, _("The site has a new look from now on."))
        return redirect("theming_choose")
