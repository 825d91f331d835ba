#!/usr/bin/env python
"""Kairan's command line."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path


def _is_in_data_directory(path: object) -> bool:
    """Whether it is a place that the deployment chose, and so a situation and no defect."""
    from django.conf import settings

    return isinstance(path, str | os.PathLike) and Path(path).is_relative_to(settings.DATA_DIR)


def main() -> None:
    """Run a management command with the development settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    if not find_spec("django"):
        sys.exit(
            "This Python has no Django; use the one for which `make demo` installs it: "
            f".venv/bin/python {' '.join(sys.argv)}"
        )
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, DataError, IntegrityError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Configuration: {mistake}")
    except OSError as error:
        if "--traceback" in sys.argv or not _is_in_data_directory(error.filename):
            raise
        sys.exit(f"Configuration: KAIRAN_DATA cannot be written: {error.filename} ({error.strerror}).")
    except DatabaseError as error:
        # What a command did wrong is a defect and keeps its traceback; a database that can't be used is a situation.
        if "--traceback" in sys.argv or isinstance(error, IntegrityError | DataError):
            raise
        said = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        sys.exit(
            f"The database cannot be used ({said}): check DATABASE_URL, restore a backup, or run "
            "`python manage.py migrate`; --traceback says more."
        )


if __name__ == "__main__":
    main()
