"""A site whose pages are indexed as they are published."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from wagtail.models import Page

from cms.media.models import SiteDocument
from cms.pages.models import HomePage
from cms.search import services
from tests.cms.search.corpus import DOCUMENT, PAGES
from tests.factories.pages import SectionPageFactory, home_page

Publish = Callable[..., Page]


@pytest.fixture
def home(db: None) -> HomePage:
    return home_page()


@pytest.fixture
def corpus(home: HomePage) -> dict[str, str]:
    """The pages of the corpus and its document, indexed: address to name."""
    pages = {}
    for slug, (title, body) in PAGES.items():
        page = SectionPageFactory(parent=home, title=title, slug=slug, summary=body)
        services.page_index(page_id=page.pk)
        pages[page.url] = slug
    name, title, description, text = DOCUMENT
    file = ContentFile(text.encode(), f"{name}.txt")
    document = SiteDocument.objects.create(title=title, description=description, file=file)
    services.document_read(document_id=document.pk)
    return {**pages, document.url: name}


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """Run what waits for the commit: `with committed(): …`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
