"""Questions that are asked often."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms.pages.blocks import QuestionsBlock
from cms.pages.fields import StreamField

from .base import BodyPage


class FAQPage(BodyPage):
    """Questions with their answers, under headings."""

    address_word = "faq"
    template = "pages/faq_page.html"
    questions = StreamField(QuestionsBlock, blank=True, verbose_name=_("questions"))

    parent_page_types = ["pages.HomePage", "pages.SectionPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*BodyPage.content_panels, FieldPanel("questions")]
    search_fields = [*BodyPage.search_fields, index.SearchField("questions")]

    class Meta:
        verbose_name = _("FAQ page")
        verbose_name_plural = _("FAQ pages")
