"""A site with an index of seminars."""

import pytest

from tests.factories.pages import MeetingIndexPageFactory, home_page
from tests.factories.seminars import SeminarIndexPageFactory


@pytest.fixture
def home(db):
    return home_page()


@pytest.fixture
def index(home):
    return SeminarIndexPageFactory(parent=home)


@pytest.fixture
def meetings(home):
    return MeetingIndexPageFactory(parent=home)
