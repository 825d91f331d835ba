"""Runs calls at the same moment, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

only_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer, with or without a lock of ours."
)
"""For what only two writers can show."""


def at_once(*calls: Callable[[], Any]) -> list[Exception]:
    """Run each call in a thread of its own; return what they raised."""

    def run(call: Callable[[], Any]) -> Exception | None:
        try:
            call()
        except Exception as error:  # noqa: BLE001  the test says which ones are right
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return [error for error in pool.map(run, calls) if error]
