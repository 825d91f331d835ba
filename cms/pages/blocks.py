"""The blocks from which the body of a page is made. Plugins add theirs in their manifest."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import BlockComparison, TextDiff, diff_text
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    DateBlock,
    DecimalBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
    StructValue,
)
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.calendar import format_date, format_time
from cms.plugin_api.registry import installed_plugins

from .enums import NoticeKind
from .fields import KeepingStreamBlock

TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link"]
"""What rich text may hold. Headings, images and tables are blocks of their own, so that each is checked."""


class HeadingBlock(CharBlock):
    """A heading within the body; the page's title is the only h1."""

    def __init__(self, *, level: int, **kwargs: Any) -> None:
        self.level = level
        super().__init__(max_length=120, **kwargs)

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_context(value, parent_context), "level": self.level}

    class Meta:
        icon = "title"
        template = "pages/blocks/heading.html"


class ImageBlock(StructBlock):
    """A picture. Its description is asked for each place, because it depends on why the picture is there."""

    image = ImageChooserBlock(label=_("Image"))
    alt_text = CharBlock(
        label=_("Description"),
        max_length=200,
        help_text=_("What the picture shows, for those who cannot see it. Example: The hall of the general meeting"),
    )
    caption = CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        label = _("Image")
        icon = "image"
        template = "pages/blocks/image.html"


def plain_number(value: Decimal) -> Decimal:
    """Return the number without the zeros that the database added: 1238, 0.5."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def value_words(value: Any) -> str:
    """Write a value as the site does, moments in Japan's time: はい, 平成22年2月10日（水） 11:00; nothing for None."""
    match value:
        case None:
            return ""
        case bool():
            return gettext("Yes") if value else gettext("No")
        case datetime():
            return f"{format_date(value)} {format_time(value)}"
        case date():
            return format_date(value)
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return f"{plain_number(value):f}"
    return str(value)


def diff_words(before: str, after: str) -> SafeString:
    """Return both, marked, as HTML; one of them alone where they read the same."""
    changes = [("equal", before)] if before == after else [("deletion", before), ("addition", after)]
    return TextDiff([change for change in changes if change[1]], separator=" ").to_html()


class ValueComparison(BlockComparison):
    """Writes values as the site does; Wagtail shows how they are stored."""

    def words(self, value: Any) -> str:
        """Return a value as it is read."""
        return value_words(value)

    def htmlvalue(self, val: Any) -> SafeString:
        return diff_words(self.words(val), self.words(val))

    def htmldiff(self) -> SafeString:
        return diff_words(self.words(self.val_a), self.words(self.val_b))


class ChoiceComparison(ValueComparison):
    """Names what was chosen."""

    def words(self, value: Any) -> str:
        return str(dict(self.block.field.choices).get(value, value)) if value else ""


class NamedChoiceBlock(ChoiceBlock):
    """A choice that a comparison names."""

    def get_comparison_class(self) -> type[ChoiceComparison]:
        return ChoiceComparison


class DayBlock(DateBlock):
    """A date that a comparison writes as the site does."""

    def get_comparison_class(self) -> type[ValueComparison]:
        return ValueComparison


class NumberBlock(DecimalBlock):
    """A number that a comparison shows without the zeros that the database added."""

    def get_comparison_class(self) -> type[ValueComparison]:
        return ValueComparison


class TableComparison(BlockComparison):
    """Shows what differs between two tables as a table; Wagtail shows how they are stored."""

    def htmlvalue(self, val: Any) -> SafeString:
        return self._table(val["table_caption"] or "", [("equal", row) for row in val["data"]])

    def htmldiff(self) -> SafeString:
        captions = [value["table_caption"] or "" for value in (self.val_a, self.val_b)]
        return self._table(diff_text(*captions).to_html(), self._rows())

    def _rows(self) -> Iterator[tuple[str, list[Any]]]:
        before, after = self.val_a["data"], self.val_b["data"]
        old, new = ([tuple(map(str, row)) for row in rows] for rows in (before, after))
        for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                yield from (("equal", row) for row in before[start:end])
            else:
                yield from (("deletion", row) for row in before[start:end])
                yield from (("addition", row) for row in after[new_start:new_end])

    def _table(self, caption: str, rows: Any) -> SafeString:
        cells = ([[TextDiff([(kind, cell or "")]).to_html()] for cell in row] for kind, row in rows)
        lines = format_html_join("", "<tr>{}</tr>", ([format_html_join("", "<td>{}</td>", row)] for row in cells))
        return format_html("<table><caption>{}</caption>{}</table>", caption, lines)


class TableBlock(WagtailTableBlock):
    """A table that can be read aloud: it says what it is about and which cells are headings."""

    def __init__(self, **kwargs: Any) -> None:
        # Wagtail takes the language of the process's first request; the grid's script has none but English.
        super().__init__(**{"table_options": {"language": "en-US"}, **kwargs})

    def get_comparison_class(self) -> type[TableComparison]:
        return TableComparison

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation or not cleaned:
            return cleaned
        if not (cleaned.get("table_caption") or "").strip():
            raise ValidationError(_("Write a caption that says what the table shows."))
        if cleaned.get("table_header_choice") == "neither":
            raise ValidationError(_("Say whether the first row or the first column holds the headings."))
        return cleaned

    class Meta:
        label = _("Table")
        icon = "table"
        template = "pages/blocks/table.html"


class DocumentBlock(DocumentChooserBlock):
    """A file to download; a comparison names it as a page does, where Wagtail would always print its title."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        return escape(str(value)) if value else ""


class DocumentListBlock(StructBlock):
    """Files to download, each with its type and size."""

    heading = CharBlock(label=_("Heading"), required=False, max_length=120)
    documents = ListBlock(DocumentBlock(label=_("Document")), label=_("Documents"))

    class Meta:
        label = _("Document list")
        icon = "doc-full-inverse"
        template = "pages/blocks/document_list.html"


class NoticeKindBlock(NamedChoiceBlock):
    """How urgent a notice is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"choices": NoticeKind.choices, **kwargs})


class NoticeBlock(StructBlock):
    """Something that must not be overlooked."""

    kind = NoticeKindBlock(label=_("Kind"), default=NoticeKind.INFORMATION)
    title = CharBlock(label=_("Title"), required=False, max_length=80)
    text = RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        label = pgettext_lazy("block", "Notice")
        icon = "warning"
        template = "pages/blocks/notice.html"


class FigureValue(StructValue):
    """A figure as templates want it."""

    @property
    def number(self) -> Decimal | None:
        """The value without the zeros that the database added: 1238, 0.5; None in a preview, while none was typed."""
        return None if self["value"] is None else plain_number(self["value"])


class FigureBlock(StructBlock):
    """A number with what makes it citable: its unit, its date and its source."""

    label = CharBlock(label=_("What is counted"), max_length=80, help_text=_("Example: Member municipalities"))
    value = NumberBlock(label=_("Value"), max_digits=15, decimal_places=3)
    unit = CharBlock(label=_("Unit"), required=False, max_length=20, help_text=_("Example: organisations"))
    as_of = DayBlock(label=_("As of"), required=False)
    source = CharBlock(
        label=_("Source"), required=False, max_length=200, help_text=_("Example: Activity report for FY2009")
    )

    class Meta:
        label = _("Figure")
        icon = "order"
        template = "pages/blocks/figure.html"
        value_class = FigureValue


class BodyBlock(KeepingStreamBlock):
    """The body of every page: the core's blocks, then those of the installed plugins."""

    heading = HeadingBlock(level=2, label=_("Heading"))
    subheading = HeadingBlock(level=3, label=_("Subheading"))
    text = RichTextBlock(label=_("Text"), features=TEXT_FEATURES, icon="pilcrow", template="pages/blocks/text.html")
    image = ImageBlock()
    table = TableBlock()
    documents = DocumentListBlock()
    notice = NoticeBlock()
    figure = FigureBlock()

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        super().__init__(local_blocks, **kwargs)
        for plugin in installed_plugins():
            for name, path in plugin.blocks.items():
                self.add_owned(name, import_string(path.replace(":", "."))(group=plugin.title), owner=plugin.slug)


class LinesBlock(KeepingStreamBlock):
    """An ordered list of plain sentences, such as the items of an agenda."""

    item = CharBlock(label=_("Item"), max_length=300, icon="list-ol")


class MaterialsBlock(KeepingStreamBlock):
    """The files that belong to a page, in the order in which they are handed out."""

    document = DocumentBlock(label=_("Document"))


class QuestionBlock(StructBlock):
    """A question and its answer."""

    question = CharBlock(label=_("Question"), max_length=200)
    answer = RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)

    class Meta:
        label = _("Question and answer")
        icon = "help"
        template = "pages/blocks/question.html"


class QuestionsBlock(KeepingStreamBlock):
    """Questions, in groups where there are many."""

    heading = HeadingBlock(level=2, label=_("Heading"))
    question = QuestionBlock()


class DocumentGroupsBlock(KeepingStreamBlock):
    """The groups of a document library."""

    documents = DocumentListBlock(label=_("Group of documents"))
