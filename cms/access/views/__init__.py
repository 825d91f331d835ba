"""What stands at the gate of a page or file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from wagtail.models import BaseViewRestriction, CollectionViewRestriction, Page

from cms.access.enums import Audience
from cms.access.models import AccessRule
from cms.access.selectors import Reader, page_restrictions, reader_for


def refuse_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Return the answer to whoever may not read the page; None to whoever may."""
    restrictions = page_restrictions(page)
    return _refuse(request, restrictions, lambda reader: reader.edits_page(page)) if restrictions else None


def refuse_file(request: HttpRequest, file: Any) -> HttpResponse | None:
    """Return the answer to whoever may not have an image or document; None to whoever may."""
    restrictions = file.collection.get_view_restrictions()
    return _refuse(request, restrictions, lambda reader: reader.keeps_file(file)) if restrictions else None


def _refuse(request: HttpRequest, restrictions: Iterable[Any], keeps: Callable[[Reader], bool]) -> HttpResponse | None:
    reader = reader_for(request.user)
    rules = _rules_on(restrictions)
    # Where somebody has put a restriction of Wagtail's by itself, nobody knows whom it lets in.
    shut = [one for one in restrictions if one.pk not in rules or not reader.meets(rules[one.pk])]
    # Wagtail asks its own restrictions after us, and would send an editor whom they don't accept to log in again.
    if not shut or (all(one.accept_request(request) for one in shut) and keeps(reader)):
        return None
    response = _answer(request, shut, rules)
    add_never_cache_headers(response)
    return response


def _answer(request: HttpRequest, shut: list[Any], rules: dict[Any, AccessRule]) -> HttpResponse:
    """Send a visitor to log in and back; tell a person who has no right to it whom to ask, and never send them on."""
    # Shared passwords have no door here, so what is closed by one stays closed.
    by_password = any(one.restriction_type == BaseViewRestriction.PASSWORD for one in shut)
    if not request.user.is_authenticated and not by_password:
        return redirect_to_login(request.get_full_path())
    audiences = {rules[one.pk].audience for one in shut if one.pk in rules}
    context = {"for_members": audiences == {Audience.MEMBERS}, "for_groups": Audience.GROUPS in audiences}
    return render(request, "access/refused.html", context, status=403)


def _rules_on(restrictions: Iterable[Any]) -> dict[Any, AccessRule]:
    """Return the rules that stand on restrictions of Wagtail's: one query."""
    restrictions = list(restrictions)
    name = "collection_floor" if isinstance(restrictions[0], CollectionViewRestriction) else "page_floor"
    rules = AccessRule.objects.filter(**{f"{name}__in": restrictions})
    return {getattr(rule, f"{name}_id"): rule for rule in rules}
