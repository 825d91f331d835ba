"""Finds settings with which background work and requests would block each other."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def check_no_atomic_requests_on_sqlite(**kwargs: Any) -> list[CheckMessage]:
    """Refuse ATOMIC_REQUESTS with SQLite's IMMEDIATE: each request would hold the only write lock while it renders."""
    return [
        Error(
            f"The database '{alias}' is SQLite with ATOMIC_REQUESTS: each request keeps all others from writing.",
            hint="Leave ATOMIC_REQUESTS out; services open the transactions that they need.",
            id="jobs.E001",
        )
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3") and database.get("ATOMIC_REQUESTS")
    ]
