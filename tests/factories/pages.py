"""Pages for tests. `home_page()` first: everything else stands below it."""

from typing import Any

import factory
import wagtail_factories
from wagtail.models import Page, Site

from cms.pages.models import (
    DocumentLibraryPage,
    FAQPage,
    HomePage,
    MeetingIndexPage,
    MeetingPage,
    MeetingSeries,
    NewsIndexPage,
    NewsPage,
    SectionPage,
)


def home_page(**kwargs: Any) -> HomePage:
    """Make the site's home page, in place of the one that Wagtail's migrations leave behind."""
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(**{"title": "全国市町村情報管理主管課長会", "slug": "top", **kwargs}))
    site = Site.objects.get(is_default_site=True)
    site.root_page = home
    site.save()
    return home


class SectionPageFactory(wagtail_factories.PageFactory):
    title = "本会について"
    slug = factory.Sequence(lambda number: f"section-{number}")

    class Meta:
        model = SectionPage


class NewsIndexPageFactory(wagtail_factories.PageFactory):
    title = "お知らせ"
    slug = "news"

    class Meta:
        model = NewsIndexPage


class NewsPageFactory(wagtail_factories.PageFactory):
    title = factory.Sequence(lambda number: f"お知らせ{number}")
    slug = factory.Sequence(lambda number: f"news-{number}")

    class Meta:
        model = NewsPage


class FAQPageFactory(wagtail_factories.PageFactory):
    title = "よくある質問"
    slug = "faq"

    class Meta:
        model = FAQPage


class DocumentLibraryPageFactory(wagtail_factories.PageFactory):
    title = "資料"
    slug = "library"

    class Meta:
        model = DocumentLibraryPage


class MeetingSeriesFactory(factory.django.DjangoModelFactory):
    name = "役員会"
    slug = "officers"
    is_main = True

    class Meta:
        model = MeetingSeries
        django_get_or_create = ("name",)


class MeetingIndexPageFactory(wagtail_factories.PageFactory):
    title = "役員会"
    slug = "meetings"

    class Meta:
        model = MeetingIndexPage


class MeetingPageFactory(wagtail_factories.PageFactory):
    series = factory.SubFactory(MeetingSeriesFactory)
    fiscal_year = 2009
    number = factory.Sequence(lambda number: number + 1)
    title = factory.LazyAttribute(lambda page: f"平成21年度第{page.number}回役員会")
    slug = factory.LazyAttribute(lambda page: f"fy{page.fiscal_year}-{page.number}")

    class Meta:
        model = MeetingPage
