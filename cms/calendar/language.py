"""Which of the two ways of writing dates the reader sees."""

from django.conf import settings
from django.utils.translation import get_language


def prints_japanese() -> bool:
    """Say whether dates are written with eras. Outside of any language the site's own counts."""
    return (get_language() or settings.LANGUAGE_CODE).startswith("ja")
