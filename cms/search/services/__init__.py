"""What the search does: keeps its index, reads documents, counts what nobody found."""

from .documents import document_note, document_read, unread_documents
from .indexing import document_index, object_index, page_index, plugin_reindex
from .misses import missed_queries_prune, missed_query_count
from .rebuilding import index_problems, index_rebuild
from .staff import staff_entry_put

__all__ = [
    "document_index",
    "document_note",
    "document_read",
    "index_problems",
    "index_rebuild",
    "missed_queries_prune",
    "missed_query_count",
    "object_index",
    "page_index",
    "plugin_reindex",
    "staff_entry_put",
    "unread_documents",
]
