"""Every page type: where it may stand, that it answers, renders, can be edited, and what it costs."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, Site
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import querydict_from_html

from cms.calendar import TOKYO
from cms.media.models import SiteDocument
from cms.pages.fields import StreamField
from cms.pages.models import (
    DocumentLibraryPage,
    FAQPage,
    HomePage,
    MeetingIndexPage,
    MeetingPage,
    NewsIndexPage,
    NewsPage,
    SectionPage,
)
from cms.pages.views import find_site
from tests.factories.accounts import UserFactory
from tests.factories.pages import (
    DocumentLibraryPageFactory,
    FAQPageFactory,
    MeetingIndexPageFactory,
    MeetingPageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    home_page,
)

BODY = json.dumps(
    [{"type": "heading", "value": "見出し", "id": "a"}, {"type": "text", "value": "<p>本文</p>", "id": "b"}]
)
START = datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO)


def meeting(parent: Page, **kwargs: Any) -> MeetingPage:
    return MeetingPageFactory(parent=parent, start=START, end=START + timedelta(minutes=75), **kwargs)


class TestPageTypes(WagtailPageTestCase):
    """Wagtail's own assertions for one page of each type."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.admin = UserFactory(is_superuser=True, is_staff=True)
        cls.home = home_page(body=BODY)
        cls.news = NewsIndexPageFactory(parent=cls.home, body=BODY)
        cls.meetings = MeetingIndexPageFactory(parent=cls.home, body=BODY)
        cls.pages = [
            cls.home,
            cls.news,
            cls.meetings,
            SectionPageFactory(parent=cls.home, body=BODY),
            NewsPageFactory(parent=cls.news, body=BODY),
            meeting(cls.meetings, body=BODY),
            FAQPageFactory(parent=cls.home, body=BODY),
            DocumentLibraryPageFactory(parent=cls.home, body=BODY),
        ]

    def setUp(self) -> None:
        cache.clear()

    def test_each_is_routable(self) -> None:
        for page in self.pages:
            self.assertPageIsRoutable(page)

    def test_each_renders_its_title_and_body(self) -> None:
        for page in self.pages:
            self.assertPageIsRenderable(page)
            html = self.client.get(page.url).content.decode()
            assert f"<h1>{page.title}</h1>" in html, page
            assert "<h2>見出し</h2>" in html, page
            assert "本文" in html, page

    def test_each_is_editable(self) -> None:
        for page in self.pages:
            self.assertPageIsEditable(page, post_data=self.posted(page), user=self.admin)

    def test_each_can_be_previewed(self) -> None:
        for page in self.pages:
            self.assertPageIsPreviewable(page, post_data=self.posted(page), user=self.admin)

    def posted(self, page: Page) -> dict[str, str]:
        """What the browser sends: the form as it was loaded, its streams left empty."""
        self.client.force_login(self.admin)
        html = self.client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        streams = [field.name for field in page._meta.get_fields() if isinstance(field, StreamField)]
        counts = {f"{name}-count": "0" for name in streams}
        return {**querydict_from_html(html, form_id="page-edit-form").dict(), **counts}

    def test_no_public_page_sets_a_cookie(self) -> None:
        for page in self.pages:
            assert not self.client.get(page.url).cookies, page

    def test_places(self) -> None:
        self.assertAllowedSubpageTypes(MeetingIndexPage, {MeetingPage})
        self.assertAllowedSubpageTypes(NewsIndexPage, {NewsPage})
        self.assertAllowedSubpageTypes(MeetingPage, set())
        self.assertAllowedParentPageTypes(HomePage, {Page})
        for page_type in (NewsIndexPage, FAQPage, MeetingIndexPage, DocumentLibraryPage):
            self.assertAllowedParentPageTypes(page_type, {HomePage, SectionPage})


@pytest.mark.django_db
class TestCost:
    """The same number of queries at 1 and at 30 items; frame and addresses are warm, the page cache is empty."""

    @pytest.fixture
    def get(self, client: Client) -> Callable[[str], None]:
        def fetch(address: str) -> None:
            assert client.get(address).status_code == 200

        return fetch

    @pytest.mark.parametrize("items", [1, 30])
    def test_home(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        home = home_page()
        news, meetings = NewsIndexPageFactory(parent=home), MeetingIndexPageFactory(parent=home)
        for number in range(items):
            NewsPageFactory(parent=news)
            meeting(meetings, number=number + 1)
            SectionPageFactory(parent=home)
        address = home.url
        get(address)

        with django_assert_num_queries(8):
            get(address)

    @pytest.mark.parametrize(("sites", "expected"), [(1, 0), (2, 1)])
    def test_addresses_are_looked_up_once_at_most(
        self, get: Any, monkeypatch: pytest.MonkeyPatch, sites: int, expected: int
    ) -> None:
        """Where the cache is a table of the database, each look is a query; one site needs none beside its own."""
        home = home_page()
        news, meetings = NewsIndexPageFactory(parent=home), MeetingIndexPageFactory(parent=home)
        for number in range(3):
            NewsPageFactory(parent=news)
            meeting(meetings, number=number + 1)
        if sites > 1:
            Site.objects.create(hostname="other.example", root_page=news)
        looks: list[None] = []
        plain = Site.get_site_root_paths
        monkeypatch.setattr(Site, "get_site_root_paths", staticmethod(lambda: looks.append(None) or plain()))

        get("/")

        assert len(looks) == expected

    def test_what_the_site_says_of_itself_is_what_wagtail_says(self, rf: RequestFactory) -> None:
        home_page()
        request, plain = rf.get("/"), rf.get("/")

        find_site(request)

        assert request._wagtail_site == Site.find_for_request(plain)
        assert request._wagtail_cached_site_root_paths == Site.get_site_root_paths()

    @pytest.mark.parametrize("items", [1, 30])
    def test_meeting_index(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        index = MeetingIndexPageFactory(parent=home_page())
        for number in range(items):
            meeting(index, number=number + 1)
        address = index.url
        get(address)

        with django_assert_num_queries(5):
            get(address)

    @pytest.mark.parametrize("items", [1, 30])
    def test_news_index(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        index = NewsIndexPageFactory(parent=home_page())
        for _ in range(items):
            NewsPageFactory(parent=index)
        address = index.url
        get(address)

        with django_assert_num_queries(6):
            get(address)

    @pytest.mark.parametrize("items", [1, 30])
    def test_section(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        section = SectionPageFactory(parent=home_page(), body=BODY)
        for _ in range(items):
            SectionPageFactory(parent=section)
        address = section.url
        get(address)

        with django_assert_num_queries(5):
            get(address)

    @pytest.mark.parametrize("items", [1, 30])
    def test_meeting(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        index = MeetingIndexPageFactory(parent=home_page())
        lines = json.dumps([{"type": "item", "value": f"議題{number}", "id": str(number)} for number in range(items)])
        pages = [meeting(index, number=number + 1, agenda=lines, decisions=lines) for number in range(items)]
        address = pages[0].url
        get(address)

        with django_assert_num_queries(6):
            get(address)

    @pytest.mark.parametrize("items", [1, 30])
    def test_news_item(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        index = NewsIndexPageFactory(parent=home_page())
        pages = [NewsPageFactory(parent=index, body=BODY) for _ in range(items)]
        address = pages[0].url
        get(address)

        with django_assert_num_queries(4):
            get(address)

    @pytest.mark.parametrize("items", [1, 30])
    def test_faq(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        question = {"question": "印刷できますか。", "answer": "<p>できます。</p>"}
        questions = [{"type": "question", "value": question, "id": str(number)} for number in range(items)]
        address = FAQPageFactory(parent=home_page(), questions=json.dumps(questions)).url
        get(address)

        with django_assert_num_queries(4):
            get(address)

    @pytest.mark.parametrize("items", [1, 30])
    def test_document_library(self, get: Any, items: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        documents = [
            SiteDocument.objects.create(title="見本", file=ContentFile(b"text", f"sample-{number}.txt"))
            for number in range(items)
        ]
        group = {"heading": "事業計画", "documents": [document.pk for document in documents]}
        groups = json.dumps([{"type": "documents", "value": group, "id": "a"}])
        library = DocumentLibraryPageFactory(parent=home_page(), groups=groups)
        for _ in range(items):
            SectionPageFactory(parent=library)
        address = library.url
        get(address)

        with django_assert_num_queries(8):
            get(address)


@pytest.mark.django_db
class TestSlugs:
    @pytest.mark.parametrize("slug", ["admin", "accounts", "files", "media", "static"])
    def test_one_that_the_site_uses_is_refused_below_home(self, slug: str) -> None:
        with pytest.raises(ValidationError, match=f"/{slug}/"):
            home_page().add_child(instance=SectionPage(title="x", slug=slug))

    def test_deeper_it_is_free(self) -> None:
        section = SectionPageFactory(parent=home_page())

        page = section.add_child(instance=SectionPage(title="x", slug="admin"))

        assert page.url.endswith("/admin/")

    def test_documents_and_meetings_are_free(self) -> None:
        home = home_page()

        for slug in ("documents", "meetings", "news", "faq", "about"):
            home.add_child(instance=SectionPage(title="x", slug=slug))


@pytest.mark.django_db
class TestLanguage:
    def test_content_says_its_language_where_the_frame_speaks_another(self, client: Client) -> None:
        page = SectionPageFactory(parent=home_page(), body=BODY)

        japanese = client.get(page.url).content.decode()
        client.cookies["kairan_language"] = "en"
        english = client.get(page.url).content.decode()

        assert '<div class="body">' in japanese
        assert '<div class="body" lang="ja">' in english
        assert f'<h1><span lang="ja">{page.title}</span></h1>' in english


@pytest.mark.django_db
def test_news_are_printed_with_their_date(client: Client) -> None:
    index = NewsIndexPageFactory(parent=home_page())
    NewsPageFactory(parent=index, date=date(2009, 6, 9), title="開催のお知らせ")

    html = client.get(index.url).content.decode()

    assert '<time class="list__date" datetime="2009-06-09">平成21年6月9日（火）</time>' in html
