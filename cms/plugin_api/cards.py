"""Prints the boxes that plugins add to a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .errors import isolated
from .points import SidebarCard


def render_cards(cards: Iterable[tuple[str, SidebarCard]], request: HttpRequest, **context: Any) -> list[SafeString]:
    """Return the boxes by their `order`, as HTML. One whose template raises is left out under its plugin's name."""
    by_order = sorted(cards, key=lambda given: given[1].order)
    return [html for plugin, card in by_order if (html := _render(plugin, card, request, context))]


def _render(plugin: str, card: SidebarCard, request: HttpRequest, context: dict[str, Any]) -> SafeString:
    with isolated(plugin, f"card {card.template}"):
        return render_to_string(card.template, {"card": card, **context, **card.context}, request)
    return SafeString("")
