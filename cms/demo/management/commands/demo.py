"""Shows the association's site on this machine."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from cms.accounts.demo import DEMO_PASSWORD, DEMO_USERNAMES
from cms.demo.services import DemoError, DemoFolder, Preparation, run_site
from cms.demo.services.folder import port_number, refuse_port_in_use
from cms.demo.services.preparation import database_errors_explained, database_file
from cms.mail.transports import way_out

DEFAULT_PORT = 8000


def _begin_again(port: int, *, prepare_only: bool) -> None:
    """Replace this process by one that has read the new key: signed with another, its jobs would open to no worker."""
    arguments = ["--prepare-only"] if prepare_only else []
    command = [sys.executable, sys.argv[0], "demo", "--port", str(port), *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, arguments of our own


class Command(BaseCommand):
    """Look first, then prepare what changed, then run until stopped."""

    help = "Prepares the sample site (tables, content, static files) and runs web server and worker until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options that `make demo` passes on."""
        parser.add_argument("--port", default=str(DEFAULT_PORT), help=f"port of the web server ({DEFAULT_PORT})")
        parser.add_argument("--reset", action="store_true", help="remove the sample site first and start over")
        parser.add_argument("--prepare-only", action="store_true", help="prepare and stop")

    def handle(self, *args: Any, port: str, reset: bool, prepare_only: bool, **options: Any) -> None:
        """Turn what is in the way into one sentence."""
        try:
            self._demo(port_number(port), reset=reset, prepare_only=prepare_only)
        except DemoError as error:
            raise CommandError(str(error)) from error

    def _demo(self, port: int, *, reset: bool, prepare_only: bool) -> None:
        if not settings.DEMO_ACCOUNTS_ALLOWED:
            raise DemoError(
                "The demo has accounts with a published password, so it does not run with production settings; "
                "unset DJANGO_SETTINGS_MODULE."
            )
        folder = DemoFolder(settings.DATA_DIR, database_file())
        folder.refuse_unwritable()
        if not prepare_only:
            refuse_port_in_use(port)
        base_url = os.environ.get("BASE_URL") or f"http://localhost:{port}"
        if not reset:
            folder.refuse_broken_database()
        with folder.occupied():
            if reset:
                folder.reset()
            folder.settle(base_url)
            if not folder.keeps(settings.SECRET_KEY) and "SECRET_KEY" not in os.environ:
                _begin_again(port, prepare_only=prepare_only)
            self._prepare(folder, base_url)
            if not prepare_only:
                self.stdout.write("Starting web server and worker …")
                run_site(port=port, logs=folder.logs, announce=lambda: self._announce(base_url))
                self.stdout.write("Stopped.")

    def _prepare(self, folder: DemoFolder, base_url: str) -> None:
        with database_errors_explained():
            if Preparation(folder, base_url, self._report).run_if_needed():
                self.check(databases=["default"])

    def _report(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _announce(self, base_url: str) -> None:
        with translation.override("en"):
            mail = way_out()
        self._report(
            f"\n  {self.style.SUCCESS(base_url)}\n\n"
            f"  Log in at {base_url}/accounts/login/ as {', '.join(DEMO_USERNAMES)}\n"
            f"  Password of all: {DEMO_PASSWORD}\n"
            f"  Administration:  {base_url}/admin/\n"
            f"  Mail:            {mail}\n"
            f"  Data and logs:   {settings.DATA_DIR}\n\n"
            "Press Ctrl-C to stop.\n"
        )
