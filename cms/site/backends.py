"""What Django's cache framework calls us through."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends import redis
from redis import ConnectionPool, Redis


class KeptClients(redis.RedisCacheClient):
    """Keeps a client for each server: Django builds one a call, which costs nearly as much as the call.

    A redis client holds nothing but its pool of connections, and may be shared by threads.
    """

    _get_connection_pool: Callable[[bool], ConnectionPool]  # unknown to Django's stubs

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[ConnectionPool, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        pool = self._get_connection_pool(write)
        client = self._clients.get(pool)
        if client is None:
            client = self._clients.setdefault(pool, Redis(connection_pool=pool))
        return client


class RedisCache(redis.RedisCache):
    """Django's cache in Redis, with kept clients."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClients
