"""Draws the demo's images, so that none needs somebody else's licence."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from .models import SiteImage

WIDTH, HEIGHT = 1200, 240
MARGIN, GAP = 20, 6
COLOURS = ("#0017c1", "#4979f5", "#9db7f9")
# The figures are the document's, as of 1 February 2010: members by kind; posts and mailings of this and of last year.
DRAWN = (
    ("会員の内訳", "会員の内訳を表す帯。市691団体、町455団体、村92団体。", "members.png", (691, 455, 92)),
    ("電子会議室の投稿件数", "2本の帯。今年度97件、昨年度38件。", "posts.png", (97, 38)),
    ("Eメールでの情報発信の回数", "2本の帯。今年度55回、昨年度25回。", "mailings.png", (55, 25)),
)


def load(context: Any) -> None:
    """Make the images unless the library holds one already."""
    if SiteImage.objects.exists():
        return
    for title, description, name, values in DRAWN:
        draw = _divided_bar if len(values) > 2 else _bars
        SiteImage.objects.create(title=title, description=description, file=ContentFile(draw(values), name))
    context.report(_("%(count)d images") % {"count": len(DRAWN)})


def _divided_bar(values: Sequence[int]) -> bytes:
    """Draw one bar, divided in proportion."""
    room, left, boxes = WIDTH - GAP * (len(values) - 1), 0.0, []
    for value in values:
        right = left + room * value / sum(values)
        boxes.append((round(left), MARGIN, round(right), HEIGHT - MARGIN))
        left = right + GAP
    return _picture(boxes)


def _bars(values: Sequence[int]) -> bytes:
    """Draw a bar a value, one below the other, as long as the value is large."""
    height = (HEIGHT - 2 * MARGIN) // len(values)
    tops = [MARGIN + number * height for number in range(len(values))]
    lengths = [round(WIDTH * value / max(values)) for value in values]
    return _picture([(0, top, length, top + height - GAP) for top, length in zip(tops, lengths, strict=True)])


def _picture(boxes: Sequence[tuple[int, int, int, int]]) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    for box, colour in zip(boxes, COLOURS, strict=False):
        draw.rectangle(box, fill=colour)
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
