"""`/sitemap.xml`: every page that anybody may read."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from wagtail.models import Page
from wagtail.query import PageQuerySet

from cms.site import selectors


class PageSitemap(Sitemap):
    """The open pages of the page tree at their addresses below `BASE_URL`, whatever host the crawler asked."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> PageQuerySet[Page]:
        return selectors.listed_pages(self.request)

    def location(self, item: Page) -> str:
        return item.get_url(self.request) or "/"

    def lastmod(self, item: Page) -> datetime | None:
        return item.last_published_at

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer with the sitemap (sitemaps.org, 50,000 addresses a file)."""
    return sitemap_view(request, {"pages": PageSitemap(request)})
