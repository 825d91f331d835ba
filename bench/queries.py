"""Counts the queries of pages, warm; run as a script on a prepared site.

Prints `path<TAB>not cached<TAB>cached` a line.
"""

import sys
from collections.abc import Mapping

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

NOT_CACHED = {"Authorization": "none"}
"""The page cache is for visitors; whoever says who they are is answered afresh."""


def count(path: str, headers: Mapping[str, str]) -> int:
    """Return the queries of the second request."""
    client = Client(headers=headers, SERVER_NAME="localhost")
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


if __name__ == "__main__":
    django.setup()
    for page in sys.argv[1:]:
        print(f"{page}\t{count(page, NOT_CACHED)}\t{count(page, {})}")  # noqa: T201  this is its output
