"""Makes the whole index again, and says where it differs from the site."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from cms.fulltext.folding import fold
from cms.media.models import SiteDocument
from cms.search.models import Entry
from cms.search.permissions import enabled_sources
from cms.search.selectors import site_index

from .indexing import document_index, indexed_pages, page_index, source_rebuild

REPORT_EVERY = 1000


def index_rebuild(*, report: Callable[[str], None]) -> None:
    """Index everything anew and forget what is gone. Searches go on meanwhile; `report` hears of the progress."""
    gone = Entry.objects.filter(page__isnull=False).exclude(page__in=indexed_pages().values("pk"))
    gone.delete()
    for number, page_id in enumerate(list(indexed_pages().values_list("pk", flat=True)), 1):
        page_index(page_id=page_id)
        if number % REPORT_EVERY == 0:
            report(_("%(number)d pages") % {"number": number})
    for document_id in list(SiteDocument.objects.values_list("pk", flat=True)):
        document_index(document_id=document_id)
    for source in enabled_sources():
        source_rebuild(source)
    report(_("%(number)d entries") % {"number": Entry.objects.count()})


def index_problems() -> list[str]:
    """Return a sentence for each way in which the index differs from the site."""
    entries = Entry.objects.order_by()
    counted = [
        (
            _("%(number)d pages are live but not in the index."),
            indexed_pages().exclude(pk__in=entries.filter(page__isnull=False).values("page_id")).count(),
        ),
        (
            _("%(number)d pages are in the index but not live."),
            entries.filter(page__isnull=False).exclude(page__in=indexed_pages().values("pk")).count(),
        ),
        (
            _("%(number)d documents are not in the index."),
            SiteDocument.objects.exclude(pk__in=entries.filter(document__isnull=False).values("document_id")).count(),
        ),
        (_("%(number)d entries have no row in the full-text index."), len(site_index().missing_ids())),
        (_("%(number)d entries were folded by other rules."), _folded_otherwise()),
    ]
    return [*(text % {"number": number} for text, number in counted if number), *site_index().problems()]


def _folded_otherwise() -> int:
    """Count the entries that were indexed before the rules of folding changed."""
    rows = Entry.objects.values_list("title_key", "text__title").iterator()
    return sum(key != " ".join(fold(title or "").split()) for key, title in rows)
