"""The site's own image and document models, so that later fields need no swap."""

from __future__ import annotations

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.images.models import Image as WagtailImage
from wagtail.search import index

from .conf import below, is_kept_back


class KeptBackMixin:
    """Names a file by its title, unless a draft is shown on behalf of somebody who may not have the file."""

    title: str

    @property
    def is_kept_back(self) -> bool:
        return is_kept_back(self)

    def __str__(self) -> str:
        return gettext("Not available") if self.is_kept_back else self.title


class SiteImage(KeptBackMixin, AbstractImage):
    """A picture in the media library, with words for those who cannot see it."""

    description = models.CharField(
        _("description"),
        max_length=255,
        help_text=_("What the picture shows, for those who cannot see it. Example: The hall of the general meeting"),
    )

    admin_form_fields = WagtailImage.admin_form_fields

    @property
    def default_alt_text(self) -> str:
        return str(self) if self.is_kept_back else str(super().default_alt_text)

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> ContentFile:  # noqa: A002 - Wagtail's name
        """Close the temporary file that Wagtail leaves open."""
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]
        indexes = [models.Index(fields=["file"], name="media_image_file")]


class SiteRendition(AbstractRendition):
    """A resized copy of an image."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    @property
    def url(self) -> str:
        return below(super().url)

    class Meta:
        verbose_name = _("image rendition")
        verbose_name_plural = _("image renditions")
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="media_rendition_unique")
        ]
        # The address of a rendition is the name of its file.
        indexes = [models.Index(fields=["file"], name="media_rendition_file")]


class SiteDocument(KeptBackMixin, AbstractDocument):
    """A file in the document library. Its address stays when its file is replaced, whatever that is called."""

    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_(
            "What it is about, in one or two sentences. Readers see it below the title, and the search finds it. "
            "Example: How the dues are calculated, with the form for a change of address"
        ),
    )
    replaced_at = models.DateTimeField(_("replaced"), null=True, editable=False)
    """When its file was last replaced by another: so that lists can say so without a query."""

    admin_form_fields = ("title", "description", "file", "collection", "tags")
    search_fields = (
        *AbstractDocument.search_fields,
        index.SearchField("description"),
        index.AutocompleteField("description"),  # the admin's list asks these alone
    )

    def clean(self) -> None:
        """Judge the ending of a file; there is none where the form has refused it already."""
        if self.file:
            super().clean()

    @property
    def url(self) -> str:
        return below(reverse("wagtaildocs_serve", args=[self.pk]))

    @property
    def history_url(self) -> str:
        """Where its earlier versions are listed; nothing where there are none."""
        return reverse("media_history", args=[self.pk]) if self.replaced_at else ""

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]


class DocumentVersion(models.Model):
    """A file that a document had before it was replaced. Whoever may have the document may have it, unless withheld."""

    document = models.ForeignKey(SiteDocument, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    """Counted from 1, the file that the document began with."""
    file = models.FileField(_("file"), upload_to="documents")
    file_size = models.PositiveBigIntegerField(_("size"), null=True)
    since = models.DateTimeField(pgettext_lazy("version", "in force from"))
    replaced_at = models.DateTimeField(_("replaced"))
    reason = models.CharField(_("reason for the replacement"), max_length=200)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("replaced by")
    )
    is_withheld = models.BooleanField(_("withheld"), default=False)
    """Whether only those who may edit the document may have the file, such as where it named somebody by mistake."""

    filename = AbstractDocument.filename
    file_extension = AbstractDocument.file_extension
    content_type = AbstractDocument.content_type
    content_disposition = AbstractDocument.content_disposition
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("earlier version of a document")
        verbose_name_plural = _("earlier versions of documents")
        ordering = ["document", "-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="media_version_numbered_once")]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"

    @property
    def url(self) -> str:
        """Where the file is handed out, to those who may have it."""
        return reverse("media_version", args=[self.document_id, self.number])
