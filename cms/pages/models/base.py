"""What every page of the site has in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from cms.access.panels import ReachPanel
from cms.access.selectors import current_reader
from cms.access.selectors.reach import files_out_of_reach
from cms.media.conf import files_kept_back
from cms.pages.blocks import BodyBlock
from cms.pages.enums import ContentLanguage
from cms.pages.fields import StreamField
from cms.pages.panels import BasePageForm
from cms.pages.validators import HOME_DEPTH, check_root_slug
from cms.plugin_api import owner_of
from cms.plugin_api.pages import GatedPage


class PageTag(ItemBase):
    """One tag on one page, of whatever type."""

    tag = models.ForeignKey("taggit.Tag", on_delete=models.CASCADE, related_name="tagged_pages")
    content_object = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="page_tags")

    class Meta:
        verbose_name = _("page tag")
        verbose_name_plural = _("page tags")
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="pages_tag_once_a_page")]


class BasePage(GatedPage, RoutablePageMixin, Page):
    """Base of every page type, the plugins' too.

    A page type adds addresses below its own with `wagtail.contrib.routable_page.models.path`.
    """

    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=300,
        help_text=_("One or two sentences for lists and search engines. Example: What was decided at the meeting"),
    )
    language = models.CharField(
        _("language of the content"),
        max_length=5,
        choices=ContentLanguage.choices,
        default=ContentLanguage.JAPANESE,
        help_text=_("The language in which this page is written. Screen readers choose their voice by it."),
    )
    tags = ClusterTaggableManager(
        through=PageTag, blank=True, verbose_name=_("tags"), help_text=_("Separate with commas. Example: cloud, BCP")
    )

    base_form_class = BasePageForm
    proposed_from: ClassVar[tuple[str, ...]] = ()
    """The fields from which `proposed()` follows."""

    address_word: ClassVar[str] = "page"
    """The slug of a page whose title has no letters that an address takes, as a Japanese one."""

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("summary")]
    promote_panels: ClassVar[list[Any]] = [
        ReachPanel(),
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("show_in_menus"),
            ],
            heading=_("Address and search engines"),
        ),
        MultiFieldPanel([FieldPanel("language"), FieldPanel("tags")], heading=_("Language and tags")),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.depth == HOME_DEPTH + 1:
            check_root_slug(self.slug, owner=owner_of(type(self)))

    @classmethod
    def initial_values(cls, parent: Page) -> dict[str, Any]:
        """Return what the form of a new page below `parent` is filled with."""
        return {}

    @classmethod
    def proposed(cls, values: Mapping[str, Any], *, page_id: int | None = None) -> dict[str, str]:
        """Return the title and slug that follow from what else was typed; nothing where they don't.

        `page_id` is the draft for which they are wanted, where there is one already.
        """
        return {}

    def stand_ins(self) -> dict[str, str]:
        """Return the title and slug that nobody chose: while this draft has them, they follow the other fields."""
        values = {name: getattr(self, name) for name in self.proposed_from}
        return self.proposed(values, page_id=self.pk)

    def check_publishable(self, values: Mapping[str, Any]) -> None:
        """Raise ValidationError where what was typed may be kept as a draft but not published."""

    @property
    def search_day(self) -> date | None:
        """The day by which the search orders this page and finds its fiscal year; None where it has none of its own."""
        return None

    def search_text(self) -> Iterable[str]:
        """Give the search what it shall know of this page beyond its `search_fields`."""
        return [tag.name for tag in self.tags.all()]

    @cached_property
    def content_lang(self) -> str:
        """The `lang` attribute that the content needs: empty where it speaks the language of the frame."""
        return "" if self.language == get_language() else self.language

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Ask nothing where reading the way to this page has shown that none of its pages is restricted."""
        trail = getattr(self, "trail", None)
        if trail and trail[-1].alias_of_id is None and not any(page.is_restricted for page in trail):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Name no image or document that whoever looks may not have: a form takes any that somebody sends."""
        reader = getattr(request, "draft_reader", None) or current_reader()
        with files_kept_back(files_out_of_reach(self, reader)):
            response: HttpResponse = super().serve_preview(request, mode_name)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "content_lang": self.content_lang}


class BodyPage(BasePage):
    """Base of page types that have a free body."""

    body = StreamField(BodyBlock, blank=True, verbose_name=_("body"))

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True
