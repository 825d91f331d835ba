"""Starts the web server of a site, after the checks that need the database."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Become gunicorn. `wsgi.py` itself asks the database nothing, so that it loads while the database is away."""

    help = "Checks the configuration and the database, then becomes gunicorn; what follows -- is passed on to it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take gunicorn's own options."""
        parser.add_argument("options", nargs="*", help="options of gunicorn, such as --bind and --workers")

    def handle(self, *args: Any, options: list[str], **kwargs: Any) -> None:
        """Check, then hand the process over."""
        self.check(databases=["default"], include_deployment_checks=True)
        command = [sys.executable, "-m", "gunicorn", "cms.wsgi:application", *options]
        os.execv(sys.executable, command)  # noqa: S606  gunicorn takes over this process, without a shell
