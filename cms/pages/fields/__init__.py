"""The StreamField of every page: it forgets no block, whoever saves, and writes no block into a migration."""

from .kept import KeptBlock, KeptItem
from .rewriting import rewrite_stream
from .stream import KeepingStreamBlock, StreamField

__all__ = ["KeepingStreamBlock", "KeptBlock", "KeptItem", "StreamField", "rewrite_stream"]
