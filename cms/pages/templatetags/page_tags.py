"""`{% load page_tags %}`: content in the language in which it is written."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def lang_of(page: Any) -> SafeString | str:
    """Print the `lang` attribute that the page's content needs: nothing where it speaks the frame's language."""
    language = getattr(page, "language", "") or ""
    return format_html(' lang="{}"', language) if language not in {"", get_language()} else ""


@register.filter
def in_language_of(text: Any, page: Any) -> Any:
    """Wrap text of a page in the page's language, where the frame speaks another."""
    attribute = lang_of(page)
    return format_html("<span{}>{}</span>", attribute, text) if attribute and text else text
