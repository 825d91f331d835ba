"""/members/: the corner for the people of member organisations. Nothing of it is for anybody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from cms.access.selectors import current_reader
from cms.accounts.models import Organisation, User
from cms.calendar import now, today
from cms.plugin_api.cards import render_cards
from cms.plugin_api.points import AwaitedAnswer, CornerVisit, awaited_answers, corner_cards, corner_news
from plugins.members.forms.corner import DirectoryEntryForm, PeersForm
from plugins.members.models import DirectoryEntry
from plugins.members.selectors.corner import listed_people, peers_of
from plugins.members.services.corner import directory_entry_set, visit_record

NEWS_SHOWN = 12
PAGE_SIZE = 50


@method_decorator(never_cache, name="dispatch")
class MemberView(View):
    """A view for whoever holds a seat of a member today. A visitor logs in and comes back; others read why not."""

    person: User
    organisation: Organisation

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = current_reader()
        if reader.person is None:
            return redirect_to_login(request.get_full_path())
        if not reader.is_member or reader.organisation is None:
            raise PermissionDenied(_("This corner is for people who hold a seat of a member organisation today."))
        self.person, self.organisation = reader.person, reader.organisation
        return super().dispatch(request, *args, **kwargs)


class CornerView(MemberView):
    """What waits for the organisation, what is new to the person, and what the plugins add."""

    def get(self, request: HttpRequest) -> HttpResponse:
        since = visit_record(person=self.person, at=now())
        visit = CornerVisit(self.person, self.organisation, since, request)
        news = sorted(corner_news.collect(visit), key=lambda item: item.at, reverse=True)
        context = {
            "visit": visit,
            "answers": sorted(awaited_answers.collect(visit), key=_deadline_first),
            "news": news[:NEWS_SHOWN],
            "cards": render_cards(corner_cards.collect_with_plugin(visit), request, visit=visit),
        }
        return render(request, "members/corner.html", context)


def _deadline_first(answer: AwaitedAnswer) -> tuple[bool, float]:
    return answer.due is None, answer.due.timestamp() if answer.due else 0.0


class PeersView(MemberView):
    """Other members with their contacts, by prefecture, kind and population."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = PeersForm(request.GET or None)
        found = peers_of(self.organisation, today(), form.chosen)
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        people = listed_people(page.object_list, today())
        rows = [(organisation, people.get(organisation.pk, [])) for organisation in page]
        return render(
            request, "members/peers.html", {"form": form, "page_obj": page, "rows": rows, "own": self.organisation}
        )


class DirectoryEntryView(MemberView):
    """What a person lets the other members see."""

    def get(self, request: HttpRequest) -> HttpResponse:
        entry = DirectoryEntry.objects.filter(person=self.person).first()
        return self._page(request, DirectoryEntryForm(instance=entry, initial={"is_listed": entry is not None}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DirectoryEntryForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        directory_entry_set(person=self.person, **form.cleaned_data)
        messages.success(request, _("What other members see of you has been saved."))
        return redirect("members:corner")

    def _page(self, request: HttpRequest, form: DirectoryEntryForm, status: int = 200) -> HttpResponse:
        return render(request, "members/directory_entry.html", {"form": form}, status=status)
