"""The blocks from which the body of a page is made. Plugins add theirs in their manifest."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
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
        help_text=_("What the picture shows, for those who cannot see it. Example: Participants at the seminar"),
    )
    caption = CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        label = _("Image")
        icon = "image"
        template = "pages/blocks/image.html"


class TableBlock(WagtailTableBlock):
    """A table that can be read aloud: it says what it is about and which cells are headings."""

    def __init__(self, **kwargs: Any) -> None:
        # Wagtail takes the language of the process's first request; the grid's script has none but English.
        super().__init__(**{"table_options": {"language": "en-US"}, **kwargs})

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


class DocumentListBlock(StructBlock):
    """Files to download, each with its type and size."""

    heading = CharBlock(label=_("Heading"), required=False, max_length=120)
    documents = ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"))

    class Meta:
        label = _("Document list")
        icon = "doc-full-inverse"
        template = "pages/blocks/document_list.html"


class NoticeBlock(StructBlock):
    """Something that must not be overlooked."""

    kind = ChoiceBlock(label=_("Kind"), choices=NoticeKind.choices, default=NoticeKind.INFORMATION)
    title = CharBlock(label=_("Title"), required=False, max_length=80)
    text = RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        label = _("Notice")
        icon = "warning"
        template = "pages/blocks/notice.html"


class FigureValue(StructValue):
    """A figure as templates want it."""

    @property
    def number(self) -> Decimal:
        """The value without the zeros that the database added: 1238, 0.5."""
        value = self["value"]
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


class FigureBlock(StructBlock):
    """A number with what makes it citable: its unit, its date and its source."""

    label = CharBlock(label=_("What is counted"), max_length=80, help_text=_("Example: Member municipalities"))
    value = DecimalBlock(label=_("Value"), max_digits=15, decimal_places=3)
    unit = CharBlock(label=_("Unit"), required=False, max_length=20, help_text=_("Example: organisations"))
    as_of = DateBlock(label=_("As of"), required=False)
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

    document = DocumentChooserBlock(label=_("Document"))


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
