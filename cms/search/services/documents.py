"""Reads the text inside documents. A file that cannot be read is kept all the same, with the reason."""

from __future__ import annotations

from django.db import transaction

from cms.fulltext.extraction import Extraction, extract
from cms.media.models import SiteDocument
from cms.search.conf import DOCUMENT_SIZE_LIMIT, EXTRACTION_SECONDS, TEXT_LENGTH_LIMIT
from cms.search.enums import ExtractionState
from cms.search.models import DocumentText

from .indexing import document_index


def document_note(*, document: SiteDocument) -> bool:
    """Write down that a document's file waits to be read; return whether it does. A replaced file waits again."""
    known = DocumentText.objects.filter(document=document).values_list("file_name", flat=True).first()
    if known == document.file.name:
        return False
    waiting = {"state": ExtractionState.WAITING, "text": "", "file_name": document.file.name}
    DocumentText.objects.update_or_create(document=document, defaults=waiting)
    return True


def document_read(*, document_id: int) -> None:
    """Read the text inside a document and index it. Takes up to two minutes, so it runs as a job."""
    document = SiteDocument.objects.filter(pk=document_id).first()
    if document is None:
        return
    found = _extracted(document)
    values = {"state": found.state, "text": found.text, "file_name": document.file.name}
    with transaction.atomic():
        DocumentText.objects.update_or_create(document=document, defaults=values)
        document_index(document_id=document_id)


def _extracted(document: SiteDocument) -> Extraction:
    try:
        with document.file.open("rb") as file:
            return extract(
                file, size_limit=DOCUMENT_SIZE_LIMIT, length_limit=TEXT_LENGTH_LIMIT, seconds=EXTRACTION_SECONDS
            )
    except OSError:
        return Extraction(ExtractionState.UNREADABLE)


def unread_documents() -> list[int]:
    """Return the documents whose present file nobody has read yet."""
    read = dict(DocumentText.objects.exclude(state=ExtractionState.WAITING).values_list("document_id", "file_name"))
    files = SiteDocument.objects.values_list("pk", "file")
    return [pk for pk, name in files if read.get(pk) != name]
