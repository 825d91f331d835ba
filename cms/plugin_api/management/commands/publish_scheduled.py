"""Scheduled publishing that leaves alone what belongs to a plugin that is off. Takes the place of Wagtail's command."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.plugin_api.schedule import due_revisions, expired_objects
from cms.plugin_api.state import state_read_once


class Command(BaseCommand):
    """Unpublishes what has expired, then publishes what is due; both wait while their plugin is off."""

    help = "Publishes scheduled pages and unpublishes expired ones, except those of plugins that are off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dryrun", action="store_true", help="Say what would be done, and change nothing.")

    def handle(self, *args: Any, dryrun: bool = False, **options: Any) -> None:
        with state_read_once():
            expired, due = expired_objects(), due_revisions()
        for instance in expired:
            self.stdout.write(f"Unpublish: {instance}")
            if not dryrun:
                instance.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        for revision in due:
            self.stdout.write(f"Publish: {revision.object_str}")
            if not dryrun:
                revision.publish(log_action="wagtail.publish.scheduled")
