"""The form with which an image enters the library."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


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
