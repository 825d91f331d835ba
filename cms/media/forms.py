"""The forms with which images and documents enter the library."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .models import DocumentVersion
from .services import document_version_keep
from .validators.uploads import check_content, check_size


class SiteImageField(WagtailImageField):
    """Judges a picture's size by its header: Wagtail's own field decodes it first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["invalid_image"] = _("This file is not a picture, or it is damaged.")
        self.error_messages["file_too_many_pixels"] = _(
            "This picture is too large. Make it smaller than %(max_pixels_count)s pixels in all, "
            "for example 8,000 × 6,000."
        )

    def check_image_pixel_size(self, f: Any) -> None:
        """Refuse an image bomb by its header, then let Wagtail count the frames; a damaged file fails there."""
        try:
            with Image.open(f.file) as picture:
                width, height = picture.size
            if width * height > self.max_image_pixels:
                raise self._too_large()
            super().check_image_pixel_size(f)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise self._too_large() from error
        except (OSError, SyntaxError) as error:
            raise self._damaged() from error

    def _too_large(self) -> ValidationError:
        values = {"max_pixels_count": f"{self.max_image_pixels:,}"}
        return ValidationError(self.error_messages["file_too_many_pixels"] % values, code="file_too_many_pixels")

    def _damaged(self) -> ValidationError:
        return ValidationError(self.error_messages["invalid_image"], code="invalid_image")


class SiteImageForm(BaseImageForm):
    """Takes a picture only after its header has been judged."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = SiteImageField(label=given.label, required=given.required, widget=given.widget)


class SiteDocumentForm(BaseDocumentForm):
    """Takes a document that is what its name says, and asks why where it replaces another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        if self.instance.pk and "file" in self.fields:
            self.fields["reason"] = forms.CharField(
                label=_("Reason for the replacement"),
                required=False,
                max_length=DocumentVersion._meta.get_field("reason").max_length,  # noqa: SLF001 - Django's public _meta
                help_text=_(
                    "Needed where you choose another file. Readers see it, with the date, beside the earlier version. "
                    "Example: A wrong date on page 2 was corrected."
                ),
            )
            self.order_fields(["title", "description", "file", "reason"])

    def clean_file(self) -> Any:
        """Judge a file that was sent; its ending is the model's to judge."""
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file:
            check_size(file.size, settings.DOCUMENT_UPLOAD_LIMIT)
            check_content(file, file.name)
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a replacement."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "reason" in self.fields and data.get("file") and "file" in self.changed_data and not data.get("reason"):
            self.add_error("reason", _("Write why the file is replaced, in a few words."))
        return data

    def _post_clean(self) -> None:
        """Leave the document its file where the form is refused: Wagtail would look for the new one and find none."""
        super()._post_clean()
        if self.errors and self.instance.pk:
            self.instance.file = self.original_file

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Keep the file that is replaced as an earlier version, where Wagtail would delete it."""
        if not (commit and self.instance.pk and "file" in self.changed_data):
            return super().save(commit)
        with transaction.atomic():
            document_version_keep(document=self.instance, reason=self.cleaned_data["reason"], by=self.user)
            self.original_file: Any = None
            return super().save()

    class Meta(BaseDocumentForm.Meta):
        widgets = {**BaseDocumentForm.Meta.widgets, "description": AdminAutoHeightTextInput}
