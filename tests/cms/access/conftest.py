"""People on seats, and who of them is a member."""

import pytest

from cms.accounts.models import Seat, User
from cms.pages.models import HomePage
from tests.factories.accounts import AffiliationFactory, SeatFactory
from tests.factories.pages import home_page


@pytest.fixture(autouse=True)
def _whoever_sits_is_a_member(everybody_is_member: None) -> None:
    """These tests ask who reads what; who is a member when is the register's question."""


@pytest.fixture(autouse=True)
def _members(everybody_is_member: None) -> None:
    """Every organisation is a member."""


@pytest.fixture
def home(db: None) -> HomePage:
    return home_page()


@pytest.fixture
def seat(db: None) -> Seat:
    """A seat of an organisation."""
    return SeatFactory()


@pytest.fixture
def person(seat: Seat) -> User:
    """Who sits on it."""
    return AffiliationFactory(seat=seat).person
