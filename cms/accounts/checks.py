"""Mistakes that would open a public site to anybody. They ask the database, so only start commands run them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from .demo import DEMO_PASSWORD, DEMO_USERNAMES
from .models import User


@register(Tags.database)
def check_no_demo_account_opens(
    app_configs: Any, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse a site other than the demo on which a demo account has its published password."""
    if settings.DEMO_ACCOUNTS_ALLOWED:
        return []
    return [message for alias in databases or () for message in _open_demo_accounts(alias)]


def _open_demo_accounts(alias: str) -> list[CheckMessage]:
    if User._meta.db_table not in connections[alias].introspection.table_names():  # noqa: SLF001  Django's documented API
        return []
    people = User.objects.using(alias).active().filter(username__in=DEMO_USERNAMES).order_by("username")
    names = [person.username for person in people if person.check_password(DEMO_PASSWORD)]
    if not names:
        return []
    return [
        Error(
            f"Demo accounts can log in with the published demo password: {', '.join(names)}.",
            hint=f"Give each a new password (manage.py changepassword {names[0]}) or switch it off, then start again.",
            id="accounts.E001",
        )
    ]
