"""Draws the demo's images, so that none needs somebody else's licence, and writes its documents from its fixtures."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import yaml
from django.core.files.base import ContentFile
from docx import Document
from PIL import Image, ImageDraw, ImageFont

from .models import SiteDocument, SiteImage
from .services import document_replace

WIDTH, HEIGHT = 1200, 240
MARGIN, GAP = 20, 6
LETTERS = 44  # pixels; about 18 where the image is shown at the width of text
COLOURS = (("#0017c1", "white"), ("#c5d7fb", "black"), ("#e8f1fe", "black"))
"""Of a bar and of the number on it."""
# The figures are the document's, as of 1 February 2010: members by kind; posts and mailings of this and of last year.
DRAWN = (
    ("会員の内訳", "会員の内訳を表す帯。市691団体、町455団体、村92団体。", "kinds-of-members.png", (691, 455, 92)),
    ("電子会議室の投稿件数", "2本の帯。今年度97件、昨年度38件。", "posts.png", (97, 38)),
    ("Eメールでの情報発信の回数", "2本の帯。今年度55回、昨年度25回。", "mailings.png", (55, 25)),
)


PLAN = "plan-fy2010.yaml"
PLAN_DESCRIPTION = "年2回の役員会議と、セミナー、情報提供などの活動計画。"
PLAN_REASON = "見本：テキスト形式からWord形式に改めた。"


def load(context: Any) -> None:
    """Make the images and the documents unless the library holds one already."""
    if not SiteImage.objects.exists():
        _load_images(context)
    if not SiteDocument.objects.exists():
        _load_documents(context)


def _load_images(context: Any) -> None:
    for title, description, name, values in DRAWN:
        draw = _divided_bar if len(values) > 2 else _bars
        SiteImage.objects.create(title=title, description=description, file=ContentFile(draw(values), name))
    context.report(f"{len(DRAWN)} images")


def _load_documents(context: Any) -> None:
    """Write the association's plan as a text, and replace it once by the same in Word's format."""
    plan = yaml.safe_load((context.fixtures / PLAN).read_text(encoding="utf-8"))
    lines = list(_lines(plan["blocks"]))
    text = "\r\n".join([plan["title"], "", *(line for _style, line in lines), ""])
    file = ContentFile(text.encode("utf-8-sig"), "plan-fy2010.txt")
    document = SiteDocument(title=plan["title"], description=PLAN_DESCRIPTION, file=file)
    document._set_document_file_metadata()  # noqa: SLF001 - what Wagtail's own form calls
    document.save()
    printed = Document()
    printed.add_heading(plan["title"], level=1)
    for style, line in lines:
        printed.add_paragraph(line, style=style)
    buffer = BytesIO()
    printed.save(buffer)
    document_replace(
        document=document, file=ContentFile(buffer.getvalue(), "plan-fy2010-word.docx"), reason=PLAN_REASON
    )
    context.report("1 document")


def _lines(blocks: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the plan's lines, each with the style that Word gives it."""
    styles = {"heading": "Heading 2", "subheading": "Heading 3", "text": "Normal", "list": "List Bullet"}
    for block in blocks:
        value = block["value"]
        for line in value if isinstance(value, list) else [value]:
            yield styles[block["type"]], line


def _divided_bar(values: Sequence[int]) -> bytes:
    """Draw one bar, divided in proportion."""
    room, left, boxes = WIDTH - GAP * (len(values) - 1), 0.0, []
    for value in values:
        right = left + room * value / sum(values)
        boxes.append((round(left), MARGIN, round(right), HEIGHT - MARGIN))
        left = right + GAP
    return _picture(boxes, values)


def _bars(values: Sequence[int]) -> bytes:
    """Draw a bar a value, one below the other, as long as the value is large."""
    height = (HEIGHT - 2 * MARGIN) // len(values)
    tops = [MARGIN + number * height for number in range(len(values))]
    lengths = [round(WIDTH * value / max(values)) for value in values]
    boxes = [(0, top, length, top + height - GAP) for top, length in zip(tops, lengths, strict=True)]
    return _picture(boxes, values)


def _picture(boxes: Sequence[tuple[int, int, int, int]], values: Sequence[int]) -> bytes:
    """Draw the boxes with their numbers on them, in Pillow's own letters, which every machine has."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, letters = ImageDraw.Draw(picture), ImageFont.load_default(LETTERS)
    for (left, top, right, bottom), value, (colour, ink) in zip(boxes, values, COLOURS, strict=False):
        draw.rectangle((left, top, right, bottom), fill=colour, outline=COLOURS[0][0], width=3)
        centre = ((left + right) / 2, (top + bottom) / 2)
        draw.text(centre, str(value), fill=ink, font=letters, anchor="mm")
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
