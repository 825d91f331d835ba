"""Choosing the theme in the admin."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import ModelLogEntry

from cms.plugin_api.models import SiteState
from cms.theming.services import theme_choose
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_administrator_chooses_and_it_is_logged(administrator: Client) -> None:
    response = administrator.post("/admin/theme/", {"theme": "standard"}, follow=True)

    state = SiteState.objects.get()
    assert state.theme == "standard"
    assert state.generation == 2
    assert ModelLogEntry.objects.get(action="theming.choose").data == {"old": "", "new": "standard"}
    (in_use,) = [choice.theme.name for choice in response.context["choices"] if choice.is_in_use]
    assert in_use == "standard"


def test_choosing_the_same_again_changes_nothing(administrator: Client) -> None:
    theme_choose(name="standard", by=UserFactory())

    assert theme_choose(name="standard", by=UserFactory()) is False
    assert SiteState.objects.get().generation == 2


def test_theme_that_does_not_exist_is_refused_and_nothing_changed(administrator: Client) -> None:
    response = administrator.post("/admin/theme/", {"theme": "blue"})

    assert response.context["form"].errors
    assert not SiteState.objects.filter(theme="blue").exists()
    with pytest.raises(ValidationError):
        theme_choose(name="blue", by=UserFactory())


def test_looking_changes_nothing(administrator: Client) -> None:
    administrator.get("/admin/theme/", {"theme": "standard"})

    assert not SiteState.objects.filter(theme="standard").exists()


def test_nobody_else_gets_there(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.post("/admin/theme/", {"theme": "standard"}).status_code in {302, 403}
    assert not SiteState.objects.filter(theme="standard").exists()
