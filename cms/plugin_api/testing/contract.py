"""What every plugin must pass, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.management import call_command
from django.db.models import Model, QuerySet
from django.test import Client
from wagtail.models import Page, ReferenceIndex, Revision, Site

from cms.plugin_api import owner_of
from cms.plugin_api.checks import CHECKS
from cms.plugin_api.gate import owner_of_url
from cms.plugin_api.hooks import unguarded_hooks
from cms.plugin_api.manifest import Plugin
from cms.plugin_api.pages import enabled, plugin_page_models
from cms.plugin_api.points import points
from cms.plugin_api.registry import dependents_of, get_plugin
from cms.plugin_api.services import plugin_toggle
from cms.plugin_api.signals import unguarded_receivers
from cms.plugin_api.tasks import plugin_tasks, reason_to_skip

from .addresses import addresses_of
from .samples import sample_page

ROLES = ("visitor", "member", "editor", "superuser")
LINK = re.compile(r"""(?:["']|&quot;)(/[\w./-]*)""")
"""A quoted path, also in the JSON of which the admin's menu is made."""
ANCHOR = re.compile(r'<a [^>]*href="(/[^"#]*)')
PRICE_OF_STATE = 1


@pytest.mark.django_db
class PluginContract:
    """Subclass it as `Test…` with the plugin's `slug`.

    `samples` gives values for parameters of addresses that no guess fits; `make_page` makes a page of a type that
    `sample_page` can't make alone.
    """

    __test__ = False
    slug: ClassVar[str]
    samples: ClassVar[Mapping[str, str]] = {}

    @property
    def plugin(self) -> Plugin:
        """The manifest under test."""
        plugin = get_plugin(self.slug)
        assert plugin is not None, f"The plugin '{self.slug}' is not installed."
        return plugin

    def make_page(self, model: type[Page], parent: Page) -> Page:
        """Make a live page of a type below `parent`."""
        return sample_page(model, parent)

    @pytest.fixture(autouse=True)
    def _switched_on(self, db: None) -> None:
        """Begin with the plugin on, and what it requires."""
        for slug in (*self.plugin.requires, self.slug):
            plugin_toggle(slug=slug, on=True, by=None)

    @pytest.fixture
    def clients(self) -> dict[str, Client]:
        """A browser for each kind of person."""
        people = get_user_model().objects
        member = people.create_user("contract-member", password=None)
        editor = people.create_user("contract-editor", password=None)
        editor.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        superuser = people.create_superuser("contract-superuser", password=None)
        clients = {role: Client(raise_request_exception=False) for role in ROLES}
        for role, person in (("member", member), ("editor", editor), ("superuser", superuser)):
            clients[role].force_login(person)
        return clients

    @pytest.fixture
    def home(self) -> Page:
        """The home page of the site."""
        return Site.objects.get(is_default_site=True).root_page

    def off(self) -> None:
        """Switch the plugin off, and before it what needs it."""
        for other in reversed(dependents_of(self.slug)):
            plugin_toggle(slug=other.slug, on=False, by=None)
        plugin_toggle(slug=self.slug, on=False, by=None)

    def on(self) -> None:
        """Switch it on again."""
        plugin_toggle(slug=self.slug, on=True, by=None)

    def test_manifest_is_sound(self) -> None:
        assert [message.msg for check in CHECKS for message in check(self.plugin)] == []

    def test_hooks_are_guarded(self) -> None:
        assert [name for name, function in unguarded_hooks() if owner_of(function) == self.slug] == []

    def test_receivers_of_signals_are_guarded(self) -> None:
        assert [name for name, function in unguarded_receivers() if owner_of(function) == self.slug] == []

    def test_models_and_migrations_agree(self) -> None:
        call_command("makemigrations", self.slug, check=True, dry_run=True, verbosity=0)

    def test_models_and_migrations_agree_while_off(self) -> None:
        self.off()
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    def test_every_address_is_404_for_everybody_while_off(self, clients: dict[str, Client]) -> None:
        addresses = addresses_of(self.slug, self.samples)
        self.off()

        answers = {(role, url): clients[role].get(url).status_code for role in ROLES for url in addresses}

        assert {key: status for key, status in answers.items() if status != 404} == {}

    def test_every_address_refuses_posts_while_off(self, clients: dict[str, Client]) -> None:
        addresses = addresses_of(self.slug, self.samples)
        self.off()

        answers = {url: clients["superuser"].post(url).status_code for url in addresses}

        assert {url: status for url, status in answers.items() if status != 404} == {}

    def test_addresses_come_back_without_a_restart(self, clients: dict[str, Client]) -> None:
        addresses = addresses_of(self.slug, self.samples)
        before = {url: clients["superuser"].get(url).status_code for url in addresses}
        self.off()
        self.on()

        assert {url: clients["superuser"].get(url).status_code for url in addresses} == before

    def test_pages_and_what_is_below_are_404_for_everybody_while_off(
        self, clients: dict[str, Client], home: Page
    ) -> None:
        urls = [page.url for page in self._branches(home)]
        self.off()

        answers = {(role, url): clients[role].get(url).status_code for role in ROLES for url in urls}

        assert None not in urls
        assert {key: status for key, status in answers.items() if status != 404} == {}

    def test_pages_and_what_is_below_are_in_no_list_while_off(self, clients: dict[str, Client], home: Page) -> None:
        pages = self._branches(home)
        urls = {page.url for page in pages}
        self.off()

        listed = enabled(Page.objects.filter(pk__in=[page.pk for page in pages]))
        linked = {url for path in ("/", "/sitemap.xml") for url in urls if url in clients["visitor"].get(path).text}

        assert not listed.exists()
        assert linked == set()

    def test_search_finds_its_pages_only_while_on(
        self, clients: dict[str, Client], home: Page, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            pages = [(page.title, page.url) for page in self._branches(home)]

        def found() -> set[str]:
            asked = product(("/search/", "/search/suggest"), pages)
            return {url for path, (title, url) in asked if url in clients["visitor"].get(path, {"q": title}).text}

        assert found() == {url for _title, url in pages}
        self.off()
        assert found() == set()

    def test_page_types_cannot_be_created_copied_moved_or_published_while_off(self, home: Page) -> None:
        superuser = get_user_model()(is_superuser=True, is_active=True)
        pages = [self.make_page(model, home) for model in self._page_models()]
        self.off()

        for page in pages:
            may = page.permissions_for_user(superuser)
            assert not type(page).can_create_at(home)
            assert not page.can_move_to(home)
            changes = (may.can_edit, may.can_publish, may.can_unpublish, may.can_delete, may.can_copy, may.can_move)
            assert [change.__name__ for change in changes if change()] == []

    def test_admin_and_site_link_nowhere_into_it_while_off(self, clients: dict[str, Client]) -> None:
        self.off()

        html = "".join(clients["superuser"].get(path).text for path in ("/admin/", "/"))

        assert [url for url in set(LINK.findall(html)) if owner_of_url(url) == self.slug] == []
        assert 'href="None"' not in html

    def test_site_has_no_dead_link_and_no_word_of_it_while_off(self, clients: dict[str, Client], home: Page) -> None:
        self._branches(home)
        self.off()

        pages = _crawl(clients["visitor"])
        speaking = [url for url, answer in pages.items() if str(self.plugin.title) in _text(answer)]

        assert {url: answer.status_code for url, answer in pages.items() if answer.status_code >= 400} == {}
        assert speaking == []

    def test_extension_points_do_not_ask_it_while_off(self) -> None:
        self.off()

        asked = {plugin.slug for point in points.values() for plugin, _path in point.receivers()}

        assert self.slug not in asked

    def test_blocks_are_offered_and_shown_only_while_on(self) -> None:
        for model, stream in _streams():
            for name in self.plugin.blocks.keys() & stream.child_blocks.keys():
                stored = [{"type": name, "value": stream.child_blocks[name].get_default(), "id": "a"}]
                self.off()
                value = stream.to_python(stored)
                assert stream.render_basic(value) == "", f"{model.__name__} shows {name}"
                assert name in stream.unusable(), f"{model.__name__} offers {name}"
                assert [item["type"] for item in value.get_prep_value()] == [name], f"{model.__name__} loses {name}"
                self.on()
                assert name not in stream.unusable()

    def test_blocks_all_belong_to_it(self) -> None:
        """A block of the plugin that found another way into others' pages would be shown while it is off."""
        strays = [
            f"{model.__name__}: {name}"
            for model, stream in _streams()
            if owner_of(model) != self.slug
            for name, block in stream.child_blocks.items()
            if owner_of(block) == self.slug and stream.owners.get(name) != self.slug
        ]
        assert strays == []

    def test_tasks_are_skipped_while_off(self) -> None:
        paths = [task.module_path for task in plugin_tasks(self.plugin)]
        jobs = [job.task for job in getattr(self.plugin, "recurring_jobs", ())]
        assert [path for path in (*paths, *jobs) if reason_to_skip(path)] == []
        self.off()

        assert [path for path in (*paths, *jobs) if reason_to_skip(path) is None] == []

    def test_off_and_on_again_leaves_everything_as_it_was(self, home: Page) -> None:
        for page in self._branches(home):
            page.save_revision()
        before = self._everything()
        self.off()
        self.on()

        assert self._everything() == before

    def test_state_costs_one_query_a_request_at_most(self, django_assert_max_num_queries: Any) -> None:
        from cms.plugin_api.state import state_read_once

        with state_read_once(), django_assert_max_num_queries(PRICE_OF_STATE):
            for point in points.values():
                list(point.receivers())

    def _page_models(self) -> list[type[Page]]:
        return [model for model in plugin_page_models(self.slug) if not model._meta.abstract]  # noqa: SLF001 - public

    def _branches(self, home: Page) -> list[Page]:
        """Make a page of each type, and a plain one of the core below it."""
        made = []
        for model in self._page_models():
            page = self.make_page(model, home)
            made += [page, sample_page(_core_page_model(), page)]
        return made

    def _everything(self) -> dict[str, Any]:
        types = ContentType.objects.filter(app_label=self.slug)
        models = [model for model in apps.get_models() if owner_of(model) == self.slug]
        return {
            "rows": [serializers.serialize("json", _rows(model)) for model in models],
            "revisions": list(Revision.objects.filter(content_type__in=types).order_by("pk").values()),
            "permissions": list(Permission.objects.filter(content_type__in=types).order_by("pk").values()),
            "references": list(ReferenceIndex.objects.filter(content_type__in=types).order_by("pk").values()),
        }


def _crawl(client: Client, *, at_most: int = 100) -> dict[str, Any]:
    """Follow the links of the site from its home page as a visitor, and return the answers by address."""
    answers: dict[str, Any] = {}
    waiting = ["/"]
    while waiting and len(answers) < at_most:
        url = waiting.pop()
        answers[url] = answer = client.get(url)
        waiting += [link for link in set(ANCHOR.findall(_text(answer))) if link not in {*answers, *waiting}]
    return answers


def _text(answer: Any) -> str:
    return "" if answer.streaming or "text/html" not in answer.headers.get("Content-Type", "") else answer.text


def _rows(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.order_by("pk")  # noqa: SLF001 - Django's own public name


def _core_page_model() -> type[Page]:
    model: type[Page] = apps.get_model("pages", "SectionPage")
    return model


def _streams() -> Iterator[tuple[Any, Any]]:
    """Yield every stream of blocks that plugins add to, with its model."""
    for model in apps.get_models():
        for field in model._meta.local_fields:  # noqa: SLF001 - Django's public _meta
            stream = getattr(field, "stream_block", None)
            if hasattr(stream, "owners"):
                yield model, stream
