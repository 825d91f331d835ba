"""`{% load access_tags %}`: who will be able to read something, for the admin's templates."""

from typing import Any

from django import template
from wagtail.models import Page

from cms.access.selectors.reach import Reach, narrower_files, title_of

register = template.Library()


@register.simple_tag
def reach_of(subject: Any, parent: Any = None) -> Reach:
    """Return who can read a page or a collection's files; of what isn't saved yet, by its `parent`."""
    return Reach.of(subject, parent=parent)


@register.simple_tag
def files_narrower_than(page: Page, parent: Page | None = None) -> list[tuple[str, Reach]]:
    """Return the titles of the images and documents on the page that not all of its readers may have, with who may."""
    return [(title_of(file), reach) for file, reach in narrower_files(page, parent=parent)]
