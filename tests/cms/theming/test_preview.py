"""Looking at a theme before the site is shown in it."""

import re
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client
from wagtail.models import Site

from cms.plugin_api.models import SiteState
from cms.theming.selectors import PREVIEW_KEY
from cms.theming.services import theme_choose
from cms.theming.themes import installed_themes, site_theme
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory

pytestmark = pytest.mark.django_db
BAR = "theme-preview__button"


@pytest.fixture
def address() -> Iterator[str]:
    """A page of the site."""
    home = Site.objects.get(is_default_site=True).root_page
    return SectionPageFactory(parent=home, slug="seen").get_url()


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


def look(client: Client, name: str = "kairanban") -> None:
    client.post("/admin/theme/preview/", {"theme": name})


def sheets(client: Client, address: str) -> set[str]:
    """Return the themes whose style sheets the page asks for."""
    return set(re.findall(r"/static/themes/(\w+)/css/", client.get(address).content.decode()))


def test_administrator_alone_sees_the_other_theme(administrator: Client, address: str) -> None:
    response = administrator.post("/admin/theme/preview/", {"theme": "kairanban"})

    assert response.headers["Location"] == "/"
    assert "kairanban" in sheets(administrator, address)
    assert BAR in administrator.get(address).content.decode()
    assert sheets(Client(), address) == {"standard"}
    assert site_theme().name == "standard"


def test_nothing_that_a_visitor_gets_knows_of_it(settings: LazySettings, administrator: Client, address: str) -> None:
    """Whoever comes first, the administrator or a visitor: the shared cache holds the site's own theme."""
    settings.PAGE_CACHE = True
    administrator.handler.load_middleware()
    look(administrator)
    previewed = administrator.get(address)
    visitor = Client()
    first, second = visitor.get(address), visitor.get(address)

    assert previewed.headers["Cache-Control"] == "private, no-cache"
    for response in (first, second):
        assert BAR not in response.content.decode()
        assert not response.cookies
    assert first.content == second.content
    assert "kairanban" in sheets(administrator, address)


def test_end_of_the_preview_leads_back_to_the_page(administrator: Client, address: str) -> None:
    look(administrator)

    response = administrator.post("/admin/theme/preview/end/", {"next": address})

    assert response.headers["Location"] == address
    assert sheets(administrator, address) == {"standard"}
    assert BAR not in administrator.get(address).content.decode()


def test_theme_is_used_from_the_bar(administrator: Client, address: str) -> None:
    look(administrator)

    response = administrator.post("/admin/theme/", {"theme": "kairanban", "next": address})

    assert response.headers["Location"] == address
    assert SiteState.objects.get().theme == "kairanban"
    assert PREVIEW_KEY not in administrator.session
    assert "kairanban" in sheets(Client(), address)


def test_way_back_leads_nowhere_else(administrator: Client) -> None:
    response = administrator.post("/admin/theme/preview/end/", {"next": "https://example.com/"})

    assert response.headers["Location"] == "/admin/theme/"


def test_theme_that_does_not_exist_is_refused_in_a_sentence(administrator: Client) -> None:
    response = administrator.post("/admin/theme/preview/", {"theme": "../cms"}, follow=True)

    assert "../cms" in response.content.decode()
    assert PREVIEW_KEY not in administrator.session


def test_looking_needs_a_post(administrator: Client) -> None:
    assert administrator.get("/admin/theme/preview/", {"theme": "kairanban"}).status_code == 405
    assert administrator.get("/admin/theme/preview/end/").status_code == 405


def test_person_without_the_right_cannot_look(client: Client, address: str) -> None:
    client.force_login(UserFactory())

    assert client.post("/admin/theme/preview/", {"theme": "kairanban"}).status_code in {302, 403}
    assert client.post("/admin/theme/preview/end/").status_code in {302, 403}
    assert PREVIEW_KEY not in client.session


def test_right_is_asked_at_each_request(client: Client, address: str) -> None:
    """A right that was taken away, or a session that somebody wrote into, shows nothing."""
    person = UserFactory(is_superuser=True)
    client.force_login(person)
    look(client)
    assert "kairanban" in sheets(client, address)

    person.is_superuser = False
    person.save()

    assert sheets(client, address) == {"standard"}


def test_log_out_ends_it(administrator: Client, address: str) -> None:
    look(administrator)

    administrator.logout()

    assert sheets(administrator, address) == {"standard"}


def test_cookie_of_a_stranger_shows_nothing(settings: LazySettings, address: str) -> None:
    visitor = Client()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "0" * 32

    assert sheets(visitor, address) == {"standard"}


def test_bar_says_when_everybody_sees_it_by_now(administrator: Client, address: str) -> None:
    look(administrator)
    theme_choose(name="kairanban", by=UserFactory())

    page = administrator.get(address).content.decode()

    assert 'action="/admin/theme/"' not in page
    assert 'action="/admin/theme/preview/end/"' in page


@pytest.mark.parametrize("name", [theme.name for theme in installed_themes()])
def test_every_theme_prints_the_bar(administrator: Client, address: str, name: str) -> None:
    """Without it an administrator would be caught in the theme."""
    look(administrator, name)

    assert 'action="/admin/theme/preview/end/"' in administrator.get(address).content.decode()


def test_choices_have_a_picture_and_words(administrator: Client) -> None:
    choices = administrator.get("/admin/theme/").context["choices"]

    assert [choice.theme.name for choice in choices] == ["kairanban", "standard"]
    assert all(choice.theme.screenshot and choice.theme.summary for choice in choices)
