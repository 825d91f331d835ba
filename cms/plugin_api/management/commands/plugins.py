"""Lists plugins and switches them from the command line."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS

from cms.plugin_api.reference import reference
from cms.plugin_api.registry import get_plugin, installed_plugins
from cms.plugin_api.scaffold import plugin_write
from cms.plugin_api.services import impact_of, plugin_toggle
from cms.plugin_api.state import plugin_state, state_read_once


class Command(BaseCommand):
    """`plugins list`, `plugins check`, `plugins new SLUG`, `plugins enable SLUG`, `plugins disable SLUG [--yes]`."""

    help = "Lists the plugins of this site and switches them on and off."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="Every installed plugin, its state and version.")
        actions.add_parser("check", help="Check manifests, migrations, and content of plugins that are gone.")
        new = actions.add_parser("new", help="Write a new plugin into plugins/, with its tests.")
        new.add_argument("slug")
        actions.add_parser("reference", help="Print what the core offers to plugins, as Markdown.")
        for action, explanation in (("enable", "Switch a plugin on."), ("disable", "Switch a plugin off.")):
            command = actions.add_parser(action, help=explanation)
            command.add_argument("slug")
            command.add_argument("--yes", action="store_true", help="Don't ask.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "list":
            self.list_plugins()
        elif action == "reference":
            self.stdout.write(reference())
        elif action == "new":
            self.write_plugin(options["slug"])
        elif action == "check":
            call_command("check", databases=[DEFAULT_DB_ALIAS])
        else:
            self.switch(options["slug"], on=action == "enable", ask=not options["yes"])

    def list_plugins(self) -> None:
        """Print one line a plugin: slug, state, version, title."""
        with state_read_once():
            for plugin in installed_plugins():
                state = plugin_state(plugin.slug).value
                self.stdout.write(f"{plugin.slug:<20} {state:<8} {plugin.version:<8} {plugin.title}")

    def write_plugin(self, slug: str) -> None:
        """Write the files, then have Django write the migration, in a process that knows the plugin."""
        try:
            written = plugin_write(slug=slug, root=settings.BASE_DIR)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for path in written:
            self.stdout.write(f"  {path.relative_to(settings.BASE_DIR)}")
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        environment = {**os.environ, "CMS_PLUGINS": slug}
        subprocess.run(  # noqa: S603 - our own program, with a name that was checked
            [*manage, "makemigrations", slug, "--name", "initial", "--verbosity", "0"], env=environment, check=True
        )
        self.stdout.write(f"Now: python manage.py migrate && pytest tests/plugins/{slug}")

    def switch(self, slug: str, *, on: bool, ask: bool) -> None:
        """Show what a switch touches, ask, and throw it."""
        plugin = get_plugin(slug)
        if plugin is not None and not on:
            for line in impact_of(plugin):
                self.stdout.write(f"  {line['label']}: {line['count']}")
        if ask and not on and not self._confirmed(slug):
            raise CommandError("Nothing was changed.")
        try:
            changed = plugin_toggle(slug=slug, on=on, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        now = "on" if on else "off"
        self.stdout.write(f"{slug} is {now}." if changed else f"{slug} was already {now}.")

    def _confirmed(self, slug: str) -> bool:
        try:
            return input(f"Switch {slug} off? [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            return False
