"""What the search knows of the site. The full-text index itself is a table of the database's own kind beside these."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .enums import ExtractionState
from .querysets import EntryQuerySet

ENTRIES_TABLE = "search_entry"
INDEX_TABLE = "search_index"


def table_of(model: type[models.Model]) -> str:
    """Return the label of the table that holds the primary key of a model: `wagtailcore.page` for every page type."""
    root = model._meta.get_parent_list()  # noqa: SLF001 - Django's public _meta
    return (root[-1] if root else model)._meta.label_lower  # noqa: SLF001 - as above


class Entry(models.Model):
    """Something that can be found: a live page, a document, or an object of a plugin.

    The row is narrow, because permissions, counts and the order are worked out over all hits; the texts are in
    `EntryText`. Entries are derived: `manage.py search rebuild` makes them again.
    """

    kind = models.CharField(max_length=80)
    """The model's label, such as `pages.newspage`: what people filter by."""
    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, null=True, related_name="+")
    document = models.OneToOneField("media.SiteDocument", on_delete=models.CASCADE, null=True, related_name="+")
    object_id = models.BigIntegerField(null=True)
    """The primary key of a plugin's object."""
    title_key = models.TextField()
    """The folded title, for the order of hits and for suggestions."""
    date = models.DateField()
    """Newer comes first among equals: the object's own day, else the day of its publication."""
    fiscal_year = models.PositiveSmallIntegerField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = ENTRIES_TABLE
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [
            models.CheckConstraint(
                name="search_entry_of_one_thing",
                condition=models.Q(page__isnull=False, document__isnull=True, object_id__isnull=True)
                | models.Q(page__isnull=True, document__isnull=False, object_id__isnull=True)
                | models.Q(page__isnull=True, document__isnull=True, object_id__isnull=False),
            ),
            models.UniqueConstraint(name="search_entry_once_an_object", fields=["kind", "object_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.page_id or self.document_id or self.object_id}"


class EntryText(models.Model):
    """The words of an entry as they were written: what a snippet is cut from."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, primary_key=True, related_name="text")
    title = models.TextField()
    body = models.TextField()
    url = models.CharField(max_length=500)
    """Only of a plugin's object: pages and documents know their address."""

    class Meta:
        verbose_name = _("text of a search entry")
        verbose_name_plural = _("texts of search entries")

    def __str__(self) -> str:
        return self.title


class DocumentText(models.Model):
    """The text inside a document's file, or why there is none."""

    document = models.OneToOneField(
        "media.SiteDocument", on_delete=models.CASCADE, primary_key=True, related_name="extracted"
    )
    state = models.CharField(_("text"), max_length=12, choices=ExtractionState.choices, default=ExtractionState.WAITING)
    text = models.TextField()
    file_name = models.CharField(max_length=255)
    """The file that was read: a replaced one is read again."""

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")

    def __str__(self) -> str:
        return f"{self.file_name}: {self.get_state_display()}"


class MissedQuery(models.Model):
    """How often something was searched for in vain on a day. Nothing says by whom."""

    day = models.DateField(_("date"))
    words = models.CharField(_("searched for"), max_length=64)
    count = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        ordering = ["-day", "-count", "words"]
        constraints = [models.UniqueConstraint(name="search_missed_once_a_day", fields=["day", "words"])]

    def __str__(self) -> str:
        return self.words


class StaffEntry(models.Model):
    """What the admin's own search knows of an object: every indexed model, drafts too."""

    model = models.CharField(max_length=100)
    """See `table_of`."""
    object_id = models.BigIntegerField()
    titles = models.TextField()
    """Folded: what lists and choosers search while one types."""
    text = models.TextField()
    """Folded: everything that the model declares as searchable."""

    class Meta:
        verbose_name = _("admin search entry")
        verbose_name_plural = _("admin search entries")
        constraints = [models.UniqueConstraint(name="search_staff_entry_once", fields=["model", "object_id"])]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
