"""What the search gives to the admin's home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import ngettext

from cms.calendar import today
from cms.plugin_api.points import ToDo

from .enums import ExtractionState
from .models import DocumentText, MissedQuery
from .viewsets import document_permissions

MISSES_TOLD_FOR = timedelta(days=7)
WITHOUT_TEXT = (
    ExtractionState.EMPTY,
    ExtractionState.PROTECTED,
    ExtractionState.UNREADABLE,
    ExtractionState.TOO_LARGE,
    ExtractionState.TIMED_OUT,
)


def to_dos(user: AbstractUser) -> Iterator[ToDo]:
    """Tell of one's own documents whose text nobody can find, and of what people looked for in vain."""
    yield _documents(user)
    yield _misses()


def _documents(user: AbstractUser) -> ToDo:
    mine = document_permissions().instances_user_has_any_permission_for(user, ["change"])
    count = DocumentText.objects.filter(state__in=WITHOUT_TEXT, document__in=mine.values("pk")).count()
    words = ngettext(
        "%(count)d document can't be found by the text inside it.",
        "%(count)d documents can't be found by the text inside them.",
        count,
    )
    return ToDo(words % {"count": count}, reverse("search_documents"), count)


def _misses() -> ToDo:
    lately = MissedQuery.objects.filter(day__gt=today() - MISSES_TOLD_FOR)
    count = lately.aggregate(total=Sum("count"))["total"] or 0
    words = ngettext(
        "Somebody searched in vain %(count)d time in the last seven days.",
        "People searched in vain %(count)d times in the last seven days.",
        count,
    )
    return ToDo(words % {"count": count}, reverse("search_missed"), count)
