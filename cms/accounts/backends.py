"""What other libraries call us through: who is logged in, and a cache that outlives its server."""

import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.cache import BaseCache, caches

from cms.calendar import today

from .models import User

logger = logging.getLogger(__name__)


class SeatBackend(AuthenticationBackend):
    """Ends the sessions of who has left their seat, at the first request of that day and without a query of its own."""

    def get_user(self, user_id: Any) -> User | None:
        """Return who a session belongs to, unless they may not log in (any more)."""
        people = User.objects.active().filter(pk=user_id)
        return people.exclude(pk__in=User.objects.departed_on(today()).filter(pk=user_id).values("pk")).first()


class FallbackCache(BaseCache):
    """Outlives its server, so that failed logins are counted and no page breaks without it.

    Asks the cache `primary`; where that fails, the cache `fallback`, and for `PAUSE` seconds only that one.

    The fallback lies in the database, so counts (of failed logins above all) go on being shared by all processes.
    `OPTIONS` name the aliases of both.
    """

    PAUSE = 10.0

    def __init__(self, _location: str, params: Mapping[str, Any]) -> None:
        super().__init__(dict(params))
        options = params.get("OPTIONS", {})
        self._primary, self._fallback = options["primary"], options["fallback"]
        self._paused_until = 0.0

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._paused_until:
            try:
                return getattr(caches[self._primary], method)(*args, **kwargs)
            except Exception:  # each client library has errors of its own
                self._paused_until = time.monotonic() + self.PAUSE
                logger.exception("The cache %r failed; %r stands in", self._primary, self._fallback)
        return getattr(caches[self._fallback], method)(*args, **kwargs)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._call("add", key, value, *args, **kwargs)

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        return self._call("get", key, *args, **kwargs)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        self._call("set", key, value, *args, **kwargs)

    def touch(self, key: str, *args: Any, **kwargs: Any) -> bool:
        return self._call("touch", key, *args, **kwargs)

    def delete(self, key: str, *args: Any, **kwargs: Any) -> bool:
        return self._call("delete", key, *args, **kwargs)

    def get_many(self, keys: Iterable[str], *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._call("get_many", list(keys), *args, **kwargs)

    def set_many(self, data: Mapping[str, Any], *args: Any, **kwargs: Any) -> list[str]:
        return self._call("set_many", data, *args, **kwargs)

    def delete_many(self, keys: Iterable[str], *args: Any, **kwargs: Any) -> None:
        self._call("delete_many", list(keys), *args, **kwargs)

    def has_key(self, key: str, *args: Any, **kwargs: Any) -> bool:
        return self._call("has_key", key, *args, **kwargs)

    def incr(self, key: str, *args: Any, **kwargs: Any) -> int:
        return self._call("incr", key, *args, **kwargs)

    def clear(self) -> None:
        self._call("clear")

    def close(self, **kwargs: Any) -> None:
        """Both caches are closed by Django itself."""
