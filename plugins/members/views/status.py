"""What everybody may know: how many members there are on a day, and which organisations they are. No contacts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from cms.accounts.models import Organisation
from plugins.members.enums import Change
from plugins.members.forms.register import RegisterForm, StatusForm
from plugins.members.selectors.register import changes_until, members_on
from plugins.members.selectors.status import MembershipStatus

PAGE_SIZE = 100
NO_PREFECTURE = "00"


class StatusView(View):
    """The status of the membership; each figure leads to the organisations that it counts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the status of `?on=`, today without it."""
        form = StatusForm(request.GET if "on" in request.GET else None)
        context = {"form": form, "status": MembershipStatus(form.day), "change": Change}
        return render(request, "members/status.html", context)


class RegisterView(View):
    """The organisations behind a figure, by name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the members of `?on=`, narrowed by `kind`, `prefecture` and `change`."""
        form = RegisterForm(request.GET or None)
        pages = Paginator(_chosen(form), PAGE_SIZE)
        context: dict[str, Any] = {"form": form, "page_obj": pages.get_page(request.GET.get("page"))}
        return render(request, "members/register.html", context)


def _chosen(form: RegisterForm) -> QuerySet[Organisation]:
    chosen = form.chosen
    change = chosen.get("change")
    found = changes_until(form.day, Change(change)) if change else members_on(form.day)
    if "kind" in chosen:
        found = found.filter(kind=chosen["kind"])
    if "prefecture" in chosen:
        found = found.filter(prefecture=chosen["prefecture"].replace(NO_PREFECTURE, ""))
    return found.order_by("prefecture", "code", "name")
