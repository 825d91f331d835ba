"""Brings the demo's directory up to date: translations, tables, content, static files. Says what it does meanwhile."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import DatabaseError, connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed
from wagtail.models import Page, Site

from cms.plugin_api import points
from cms.plugin_api.points import DemoContext
from cms.site.storage.release import release_digest
from cms.translation.services import catalogs_compile

from .errors import DemoError
from .folder import DemoFolder

CORE_LOADERS = ("cms.accounts.demo", "cms.media.demo", "cms.pages.demo")


class Migrate(MigrateCommand):
    """Django's own command, which says what it does only when it prints a line a migration."""

    def __init__(self, progress: Callable[[int], None]) -> None:
        super().__init__()
        self.progress = progress
        self.done = 0

    def migration_progress_callback(self, action: str, *args: Any, **kwargs: Any) -> None:
        """Count what was applied."""
        if action == "apply_success":
            self.done += 1
            self.progress(self.done)


class Preparation:
    """The steps, each skipped by nothing but the whole: all are idempotent, and none overwrites what people changed."""

    def __init__(self, folder: DemoFolder, base_url: str, report: Callable[[str], None]) -> None:
        self.folder = folder
        self.base_url = base_url
        self.report = report
        self.stamp = folder.path / "prepared"
        self.steps: list[tuple[str, Callable[[], None]]] = [
            ("Compiling translations", self._compile_translations),
            ("Creating tables", self._migrate),
            ("Loading the association's sample content", self._load),
            ("Collecting static files", self._collect_static),
        ]

    def run_if_needed(self) -> bool:
        """Prepare unless nothing changed since the last time, and say whether; the address always follows."""
        fingerprint = source_fingerprint()
        needed = not self._is_prepared(fingerprint)
        if needed:
            self.stamp.unlink(missing_ok=True)
            self._run()
            self.stamp.write_text(fingerprint, encoding="utf-8")
        else:
            self.report("Nothing changed since the last start.")
        site_address_follow(base_url=self.base_url)
        return needed

    def _run(self) -> None:
        for number, (title, step) in enumerate(self.steps, 1):
            self.report(f"[{number}/{len(self.steps)}] {title} …")
            step()

    def _is_prepared(self, fingerprint: str) -> bool:
        has_database = self.folder.database is None or self.folder.database.exists()
        return has_database and self.stamp.exists() and self.stamp.read_text(encoding="utf-8") == fingerprint

    def _compile_translations(self) -> None:
        for path in catalogs_compile(root=settings.BASE_DIR):
            # Django keeps what it has read; this is what its autoreloader calls.
            translation_file_changed(sender=None, file_path=path.with_suffix(".mo"))

    def _migrate(self) -> None:
        refuse_missing_migrations()
        executor = MigrationExecutor(connection)
        total = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        call_command("createcachetable", verbosity=0)  # what migrate saves already goes through the page cache
        call_command(Migrate(self._progress_of(total)), verbosity=0, interactive=False)

    def _progress_of(self, total: int) -> Callable[[int], None]:
        def progress(done: int) -> None:
            tenths = 10 * done // total
            if tenths > 10 * (done - 1) // total:
                self.report(f"      {10 * tenths:3d} %")

        return progress

    def _load(self) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            for name in CORE_LOADERS:
                if find_spec(name):
                    import_module(name).load(self._context())
            points.demo_content.collect(self._context())

    def _context(self) -> DemoContext:
        """Point the loaders to the home page, which is the tree's root until a loader has made one."""
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        home = site.root_page.specific if site else Page.get_first_root_node()
        return DemoContext(fixtures=settings.BASE_DIR / "fixtures", report=self._report_detail, home=home)

    def _report_detail(self, text: str) -> None:
        self.report(f"      {text}")

    def _collect_static(self) -> None:
        call_command("collectstatic", verbosity=0, interactive=False)


def refuse_missing_migrations() -> None:
    """Raise where a model differs from its app's migrations, which would break pages later and elsewhere."""
    with translation.override(None):  # migrations hold labels as they stand in the source
        loader = MigrationLoader(None)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changed = sorted(detector.changes(graph=loader.graph))
    if changed:
        raise DemoError(
            f"The models of {', '.join(changed)} differ from their migrations; run `python manage.py makemigrations`."
        )


@contextmanager
def database_errors_explained() -> Iterator[None]:
    """Turn what the database says of itself into one sentence."""
    try:
        yield
    except (DatabaseError, MigrationSchemaMissing) as error:
        raise DemoError(f"The database cannot be used: {str(error).strip().splitlines()[0]}.") from error


def site_address_follow(*, base_url: str) -> None:
    """Let Wagtail's default site have the host and port of the address under which the demo is reached."""
    parts = urlsplit(base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for site in Site.objects.filter(is_default_site=True).exclude(hostname=parts.hostname, port=port):
        site.hostname, site.port = parts.hostname, port
        site.save()  # clears Wagtail's cache of root addresses, which an update would not


def source_fingerprint() -> str:
    """Return a digest of everything from which a demo is prepared."""
    # Relative to the directory, which may be copied or moved with what was prepared in it.
    database = os.path.relpath(str(settings.DATABASES["default"]["NAME"]), settings.DATA_DIR)
    chosen = [str(settings.CMS_PLUGINS), str(settings.CMS_PLUGINS_DORMANT), str(settings.SETTINGS_MODULE)]
    return hashlib.sha256("\n".join([release_digest(), database, *chosen]).encode()).hexdigest()


def database_file() -> Path | None:
    """Return the SQLite file that is configured, or None for a server."""
    database = settings.DATABASES["default"]
    return Path(database["NAME"]).resolve() if connection.vendor == "sqlite" else None
