"""How files are shown on a draft: below its address, so that its own door may open them, or not even by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_below: ContextVar[str] = ContextVar("media_files_below", default="")
_kept_back: ContextVar[frozenset[tuple[type[Any], int]]] = ContextVar("media_files_kept_back", default=frozenset())


def below(address: str) -> str:
    """Return the address of a file, as it is to be printed now."""
    return f"{_below.get()}{address}"


@contextmanager
def files_below(address: str) -> Iterator[None]:
    """Let the addresses of images and documents begin with another; with "" they are the usual."""
    token = _below.set(address)
    try:
        yield
    finally:
        _below.reset(token)


def is_kept_back(file: Any) -> bool:
    """Whether the image or document is not to be named now."""
    return (type(file), file.pk) in _kept_back.get()


@contextmanager
def files_kept_back(files: frozenset[tuple[type[Any], int]]) -> Iterator[None]:
    """Let images and documents, each given as model and key, stand without their names."""
    token = _kept_back.set(files)
    try:
        yield
    finally:
        _kept_back.reset(token)
