"""Wagtail's hooks for plugins: silent while the plugin is off, and a mistake in one stays its own.

A plugin's `wagtail_hooks.py` registers through here (a start-up check sees to it):

    from cms.plugin_api import hooks

    @hooks.register("construct_homepage_panels")
    def add_panel(request, panels): ...

Wagtail asks some hooks once and keeps the answer for the life of the process. Those always answer; what they answer is
gated where it is used: addresses in the resolver, menu items when the menu is made.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar

from django.contrib.auth.models import Permission
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404
from wagtail import hooks as wagtail_hooks
from wagtail.admin.menu import MenuItem

from .errors import isolated
from .gate import gated
from .ownership import claim_viewset, owner_of
from .state import is_enabled

F = TypeVar("F", bound=Callable[..., Any])


class HiddenMenuItem(MenuItem):
    """Stands in for a menu item whose hook raised."""

    def __init__(self) -> None:
        super().__init__("", "#", name="hidden")

    def is_shown(self, request: Any) -> bool:
        """Never."""
        return False


def _nothing(*args: Any) -> None:
    """Change nothing."""


def _empty(*args: Any) -> list[Any]:
    return []


def _text(*args: Any) -> str:
    return ""


def _first(*args: Any) -> Any:
    return args[0]


def _second(*args: Any) -> Any:
    return args[1]


def _hidden(*args: Any) -> MenuItem:
    return HiddenMenuItem()


def _no_permissions(*args: Any) -> Any:
    return Permission.objects.none()


KEPT: dict[str, Callable[..., Any]] = {
    "register_admin_menu_item": _hidden,
    "register_admin_urls": _empty,
    "register_admin_viewset": _empty,
    "register_help_menu_item": _hidden,
    "register_icons": _first,
    "register_log_actions": _nothing,
    "register_permissions": _no_permissions,
    "register_reports_menu_item": _hidden,
    "register_rich_text_features": _nothing,
    "register_settings_menu_item": _hidden,
}
"""Asked once a process, so always answered. The value is what stands in when the hook raises."""

ASKED: dict[str, Callable[..., Any]] = {
    "after_copy_page": _nothing,
    "after_create_page": _nothing,
    "after_delete_page": _nothing,
    "after_edit_page": _nothing,
    "after_move_page": _nothing,
    "after_publish_page": _nothing,
    "after_unpublish_page": _nothing,
    "before_copy_page": _nothing,
    "before_create_page": _nothing,
    "before_delete_page": _nothing,
    "before_edit_page": _nothing,
    "before_move_page": _nothing,
    "before_publish_page": _nothing,
    "before_unpublish_page": _nothing,
    "construct_explorer_page_queryset": _second,
    "construct_help_menu": _nothing,
    "construct_homepage_panels": _nothing,
    "construct_homepage_summary_items": _nothing,
    "construct_main_menu": _nothing,
    "construct_page_action_menu": _nothing,
    "construct_page_chooser_queryset": _first,
    "construct_page_listing_buttons": _nothing,
    "construct_reports_menu": _nothing,
    "construct_settings_menu": _nothing,
    "construct_wagtail_userbar": _nothing,
    "insert_editor_css": _text,
    "insert_editor_js": _text,
    "insert_global_admin_css": _text,
    "insert_global_admin_js": _text,
    "register_page_header_buttons": _empty,
    "register_page_listing_buttons": _empty,
    "register_page_listing_more_buttons": _empty,
    "register_snippet_listing_buttons": _empty,
    "register_user_listing_buttons": _empty,
}
"""Asked at each use, so silent while the plugin is off. The value is the answer that changes nothing.

`before_serve_page` and `before_serve_document` are missing on purpose: an access rule in a plugin's hook lets everybody
in as soon as the plugin is off. Enforcement lives in the core.
"""

FILLED = {
    "construct_homepage_panels": 1,
    "construct_homepage_summary_items": 1,
    "construct_page_action_menu": 0,
    "construct_wagtail_userbar": 1,
}
"""These are given a list to which they add what is rendered later. The value says which argument it is."""

CLASSES = {"register_bulk_action"}
"""What is registered is no function but a view, which Wagtail serves below an address of its own."""


def register(hook_name: str, *, order: int = 0) -> Callable[[F], F]:
    """Register a plugin's function for a Wagtail hook, guarded.

    Raises ImproperlyConfigured for a hook that plugins may not use.
    """

    def decorator(function: F) -> F:
        if hook_name not in {*KEPT, *ASKED, *CLASSES}:
            raise ImproperlyConfigured(
                f"{function.__module__} registers the hook '{hook_name}', which plugins may not use. "
                f"They may use: {', '.join(sorted([*KEPT, *ASKED, *CLASSES]))}."
            )
        answer = _gated_class(function) if hook_name in CLASSES else guarded(hook_name, function)
        wagtail_hooks.register(hook_name, answer, order=order)
        return function

    return decorator


def guarded(hook_name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a hook so that it is silent while its plugin is off and never raises."""
    owner = owner_of(function) or ""
    neutral = KEPT.get(hook_name) or ASKED[hook_name]

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if hook_name in ASKED and not is_enabled(owner):
            return neutral(*args)
        with isolated(owner, f"hook {hook_name}"):
            with _additions_shielded(args[FILLED[hook_name]], owner) if hook_name in FILLED else nullcontext():
                answer = function(*args, **kwargs)
            return _gated(hook_name, owner, list(answer) if inspect.isgenerator(answer) else answer)
        return neutral(*args)

    call.is_guarded = True  # type: ignore[attr-defined]  # read by the start-up check
    return call


def _gated_class(view: Any) -> Any:
    """Close a view that Wagtail serves by its class while its plugin is off: its address belongs to Wagtail."""
    owner = owner_of(view) or ""

    def dispatch(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_enabled(owner):
            raise Http404
        return view.dispatch(self, *args, **kwargs)

    kept = {"__module__": view.__module__, "__doc__": view.__doc__, "dispatch": dispatch, "is_guarded": True}
    return type(view.__name__, (view,), kept)


@contextmanager
def _additions_shielded(items: list[Any], owner: str) -> Iterator[None]:
    before = [*items]
    try:
        yield
    finally:
        for item in items:
            if item not in before:
                _shield(item, "render_html", owner, "")


def _shield(thing: Any, method: str, owner: str, neutral: Any) -> None:
    """Guard what Wagtail asks of a thing for each page of the admin, long after the hook that gave it."""
    asked = getattr(thing, method)

    @functools.wraps(asked)
    def answer(*args: Any, **kwargs: Any) -> Any:
        with isolated(owner, f"{type(thing).__name__}.{method}"):
            return asked(*args, **kwargs)
        return neutral

    setattr(thing, method, answer)


def _gated(hook_name: str, owner: str, answer: Any) -> Any:
    """Put the addresses that a hook gives behind the gate, whoever wrote their views and whatever they are about."""
    if KEPT.get(hook_name) is _hidden:
        _shield(answer, "is_shown", owner, neutral=False)
    if hook_name == "register_admin_urls" and answer:
        return gated(answer, owner=owner)
    if hook_name == "register_admin_viewset":
        for viewset in answer if isinstance(answer, list | tuple) else [answer]:
            claim_viewset(viewset, owner)
    return answer


def unguarded_hooks() -> list[tuple[str, Callable[..., Any]]]:
    """Return the hooks that plugins registered with Wagtail directly, around the guard."""
    wagtail_hooks.search_for_hooks()
    return [
        (name, function)
        for name, registered in sorted(wagtail_hooks._hooks.items())  # noqa: SLF001 - Wagtail offers no other list
        for function, _order in registered
        if (inspect.isfunction(function) or inspect.isclass(function))
        and owner_of(function.__module__)
        and not hasattr(function, "is_guarded")
    ]
