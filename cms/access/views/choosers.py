"""The page chooser, which names the page that it opens at, in the place of Wagtail's."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views.chooser import BrowseView
from wagtail.models import Page

from cms.access.selectors import readable_pages


class ReadableBrowseView(BrowseView):
    """Opens at the top where the page asked for, or the one above all of a type, is closed to the editor."""

    parent_page: Page

    def get_object_list(self) -> QuerySet[Any]:
        """Return what is below the page; Wagtail asks for that before it uses the page in any other way."""
        if not readable_pages(Page.objects.filter(pk=self.parent_page.pk)).exists():
            self.parent_page = Page.get_first_root_node()
        return super().get_object_list()
