#!/usr/bin/env python
"""Kairan's command line."""

import os
import sys


def main() -> None:
    """Run a management command with the development settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Configuration: {mistake}")


if __name__ == "__main__":
    main()
