"""What the corner shows: peers, their people, what is new, what only members read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.access.selectors import VISITOR, readable_files, readable_pages, shut_collections
from cms.accounts.models import Affiliation, Organisation
from cms.plugin_api.pages import enabled
from plugins.members.enums import PopulationBand
from plugins.members.models import DirectoryEntry

if TYPE_CHECKING:
    from cms.accounts.querysets import OrganisationQuerySet
from .register import members_on

HOME_DEPTH = 2


NEWS_OFFERED = 12


MATERIAL_SHOWN = 6


def peers_of(own: Organisation, on: dt.date, chosen: Mapping[str, str]) -> OrganisationQuerySet:
    """Return the members among which another looks for peers, narrowed by what it chose in the form of the peers."""
    found = members_on(on).search(chosen.get("q", ""))
    if "kind" in chosen:
        found = found.filter(kind=chosen["kind"])
    if "prefecture" in chosen:
        found = found.in_prefecture(chosen["prefecture"])
    if "population" in chosen:
        lower, upper = PopulationBand(chosen["population"]).bounds(own.population)
        found = found.filter(population__gte=lower, **({} if upper is None else {"population__lt": upper}))
    return found.order_by("prefecture", "code", "name")


@dataclass(frozen=True)
class Listed:
    """Somebody who lets other members find them, and the seats that they hold."""

    entry: DirectoryEntry
    roles: list[str]


def listed_people(organisations: Iterable[Organisation], on: dt.date) -> dict[int, list[Listed]]:
    """Return whom other members may see of each organisation: two queries, however many there are."""
    ids = [one.pk for one in organisations]
    entries = {
        entry.person_id: entry for entry in DirectoryEntry.objects.of_organisations(ids, on).select_related("person")
    }
    seats = Affiliation.objects.active_on(on).filter(organisation__in=ids, person__in=entries)
    roles: dict[tuple[int, int], list[str]] = {}
    for held in seats.select_related("seat").order_by("organisation", "-seat__role", "seat__label"):
        roles.setdefault((held.organisation_id, held.person_id), []).append(held.seat.get_role_display())
    found: dict[int, list[Listed]] = {}
    for (organisation, person), names in roles.items():
        found.setdefault(organisation, []).append(Listed(entries[person], names))
    return found


def new_pages(since: dt.datetime) -> QuerySet[Page]:
    """Return the pages published since then that the reader of this request may read, the latest first."""
    found = _shown(Page.objects.filter(last_published_at__gt=since, depth__gt=HOME_DEPTH))
    return found.select_related("content_type").order_by("-last_published_at")[:NEWS_OFFERED]


def new_documents(since: dt.datetime) -> QuerySet[Any]:
    """Return the documents added since then that the reader of this request may have, the latest first."""
    found = readable_files(get_document_model().objects.filter(created_at__gt=since))
    return found.order_by("-created_at")[:NEWS_OFFERED]


def closed_pages() -> QuerySet[Page]:
    """Return pages that the reader of this request may read and a visitor may not, the latest first."""
    open_pages = readable_pages(Page.objects.order_by(), VISITOR)
    found = _shown(Page.objects.exclude(pk__in=open_pages.values("pk")))
    return found.order_by("-last_published_at")[:MATERIAL_SHOWN]


def closed_documents() -> QuerySet[Any]:
    """Return documents that the reader of this request may have and a visitor may not, the latest first."""
    documents = get_document_model().objects
    found = readable_files(documents.filter(collection__in=shut_collections(VISITOR)))
    return found.order_by("-created_at")[:MATERIAL_SHOWN]


def _shown(pages: QuerySet[Page]) -> QuerySet[Page]:
    return enabled(readable_pages(pages.filter(live=True)))
