"""`{% load announcements %}`: what is announced. Its look is the theme's `components/announcements.html`."""

from typing import Any

from django import template
from django.template.context import Context

from cms.announcements import selectors
from cms.calendar import clock
from cms.site.storage.page_cache import limit_answer

register = template.Library()


@register.inclusion_tag("components/announcements.html", takes_context=True)
def announcements(context: Context) -> dict[str, Any]:
    """Print what is announced at this moment; the answer is not kept beyond the next change."""
    at = clock.now()
    limit_answer(context["request"], selectors.next_change(at=at))
    return {"announcements": selectors.shown_announcements(at=at)}
