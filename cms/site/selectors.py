"""What the frame of every page needs to know about the site.

The parts that are the same on every page are kept in the process for as long as the site's generation stands, so that
a warm page asks the database nothing for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest  # noqa: TID251 - menus and trails depend on the site and the page that were asked for
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from cms.access.selectors import VISITOR, current_reader, readable_pages
from cms.plugin_api.cards import render_cards
from cms.plugin_api.pages import enabled
from cms.plugin_api.points import account_ways, menu_items, page_sidebar

from .storage.memory import GenerationMemory

# Slugs below the home page of the pages that a public body's footer links to, in that order; the form comes last.
FOOTER_SLUGS = ("about", "privacy", "accessibility")
CONTACT_VIEW = "contact:form"
FIRST_PAGE_ORDER = 100  # where the page tree's own menu entries begin; see cms.plugin_api.points.MenuItem


class Link(NamedTuple):
    """One entry of a menu."""

    title: str | Promise
    url: str


@dataclass(frozen=True)
class Entry:
    """A page that the frame links to; `is_open` to everybody, or only to who may read it."""

    page_id: int
    link: Link
    is_open: bool


@dataclass(frozen=True)
class Frame:
    """The parts of the frame that are the same on every page. `menu` holds the page tree's entries only."""

    site_name: str
    home: Link
    menu: Sequence[Entry]
    footer: Sequence[Entry]


_frames: GenerationMemory[Frame] = GenerationMemory()


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame for the site that this request is for."""
    return _frames.get((request.get_host(), request.is_secure()), lambda: _read_frame(request))


def main_menu_links(request: HttpRequest) -> list[Link]:
    """Return the main menu: the page tree's entries and what the plugins add, by their `order`."""
    links = readable_links(frame_of(request).menu)
    entries = [(FIRST_PAGE_ORDER + place, link) for place, link in enumerate(links)]
    for plugin, item in menu_items.collect_with_plugin():
        with menu_items.isolated(plugin):
            entries.append((item.order, Link(str(item.title), item.url)))
    seen: dict[str, Link] = {}
    for _order, link in sorted(entries, key=lambda entry: entry[0]):
        seen.setdefault(link.url, link)
    return list(seen.values())


def account_way_links() -> list[Link]:
    """Return the ways to an account that plugins offer, by their `order`."""
    entries = []
    for plugin, item in account_ways.collect_with_plugin():
        with account_ways.isolated(plugin):
            entries.append((item.order, Link(str(item.title), item.url)))
    return [link for _order, link in sorted(entries, key=lambda entry: entry[0])]


def footer_links(request: HttpRequest) -> list[Link]:
    """Return the links to the pages that a public body's footer has, of those that there are, and the contact form."""
    return [*readable_links(frame_of(request).footer), Link(_("Contact us"), reverse(CONTACT_VIEW))]


def readable_links(entries: Sequence[Entry]) -> list[Link]:
    """Return the entries that the reader of this request may follow: no query for a visitor, or where all are open."""
    closed = [entry.page_id for entry in entries if not entry.is_open]
    readable: set[int] = set()
    if closed and current_reader().person:
        readable = set(readable_pages(Page.objects.filter(pk__in=closed)).values_list("pk", flat=True))
    return [entry.link for entry in entries if entry.is_open or entry.page_id in readable]


def listed_pages(request: HttpRequest) -> PageQuerySet[Page]:
    """Return the live pages of this site that anybody may read, of plugins that are on, in the order of the tree."""
    site = Site.find_for_request(request)
    if site is None:
        return Page.objects.none()
    open_pages = readable_pages(site.root_page.get_descendants(inclusive=True).live(), VISITOR)
    return enabled(open_pages).order_by("path")


def ancestor_links(request: HttpRequest, page: Page) -> list[Link]:
    """Return the pages above this one, the home page first; none for the home page itself."""
    site = Site.find_for_request(request)
    if site is None or page.pk == site.root_page_id:
        return []
    return [frame_of(request).home, *(Link(above.title, above.get_url(request)) for above in _between(site, page))]


def home_links(request: HttpRequest) -> list[Link]:
    """Return the home page as the only step above a view that is no page."""
    return [frame_of(request).home]


def sidebar_cards(page: Page, request: HttpRequest) -> list[SafeString]:
    """Return the cards that the plugins show beside the page, as HTML. One whose template raises is left out."""
    return render_cards(page_sidebar.collect_with_plugin(page, request), request, page=page)


def _between(site: Site, page: Page) -> list[Page]:
    """Return the open pages below the home page and above this one: no query for a page right below it."""
    depth = site.root_page.depth
    if page.depth <= depth + 1:
        return []
    trail: list[Page] | None = getattr(page, "trail", None)
    if trail is not None:
        # Read on the way to the page; it is open only if all of these are.
        return [above for above in trail[1:-1] if above.live]
    return list(enabled(readable_pages(page.get_ancestors().filter(depth__gt=depth).live())))


def _read_frame(request: HttpRequest) -> Frame:
    site = Site.find_for_request(request)
    if site is None:
        return Frame(settings.WAGTAIL_SITE_NAME, Link(settings.WAGTAIL_SITE_NAME, "/"), (), ())
    name = site.site_name or site.root_page.title
    children = enabled(site.root_page.get_children().live())
    open_ids = set(readable_pages(children, VISITOR).values_list("pk", flat=True))
    entries = {
        page: Entry(page.pk, Link(page.title, page.get_url(request)), is_open=page.pk in open_ids) for page in children
    }
    footer = {page.slug: entry for page, entry in entries.items() if page.slug in FOOTER_SLUGS}
    return Frame(
        site_name=name,
        home=Link(name, site.root_page.get_url(request) or "/"),
        menu=[entry for page, entry in entries.items() if page.show_in_menus],
        footer=[footer[slug] for slug in FOOTER_SLUGS if slug in footer],
    )
