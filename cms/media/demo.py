"""Draws the demo's images, so that none needs somebody else's licence."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from .models import SiteImage

WIDTH, HEIGHT = 1200, 240
GAP = 6
COLOURS = ("#0017c1", "#4979f5", "#9db7f9")
MEMBERS = {"市": 691, "町": 455, "村": 92}
"""Members of the association on 1 February 2010."""


def load(context: Any) -> None:
    """Make the images unless the library holds one already."""
    if SiteImage.objects.exists():
        return
    SiteImage.objects.create(
        title="会員の内訳",
        description="会員の内訳を表す帯。市691団体、町455団体、村92団体。",
        file=ContentFile(_bar(list(MEMBERS.values())), "members.png"),
    )
    context.report(_("%(count)d images") % {"count": 1})


def _bar(values: list[int]) -> bytes:
    """Draw one bar, divided in proportion."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    room, left = WIDTH - GAP * (len(values) - 1), 0.0
    for value, colour in zip(values, COLOURS, strict=True):
        right = left + room * value / sum(values)
        draw.rectangle((round(left), 20, round(right), HEIGHT - 20), fill=colour)
        left = right + GAP
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
