"""Values that each process keeps for as long as the site's generation stands."""

from collections.abc import Callable, Hashable
from typing import Any, ClassVar, Generic, TypeVar

from cms.plugin_api import site_state

T = TypeVar("T")


class GenerationMemory(Generic[T]):
    """Keeps values in this process until the generation moves on.

    A value may be newer than the generation under which it is kept, never older: the generation is read first.
    """

    _all: ClassVar[list["GenerationMemory[Any]"]] = []

    def __init__(self) -> None:
        self._generation = 0
        self._values: dict[Hashable, T] = {}
        self._all.append(self)

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return the value kept under the key, or read and keep it."""
        generation = site_state().generation
        if generation != self._generation:
            self._generation, self._values = generation, {}
        values = self._values
        if key not in values:
            values[key] = read()
        return values[key]

    def forget(self) -> None:
        """Read everything again at the next question."""
        self._generation, self._values = 0, {}

    @classmethod
    def forget_all(cls) -> None:
        """Forget everything that this process keeps; for tests, whose rollbacks turn the generation back."""
        for memory in cls._all:
            memory.forget()
