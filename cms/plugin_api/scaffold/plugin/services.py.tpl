"""What the plugin does."""

from datetime import datetime

from django.utils import timezone

from .models import Entry


def entry_note(*, page_id: int) -> Entry:
    """Put a page at the top of the list. Doing it twice leaves one entry."""
    entry, _created = Entry.objects.update_or_create(page_id=page_id, defaults={"published_at": timezone.now()})
    return entry


def entries_forget(*, before: datetime) -> int:
    """Drop the entries from before a moment and return how many those were."""
    dropped, _by_model = Entry.objects.before(before).delete()
    return dropped
