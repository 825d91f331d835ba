"""What is done to documents, apart from editing them."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from .models import DocumentVersion, SiteDocument


@transaction.atomic
def document_version_keep(*, document: SiteDocument, reason: str, by: Any = None) -> DocumentVersion:
    """Keep the file that the stored document has as an earlier version; the caller saves the document with its new one.

    Of two who replace it at once, each keeps what the other left: the row is locked until both are written.
    """
    stored = SiteDocument.objects.select_for_update().get(pk=document.pk)
    last = stored.versions.first()
    document.replaced_at = timezone.now()
    kept = DocumentVersion.objects.create(
        document=stored,
        number=last.number + 1 if last else 1,
        file=stored.file.name,
        file_size=stored.file_size,
        since=last.replaced_at if last else stored.created_at,
        replaced_at=document.replaced_at,
        reason=reason,
        replaced_by=by,
    )
    log(instance=document, action="media.replaced", user=by, data={"number": kept.number, "reason": reason})
    return kept


@transaction.atomic
def document_replace(*, document: SiteDocument, file: File[bytes], reason: str, by: Any = None) -> DocumentVersion:
    """Give a document another file, under any name, and return the version that its present one becomes."""
    kept = document_version_keep(document=document, reason=reason, by=by)
    document.file = file
    document._set_document_file_metadata()  # noqa: SLF001 - what Wagtail's own form calls
    document.save()
    return kept


@transaction.atomic
def document_version_withhold(*, version: DocumentVersion, is_withheld: bool, by: Any = None) -> None:
    """Keep an earlier version from readers, or show it again. Its date and its reason stay in the history."""
    version.is_withheld = is_withheld
    version.save(update_fields=["is_withheld"])
    action = "media.version_withheld" if is_withheld else "media.version_shown"
    log(instance=version.document, action=action, user=by, data={"number": version.number})
