"""What the pages of the secretariat share: who is logged in, and a form that does one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.plugin_api import ticked

if TYPE_CHECKING:
    from cms.accounts.models import User

Trail = list[dict[str, Any]]


def person_of(request: HttpRequest) -> User:
    """Return who is logged in: the permission has been checked, so somebody is."""
    return cast("User", request.user)


class DeskView(WagtailAdminTemplateMixin, FormView):
    """A form that does one thing; a refusal is said in the service's own words, and nothing typed is lost."""

    template_name = "members/admin/action.html"
    submit: Any = ""
    explanation: Any = ""

    @property
    def back_url(self) -> str:
        """Where the page comes from, and goes back to."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            sentence = self.act(form.cleaned_data)
        except ValidationError as error:
            is_of_form = set(getattr(error, "error_dict", {})) <= set(form.fields)
            form.add_error(None, error if is_of_form else error.messages)
            return self.form_invalid(form)
        messages.success(self.request, sentence)
        return redirect(self.back_url)

    def act(self, data: dict[str, Any]) -> str:
        """Do it, and return the sentence that says so."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"submit": self.submit, "explanation": self.explanation, "back_url": self.back_url}
        return super().get_context_data(**words, **kwargs)


class ListedAction(ticked.ListedAction):
    """Counts people and organisations as Japanese does."""

    template_name = "members/admin/bulk_action.html"
