"""`{% load media_tags %}`: documents in a list, as whoever reads it may have them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext as _

from cms.access.enums import Audience
from cms.access.selectors import audiences_of_closed, current_reader
from cms.media.conf import below

register = template.Library()


class Listed(NamedTuple):
    """A document of a list; of one that the reader may not have, words for whom it is and for the next step."""

    document: Any
    gated: str = ""
    step: str = ""


@register.simple_tag
def documents_for_reader(documents: Iterable[Any]) -> list[Listed]:
    """Return the documents, without those that were deleted since."""
    found = [one for one in documents if one]
    if below(""):  # a link to a draft, which opens the files on it by a door of its own
        return [Listed(one) for one in found]
    closed = audiences_of_closed(found)
    step = _("Who may open it") if current_reader().person else _("Log in to open it")
    return [Listed(one, _gated(closed[one.pk]), step) if one.pk in closed else Listed(one) for one in found]


def _gated(audience: Audience) -> str:
    return _("Members only") if audience == Audience.MEMBERS else _("For certain readers")
