"""Deletes the file of an earlier version with its row, as Wagtail does with a document's own."""

from django.db.models.signals import post_delete
from wagtail.documents.signal_handlers import post_delete_file_cleanup

from .models import DocumentVersion


def connect() -> None:
    """Listen."""
    post_delete.connect(post_delete_file_cleanup, sender=DocumentVersion, dispatch_uid="media_version_deleted")
