from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from wagtail.models import Page, Site

from cms.demo.services import DemoError, DemoFolder, Preparation
from cms.demo.services.preparation import (
    database_errors_explained,
    refuse_missing_migrations,
    site_address_follow,
    source_fingerprint,
)


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def preparation(tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Preparation]:
    """A preparation whose steps only say that they ran."""
    prepared = Preparation(DemoFolder(tmp_path, None), "http://localhost:8123", lines.append)
    prepared.steps = [("First", lambda: lines.append("first ran")), ("Second", lambda: lines.append("second ran"))]
    monkeypatch.setattr("cms.demo.services.preparation.source_fingerprint", lambda: "as it is")
    return prepared


@pytest.mark.django_db
def test_steps_run_once_and_are_announced_before_they_run(preparation: Preparation, lines: list[str]) -> None:
    assert preparation.run_if_needed()
    assert lines == ["[1/2] First …", "first ran", "[2/2] Second …", "second ran"]

    assert not preparation.run_if_needed()
    assert lines[4:] == ["Nothing changed since the last start."]


@pytest.mark.django_db
def test_steps_run_again_when_something_changed(preparation: Preparation, lines: list[str], monkeypatch) -> None:
    preparation.run_if_needed()
    monkeypatch.setattr("cms.demo.services.preparation.source_fingerprint", lambda: "changed")

    assert preparation.run_if_needed()
    assert lines.count("first ran") == 2


@pytest.mark.django_db
def test_failed_preparation_is_not_taken_for_done(preparation: Preparation, lines: list[str]) -> None:
    def fail() -> None:
        raise DemoError("no")

    good, preparation.steps = preparation.steps, [("Broken", fail)]
    with pytest.raises(DemoError):
        preparation.run_if_needed()
    preparation.steps = good

    assert preparation.run_if_needed()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base_url", "expected"),
    [("http://localhost:8123", ("localhost", 8123)), ("https://demo.example.jp", ("demo.example.jp", 443))],
)
def test_site_follows_the_address(base_url: str, expected: tuple[str, int]) -> None:
    Site.objects.all().delete()
    root = Page.get_first_root_node()
    Site.objects.create(hostname="old.example.jp", port=80, root_page=root, is_default_site=True)

    site_address_follow(base_url=base_url)

    site = Site.objects.get()
    assert (site.hostname, site.port) == expected
    assert site.root_url == base_url


def test_models_and_migrations_agree() -> None:
    refuse_missing_migrations()


def test_model_without_migration_is_refused_by_the_name_of_its_app(monkeypatch: pytest.MonkeyPatch) -> None:
    from cms.accounts.models import Organisation

    monkeypatch.setattr(Organisation._meta.get_field("name"), "max_length", 7)

    with pytest.raises(DemoError, match="models of accounts differ from their migrations"):
        refuse_missing_migrations()


def test_error_of_the_database_becomes_one_sentence() -> None:
    with pytest.raises(DemoError, match=r"cannot be used: no route to host\.$"), database_errors_explained():
        raise OperationalError("no route to host\nIs the server running?")


def test_fingerprint_changes_with_a_source_and_not_with_what_is_compiled(settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    source = tmp_path / "cms" / "pages" / "models.py"
    source.parent.mkdir(parents=True)
    source.write_text("a")
    first = source_fingerprint()

    (source.parent / "models.pyc").write_text("")
    assert source_fingerprint() == first

    source.write_text("b")
    assert source_fingerprint() != first
