"""The site's own image and document models, so that later fields need no swap."""

from django.core.files.base import ContentFile, File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.images.models import Image as WagtailImage


class SiteImage(AbstractImage):
    """A picture in the media library, with words for those who cannot see it."""

    description = models.CharField(
        _("description"),
        max_length=255,
        help_text=_("What the picture shows, for those who cannot see it. Example: Participants at the seminar"),
    )

    admin_form_fields = WagtailImage.admin_form_fields

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> ContentFile:  # noqa: A002 - Wagtail's name
        """Close the temporary file that Wagtail leaves open."""
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]


class SiteRendition(AbstractRendition):
    """A resized copy of an image."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("image rendition")
        verbose_name_plural = _("image renditions")
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="media_rendition_unique")
        ]


class SiteDocument(AbstractDocument):
    """A file in the document library."""

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]
