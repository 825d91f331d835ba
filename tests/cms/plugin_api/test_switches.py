"""Every choice of plugins that are on is a sound site, without a restart between one and the next; none is, too."""

from itertools import chain, combinations

import pytest
from django.core.management import call_command

from cms.plugin_api.gate import owner_of_url
from cms.plugin_api.models import SiteState
from cms.plugin_api.registry import installed_plugins
from cms.plugin_api.testing.contract import LINK
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = pytest.mark.django_db
PLUGINS = {plugin.slug: plugin for plugin in installed_plugins()}
CHOICES = list(chain.from_iterable(combinations(PLUGINS, size) for size in range(len(PLUGINS) + 1)))


@pytest.mark.parametrize("on", CHOICES, ids=lambda on: "+".join(on) or "none")
def test_site_is_sound_with_each_choice_of_switches(on, client, superuser):
    SectionPageFactory(parent=home_page(), title="本会について", slug="about", show_in_menus=True)
    SiteState.objects.update_or_create(pk=1, defaults={"plugins": {slug: {"on": slug in on} for slug in PLUGINS}})

    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    public = client.get("/")
    client.force_login(superuser)
    pages = [public, client.get("/"), client.get("/admin/")]

    off = PLUGINS.keys() - set(on)
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert {url for page in pages for url in LINK.findall(page.text) if owner_of_url(url) in off} == set()
    assert [slug for slug in off if str(PLUGINS[slug].title) in public.text] == []
    assert "本会について" in public.text
