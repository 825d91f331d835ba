"""What the frame of every page needs to know about the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page, Site

# Slugs below the home page of the pages that a public body's footer links to, in that order.
FOOTER_SLUGS = ("about", "privacy", "accessibility", "contact")


@dataclass(frozen=True)
class Link:
    """One entry of a menu."""

    title: str
    url: str


@dataclass(frozen=True)
class Frame:
    """The parts of the frame that are the same on every page."""

    site_name: str
    home: Link
    menu: Sequence[Link]
    footer: Sequence[Link]


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame for the site that this request is for, read once a request."""
    frame: Frame | None = getattr(request, "kairan_frame", None)
    if frame is None:
        frame = request.kairan_frame = _read_frame(request)  # type: ignore[attr-defined]  # kept for this request only
    return frame


def ancestor_links(request: HttpRequest, page: Page) -> list[Link]:
    """Return the pages above this one, the home page first; none for the home page itself."""
    home = frame_of(request).home
    site = Site.find_for_request(request)
    if site is None or page.pk == site.root_page_id:
        return []
    above = page.get_ancestors().filter(depth__gt=site.root_page.depth).live()
    return [home, *(Link(ancestor.title, ancestor.get_url(request)) for ancestor in above)]


def home_links(request: HttpRequest) -> list[Link]:
    """Return the home page as the only step above a view that is no page."""
    return [frame_of(request).home]


def sidebar_cards(page: Page, request: HttpRequest) -> Sequence[Any]:
    """Return the cards that the plugins show beside the page."""
    return ()


def _read_frame(request: HttpRequest) -> Frame:
    site = Site.find_for_request(request)
    if site is None:
        return Frame(settings.WAGTAIL_SITE_NAME, Link(settings.WAGTAIL_SITE_NAME, "/"), (), ())
    name = site.site_name or site.root_page.title
    pages = list(site.root_page.get_children().live())
    footer = {page.slug: Link(page.title, page.get_url(request)) for page in pages if page.slug in FOOTER_SLUGS}
    return Frame(
        site_name=name,
        home=Link(name, site.root_page.get_url(request) or "/"),
        menu=[Link(page.title, page.get_url(request)) for page in pages if page.show_in_menus],
        footer=[footer[slug] for slug in FOOTER_SLUGS if slug in footer],
    )
