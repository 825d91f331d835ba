from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms.search import services


class Command(BaseCommand):
    """`manage.py search rebuild` indexes everything anew, `manage.py search check` says where the index is wrong."""

    help = "Rebuilds the site's search index, or checks it against the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["rebuild", "check"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do what was asked; a wrong index ends with an error, so that monitoring sees it."""
        if action == "rebuild":
            services.index_rebuild(report=self.stdout.write)
            return
        problems = services.index_problems()
        if problems:
            raise CommandError("\n".join([*problems, _("Run “manage.py search rebuild”.")]))
        self.stdout.write(_("The index is right."))
