"""What is done to the site as a whole."""

import pytest
from django.conf import LazySettings
from wagtail.models import Site

from cms.plugin_api.models import SiteState
from cms.site import services, signals

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("base_url", "hostname", "port"),
    [
        ("https://www.example.jp", "www.example.jp", 443),
        ("http://www.example.jp", "www.example.jp", 80),
        ("http://localhost:8123", "localhost", 8123),
    ],
)
def test_site_follows_base_url_after_migrations(
    settings: LazySettings, base_url: str, hostname: str, port: int
) -> None:
    settings.BASE_URL = base_url

    signals._migrated(using="default")

    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == (hostname, port)


def test_deployment_puts_what_was_kept_out_of_date() -> None:
    services.content_changed()

    signals._migrated(using="default")

    assert SiteState.objects.get().generation == 3


def test_first_change_is_counted_too() -> None:
    services.content_changed()

    assert SiteState.objects.get().generation == 2
