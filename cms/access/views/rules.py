"""The admin's form of a rule, in the place of Wagtail's form of privacy: in its dialog, or as a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Collection, Page
from wagtail.permissions import policy_registry

from cms.access.enums import Audience
from cms.access.forms import AccessRuleForm
from cms.access.selectors import readable_pages
from cms.access.selectors.reach import Reach, pages_with_files_of
from cms.access.services import access_rule_set


class RuleView(View):
    """Shows who may read, and sets it. Holds from the next request, also for what is published already."""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> Any:
        self.subject = self.get_subject(request, pk)
        self.reach = Reach.of(self.subject)
        return super().dispatch(request, *args, **kwargs)

    def get_subject(self, request: HttpRequest, pk: int) -> Page | Collection:
        """Return what the rule is of. Raises Http404, and PermissionDenied for whoever may not set it."""
        raise NotImplementedError

    def get_edit_url(self) -> str:
        """Return where the thing itself is edited."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return self._show(AccessRuleForm(reach=self.reach))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set the rule, or say what is wrong with it."""
        form = AccessRuleForm(request.POST, reach=self.reach)
        if not form.is_valid():
            return self._show(form)
        audience = Audience(form.cleaned_data["audience"])
        access_rule_set(subject=self.subject, audience=audience, groups=form.cleaned_data["groups"], by=request.user)  # type: ignore[arg-type]  # who is in the admin is logged in
        reach = Reach.of(self.subject)
        if _in_dialog(request):
            return render_modal_workflow(
                request, None, None, None, json_data={"step": "set_privacy_done", "is_public": reach.is_open}
            )
        messages.success(request, " ".join(reach.sentences))
        return redirect(self.get_edit_url())

    def _show(self, form: AccessRuleForm) -> HttpResponse:
        context = {"form": form, "reach": self.reach, "action_url": self.request.path, "subject": self.subject}
        if isinstance(self.subject, Collection):
            context["pages"] = list(readable_pages(pages_with_files_of(self.subject)))
        if _in_dialog(self.request):
            return render_modal_workflow(
                self.request, "access/admin/rule_form.html", None, context, json_data={"step": "set_privacy"}
            )
        title = _("Who may read")
        context |= {
            "header_title": title,
            "page_title": title,
            "page_subtitle": str(self.subject),
            "header_icon": "view",
        }
        return render(self.request, "access/admin/rule_page.html", context)


class PageRuleView(RuleView):
    """Of a page: for those who may publish it."""

    def get_subject(self, request: HttpRequest, pk: int) -> Page:
        page = get_object_or_404(Page, pk=pk).specific
        if not page.permissions_for_user(request.user).can_set_view_restrictions():
            raise PermissionDenied
        return page

    def get_edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.subject.pk])


class CollectionRuleView(RuleView):
    """Of a collection's files: for those who may change the collection."""

    def get_subject(self, request: HttpRequest, pk: int) -> Collection:
        collection = get_object_or_404(Collection, pk=pk)
        policy = policy_registry.get_by_type(Collection)
        if not policy.user_has_permission_for_instance(request.user, "change", collection):
            raise PermissionDenied
        return collection

    def get_edit_url(self) -> str:
        return reverse("wagtailadmin_collections:edit", args=[self.subject.pk])


def page_reach(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in words who may read a page, for the editor that has it open."""
    page = get_object_or_404(Page, pk=pk).specific
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "access/admin/words.html", {"reach": Reach.of(page)})


def collection_reach(request: HttpRequest, pk: int) -> HttpResponse:
    """Say in words who may have the files of a collection."""
    collection = CollectionRuleView().get_subject(request, pk)
    return render(request, "access/admin/words.html", {"reach": Reach.of(collection)})


def _in_dialog(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"
