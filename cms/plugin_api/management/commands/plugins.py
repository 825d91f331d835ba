"""Lists plugins and switches them from the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS

from cms.plugin_api.registry import get_plugin, installed_plugins
from cms.plugin_api.services import impact_of, plugin_toggle
from cms.plugin_api.state import plugin_state, state_read_once


class Command(BaseCommand):
    """`plugins list`, `plugins check`, `plugins enable SLUG`, `plugins disable SLUG [--yes]`."""

    help = "Lists the plugins of this site and switches them on and off."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="Every installed plugin, its state and version.")
        actions.add_parser("check", help="Check manifests, migrations, and content of plugins that are gone.")
        for action, explanation in (("enable", "Switch a plugin on."), ("disable", "Switch a plugin off.")):
            command = actions.add_parser(action, help=explanation)
            command.add_argument("slug")
            command.add_argument("--yes", action="store_true", help="Don't ask.")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "list":
            self.list_plugins()
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
