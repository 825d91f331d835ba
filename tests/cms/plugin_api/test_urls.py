"""First path segments that are taken."""

import pytest

from cms.plugin_api import reserved_slug_owner
from cms.plugin_api.urls import CORE, core_prefixes


@pytest.mark.parametrize("slug", ["admin", "accounts", "static", "media"])
def test_the_cores_addresses_are_the_cores(slug):
    assert reserved_slug_owner(slug) == CORE


@pytest.mark.django_db
def test_a_plugins_prefix_is_its_own_even_while_off(dummy_off):
    assert reserved_slug_owner("dummy") == "dummy"


def test_other_slugs_are_free():
    assert reserved_slug_owner("about-us") is None


def test_the_cores_prefixes_are_single_segments():
    assert not [prefix for prefix in core_prefixes() if "/" in prefix or not prefix]
