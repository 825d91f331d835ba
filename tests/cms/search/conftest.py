"""A site whose pages are indexed as they are published."""

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Page

from cms.pages.models import HomePage
from cms.search import services
from tests.cms.search.corpus import PAGES
from tests.factories.pages import SectionPageFactory, home_page

Publish = Callable[..., Page]


@pytest.fixture
def home(db: None) -> HomePage:
    return home_page()


@pytest.fixture
def corpus(home: HomePage) -> dict[int, str]:
    """The pages of the corpus, indexed: page id to name."""
    pages = {}
    for slug, (title, body) in PAGES.items():
        page = SectionPageFactory(parent=home, title=title, slug=slug, summary=body)
        services.page_index(page_id=page.pk)
        pages[page.pk] = slug
    return pages


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """Run what waits for the commit: `with committed(): …`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
