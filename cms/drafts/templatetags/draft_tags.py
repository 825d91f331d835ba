"""`{% load draft_tags %}`: what stands around a page that is shown as a draft. Prints nothing on any other page."""

from django import template
from django.template.context import Context
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag(takes_context=True)
def above_draft(context: Context) -> str:
    """Say that this is a draft, or print the sheet for its approval."""
    return _around(context, "above")


@register.simple_tag(takes_context=True)
def below_draft(context: Context) -> str:
    """Print what the draft changes, on the sheet."""
    return _around(context, "below")


def _around(context: Context, place: str) -> str:
    around = getattr(context.get("request"), "around_draft", None)
    name = getattr(around, place, "")
    return render_to_string(name, around.context, context["request"]) if around and name else ""
