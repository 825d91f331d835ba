"""The cache in Redis keeps its clients."""

import pytest
from django.core.cache.backends.redis import RedisCacheClient
from redis import Redis

from cms.site.backends import KeptClients, RedisCache


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Redis]:
    """Every client that is built, and no network."""
    clients: list[Redis] = []
    plain = Redis.__init__

    def counted(self: Redis, *args: object, **kwargs: object) -> None:
        clients.append(self)
        plain(self, *args, **kwargs)

    monkeypatch.setattr(Redis, "__init__", counted)
    monkeypatch.setattr(Redis, "mget", lambda self, keys: [b"7" for _ in keys])
    return clients


def test_one_client_serves_all_calls(built: list[Redis]) -> None:
    cache = RedisCache("redis://cache.example.jp:6379/0", {})

    assert cache.get_many(["a", "b"]) == {"a": 7, "b": 7}
    assert cache.get_many(["a"]) == {"a": 7}

    assert len(built) == 1


def test_each_server_has_its_own_client(built: list[Redis]) -> None:
    servers = [f"redis://cache-{number}.example.jp:6379/0" for number in range(3)]
    clients = KeptClients(servers)

    writers = {id(clients.get_client(write=True)) for _ in range(20)}
    readers = {clients.get_client().connection_pool.connection_kwargs["host"] for _ in range(200)}

    assert len(writers) == 1
    assert readers == {"cache-1.example.jp", "cache-2.example.jp"}
    assert len(built) == 3


def test_django_still_builds_a_client_a_call(built: list[Redis]) -> None:
    """When this fails, Django keeps its clients itself and `cms.site.backends` can go."""
    clients = RedisCacheClient(["redis://cache.example.jp:6379/0"])

    clients.get_client()
    clients.get_client()

    assert len(built) == 2
