"""What the plugin gives to the core's extension points, and what it does when something happens."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.plugin_api.events import PagePublished
from cms.plugin_api.points import MenuItem

from .services import entry_note


def menu_items() -> Iterable[MenuItem]:
    """Offer the list in the main menu."""
    yield MenuItem(title=_("New pages"), url=reverse("${slug}:latest"))


def page_published(event: PagePublished) -> None:
    """Note every page that is published."""
    entry_note(page_id=event.page_id)
