"""What the tests of the register share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries_of() -> Callable[[Callable[[], Any]], int]:
    """Count the queries of a call once what the process keeps is warm, without the page cache's help."""

    def count(call: Callable[[], Any]) -> int:
        call()
        caches["default"].clear()
        call()
        caches["default"].clear()
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count
