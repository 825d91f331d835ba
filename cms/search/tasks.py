"""What runs after a commit. The index follows at once; reading a file waits for the worker."""

from django_tasks import task

from . import services


@task()
def index_page(page_id: int) -> None:
    """Index a page as it is now."""
    services.page_index(page_id=page_id)


@task()
def index_document(document_id: int) -> None:
    """Index a document as it is now."""
    services.document_index(document_id=document_id)


@task()
def index_object(kind: str, object_id: int) -> None:
    """Index an object of a plugin as it is now."""
    services.object_index(kind=kind, object_id=object_id)


@task()
def reindex_plugin(slug: str) -> None:
    """Index anew what switching a plugin has changed."""
    services.plugin_reindex(slug=slug)


@task(backend="jobs")
def read_document(document_id: int) -> None:
    """Read the text inside a document."""
    services.document_read(document_id=document_id)


@task(backend="jobs")
def tidy() -> None:
    """Read what was never read, such as files that came by another way than a form, and forget old counts."""
    for document_id in services.unread_documents():
        services.document_read(document_id=document_id)
    services.missed_queries_prune()
