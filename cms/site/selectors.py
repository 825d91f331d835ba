"""What the frame of every page needs to know about the site.

The parts that are the same on every page are kept in the process for as long as the site's generation stands, so that
a warm page asks the database nothing for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest  # noqa: TID251 - menus and trails depend on the site and the page that were asked for
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from cms.plugin_api.errors import isolated
from cms.plugin_api.pages import enabled
from cms.plugin_api.points import SidebarCard, menu_items, page_sidebar

from .storage.memory import GenerationMemory

# Slugs below the home page of the pages that a public body's footer links to, in that order.
FOOTER_SLUGS = ("about", "privacy", "accessibility", "contact")
FIRST_PAGE_ORDER = 100  # where the page tree's own menu entries begin; see cms.plugin_api.points.MenuItem


class Link(NamedTuple):
    """One entry of a menu."""

    title: str
    url: str


@dataclass(frozen=True)
class Frame:
    """The parts of the frame that are the same on every page. `menu` holds the page tree's entries only."""

    site_name: str
    home: Link
    menu: Sequence[Link]
    footer: Sequence[Link]


_frames: GenerationMemory[Frame] = GenerationMemory()


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame for the site that this request is for."""
    return _frames.get((request.get_host(), request.is_secure()), lambda: _read_frame(request))


def main_menu_links(request: HttpRequest) -> list[Link]:
    """Return the main menu: the page tree's entries and what the plugins add, by their `order`."""
    entries = [(FIRST_PAGE_ORDER + place, link) for place, link in enumerate(frame_of(request).menu)]
    entries += [(item.order, Link(str(item.title), item.url)) for item in menu_items.collect()]
    seen: dict[str, Link] = {}
    for _order, link in sorted(entries, key=lambda entry: entry[0]):
        seen.setdefault(link.url, link)
    return list(seen.values())


def listed_pages(request: HttpRequest) -> PageQuerySet[Page]:
    """Return the live pages of this site that anybody may read, of plugins that are on, in the order of the tree."""
    site = Site.find_for_request(request)
    if site is None:
        return Page.objects.none()
    return enabled(site.root_page.get_descendants(inclusive=True).live().public()).order_by("path")


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
    cards = sorted(page_sidebar.collect(page, request), key=lambda card: card.order)
    return [html for card in cards if (html := _render_card(card, page, request))]


def _render_card(card: SidebarCard, page: Page, request: HttpRequest) -> SafeString:
    with isolated(card.template.partition("/")[0], f"sidebar card {card.template}"):
        return render_to_string(card.template, {"card": card, "page": page, **card.context}, request)
    return SafeString("")


def _between(site: Site, page: Page) -> list[Page]:
    """Return the open pages below the home page and above this one: no query for a page right below it."""
    depth = site.root_page.depth
    if page.depth <= depth + 1:
        return []
    trail: list[Page] | None = getattr(page, "trail", None)
    if trail is not None:
        # Read on the way to the page; it is open only if all of these are.
        return [above for above in trail[1:-1] if above.live]
    return list(enabled(page.get_ancestors().filter(depth__gt=depth).live()))


def _read_frame(request: HttpRequest) -> Frame:
    site = Site.find_for_request(request)
    if site is None:
        return Frame(settings.WAGTAIL_SITE_NAME, Link(settings.WAGTAIL_SITE_NAME, "/"), (), ())
    name = site.site_name or site.root_page.title
    pages = list(enabled(site.root_page.get_children().live()))
    footer = {page.slug: Link(page.title, page.get_url(request)) for page in pages if page.slug in FOOTER_SLUGS}
    return Frame(
        site_name=name,
        home=Link(name, site.root_page.get_url(request) or "/"),
        menu=[Link(page.title, page.get_url(request)) for page in pages if page.show_in_menus],
        footer=[footer[slug] for slug in FOOTER_SLUGS if slug in footer],
    )
