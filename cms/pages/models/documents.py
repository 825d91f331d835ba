"""The association's documents to download."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.pages.blocks import DocumentGroupsBlock
from cms.pages.fields import StreamField
from cms.pages.querysets import ShownPages

from .base import BodyPage


class DocumentLibraryPage(BodyPage):
    """Documents in groups, each with its type and size."""

    address_word = "documents"
    template = "pages/document_library_page.html"
    groups = StreamField(DocumentGroupsBlock, blank=True, verbose_name=_("groups of documents"))

    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types: ClassVar[list[str]] = ["pages.SectionPage"]
    content_panels = [*BodyPage.content_panels, FieldPanel("groups")]

    @property
    def subpages(self) -> ShownPages:
        """The pages below this one that a visitor may see."""
        return ShownPages(Page).child_of(self).shown()

    class Meta:
        verbose_name = _("document library")
        verbose_name_plural = _("document libraries")
