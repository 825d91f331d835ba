"""`{% load frame %}`: the parts of the page around its content. Their looks are the theme's `components/`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template.context import Context
from wagtail.models import Page

from cms.site import selectors

register = template.Library()


@register.inclusion_tag("components/main_menu.html", takes_context=True)
def main_menu(context: Context, css_class: str = "") -> dict[str, Any]:
    """Print the main menu: the pages that editors put into menus and what the plugins add."""
    request = context["request"]
    links = selectors.main_menu_links(request)
    # Of two that lead here the nearer one: /members/apply/ stands below /members/ too.
    here = max((link.url for link in links if _current(link.url, request.path)), key=len, default="")
    marked = [(link, _current(link.url, request.path) if link.url == here else "") for link in links]
    return {"links": marked, "css_class": css_class}


@register.inclusion_tag("components/breadcrumb.html", takes_context=True)
def breadcrumb(context: Context, *trail: str) -> dict[str, Any]:
    """Print the way from the home page to this one. Prints nothing on the home page.

    `trail` is for a view that is no page: address and name of each step in between, and last the name of this one.
    """
    request = context["request"]
    page = context.get("page")
    links = selectors.ancestor_links(request, page) if isinstance(page, Page) else selectors.home_links(request)
    between = [selectors.Link(name, url) for url, name in zip(trail[:-1:2], trail[1::2], strict=True)]
    here = trail[-1] if trail else getattr(page, "title", "")
    return {"links": [*links, *between] if here else [], "here": here}


@register.inclusion_tag("components/page_sidebar.html", takes_context=True)
def page_sidebar(context: Context) -> dict[str, Any]:
    """Print what the plugins show beside this page."""
    request = context["request"]
    page = context.get("page")
    cards = selectors.sidebar_cards(page, request) if isinstance(page, Page) else []
    return {"cards": cards}


@register.simple_tag(takes_context=True)
def footer_links(context: Context) -> Iterable[selectors.Link]:
    """Return the links to policy, accessibility and contact pages, of those that exist."""
    return selectors.footer_links(context["request"])


@register.simple_tag
def account_way_links() -> Iterable[selectors.Link]:
    """Return what plugins offer to somebody who has no account."""
    return selectors.account_way_links()


@register.simple_tag(takes_context=True)
def site_name(context: Context) -> str:
    """Return the association's name."""
    request = context.get("request")
    return selectors.frame_of(request).site_name if request else settings.WAGTAIL_SITE_NAME


@register.simple_tag(takes_context=True)
def person(context: Context) -> AbstractBaseUser | None:
    """Return who is logged in, or None.

    Visitors' sessions are not even looked for: a page that read one would vary by cookie and could not be cached.
    """
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user: AbstractBaseUser | None = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


@register.simple_tag(takes_context=True)
def frame_messages(context: Context) -> Iterable[Message]:
    """Return the messages for this person; a visitor without a session or a message cookie has none."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.COOKIES.keys().isdisjoint({settings.SESSION_COOKIE_NAME, "messages"}):
        return ()
    return get_messages(request)


def _current(url: str, path: str) -> str:
    """Return the value of `aria-current` for a link seen on `path`, empty where it is another part of the site."""
    if url == path:
        return "page"
    return "true" if url.rstrip("/") and path.startswith(url.rstrip("/") + "/") else ""
