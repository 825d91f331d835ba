"""The results page and the suggestions. What is found depends on who asks, so neither answer is kept by any cache."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.fulltext.query import QUERY_LENGTH_LIMIT

from .conf import PAGE_SIZE
from .forms import Search
from .selectors import Hit, Results, alternatives, suggestions
from .services import missed_query_count


@never_cache
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Show what was found for `?q=`, narrowed by `kind` and `fy`, one page at a time."""
    search = Search.read(request.GET)
    found = Results(
        search.query,
        reader=request.user,
        kind=search.kind,
        fiscal_year=search.fiscal_year,
        page_url=lambda page: page.get_url(request),
    )
    pages: Paginator[Hit] = Paginator(found, PAGE_SIZE)  # type: ignore[arg-type]  # it asks for iteration, and never iterates
    page_obj = pages.get_page(request.GET.get("page"))
    if request.method == "GET" and search.query and not found.total:
        missed_query_count(query=search.query)
    context = {
        "search": search,
        "results": found,
        "page_obj": page_obj,
        "hits": list(page_obj),
        "alternatives": [] if found.total else alternatives(search.query, reader=request.user),
        "length_limit": QUERY_LENGTH_LIMIT,
    }
    return render(request, "search/results.html", context)


@never_cache
@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Give a few titles that hold what has been typed so far."""
    found = suggestions(
        Search.read(request.GET).query, reader=request.user, page_url=lambda page: page.get_url(request)
    )
    return JsonResponse({"suggestions": [{"title": one.title, "url": one.url} for one in found]})
