"""Blocks of a seminar's programme and of its hosts. The occurrences of a talk are named by their keys."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.pages.blocks import NamedChoiceBlock, ValueComparison

from .enums import HostRole, Listed, TalkKind


class OccurrenceKeysInput(forms.HiddenInput):
    """Check boxes for the occurrences that stand in the same form, saved or not; drawn by its script."""

    template_name = "seminars/widgets/occurrence_keys.html"
    input_type = "hidden"

    @property
    def is_hidden(self) -> bool:
        """A hidden input would hide its label too."""
        return False

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else " ".join(value or ())

    class Media:
        js = ["seminars/programme_editor.js"]
        css = {"all": ["seminars/programme_editor.css"]}


class OccurrenceKeysField(forms.Field):
    """The keys of occurrences, separated by spaces."""

    widget = OccurrenceKeysInput

    def to_python(self, value: str | Iterable[str] | None) -> list[str]:
        """Return the keys in the order given, each once. Raises ValidationError for what is no key."""
        keys = value.split() if isinstance(value, str) else list(value or ())
        try:
            return list(dict.fromkeys(str(UUID(key)) for key in keys))
        except ValueError as error:
            raise ValidationError(_("An occurrence was not recognised. Choose the occurrences again.")) from error


class OccurrenceKeysComparison(ValueComparison):
    """Names the occurrences, which are stored as keys; counts them where one is not published yet or was copied."""

    def words(self, value: list[str] | None) -> str:
        if not value:
            return gettext("All occurrences")
        found = apps.get_model("seminars", "Occurrence").objects.filter(key__in=value).order_by("start", "pk")
        if sorted(str(one.key) for one in found) == sorted(value):
            return gettext(", ").join(str(one) for one in found)
        return ngettext("%(count)d occurrence", "%(count)d occurrences", len(value)) % {"count": len(value)}


class OccurrenceKeysBlock(blocks.FieldBlock):
    """Which occurrences a talk belongs to; none chosen means all of them."""

    def __init__(self, *, required: bool = False, help_text: Any = "", **kwargs: Any) -> None:
        self.field = OccurrenceKeysField(required=required, help_text=help_text)
        super().__init__(**kwargs)

    def get_default(self) -> list[str]:
        return []

    def get_comparison_class(self) -> type[OccurrenceKeysComparison]:
        return OccurrenceKeysComparison

    def get_searchable_content(self, value: list[str]) -> list[str]:
        """Keys are nothing that people search for."""
        return []

    class Meta:
        icon = "date"


class SpeakerValue(blocks.StructValue):
    """Knows how a speaker is printed."""

    @property
    def capacity(self) -> str:
        """Affiliation and post: 松山市 市民部 市民課 総務担当リーダー."""
        return " ".join(filter(None, (self["affiliation"], self["post"])))

    @property
    def called(self) -> str:
        """The organisation, or the name with its form of address: 矢野 友哉 氏."""
        return self["organisation"] or " ".join(filter(None, (self["name"], self["honorific"])))

    def __str__(self) -> str:
        return " ".join(filter(None, (self.capacity, self.called)))


class TalkValue(blocks.StructValue):
    """Knows where a talk is given."""

    @property
    def kind_label(self) -> str:
        """What kind of item it is, in words; nothing where that is unknown."""
        return str(TalkKind(self["kind"]).label) if self["kind"] else ""

    def is_given_at(self, key: UUID) -> bool:
        """Say whether the talk belongs to the occurrence; one that names none belongs to all."""
        return not self["at"] or str(key) in self["at"]


class HostValue(blocks.StructValue):
    """Knows what an organisation is to the seminar."""

    @property
    def role_label(self) -> str:
        """主催, 共催 …"""
        return str(HostRole(self["role"]).label)


class SpeakerBlock(blocks.StructBlock):
    """A person, with what they were on the day of the talk, or an organisation."""

    name = blocks.CharBlock(
        required=False,
        label=pgettext_lazy("person", "Name"),
        max_length=100,
        help_text=_("Leave empty for an organisation. Example: 矢野 友哉"),
    )
    honorific = blocks.CharBlock(
        required=False, label=_("Form of address"), max_length=20, default="氏", help_text=_("Example: 氏, 教授")
    )
    affiliation = blocks.CharBlock(
        required=False, label=_("Affiliation then"), max_length=200, help_text=_("Example: 松山市 市民部 市民課")
    )
    post = blocks.CharBlock(
        required=False, label=_("Post then"), max_length=100, help_text=_("Example: 総務担当リーダー")
    )
    organisation = blocks.CharBlock(
        required=False,
        label=_("Organisation as speaker"),
        max_length=200,
        help_text=_("Only where no person is named. Example: 総務省 自治行政局 地域情報政策室"),
    )

    def clean(self, value: Any) -> Any:
        """A speaker is a person or an organisation, never both and never nobody."""
        cleaned = super().clean(value)
        if bool(cleaned["name"]) == bool(cleaned["organisation"]):
            message = _("Enter either the name of a person or an organisation.")
            raise StructBlockValidationError(block_errors={"name": ValidationError(message)})
        return cleaned

    def render_basic(self, value: Any, context: Any = None) -> str:
        """Print a speaker in a comparison as on a page; Wagtail would name each field by its key."""
        return escape(str(value))

    class Meta:
        icon = "user"
        value_class = SpeakerValue
        label = _("Speaker")
        label_format = "{name}{organisation}"


class TalkBlock(blocks.StructBlock):
    """One item of the programme."""

    kind = NamedChoiceBlock(choices=TalkKind.choices, required=False, label=_("Kind"))
    title = blocks.CharBlock(
        required=False,
        label=pgettext_lazy("talk", "Title"),
        max_length=255,
        help_text=_("May stay empty while it is unknown. Example: 電子自治体の推進と自治体クラウドについて"),
    )
    at = OccurrenceKeysBlock(
        label=_("Occurrences"), help_text=_("Choose none if the talk is given at every occurrence.")
    )
    speakers = blocks.ListBlock(SpeakerBlock(), label=_("Speakers"), min_num=0, collapsed=False)

    def clean(self, value: Any) -> Any:
        """A talk says at least its title, its kind or its speaker."""
        cleaned = super().clean(value)
        if not (cleaned["title"] or cleaned["kind"] or cleaned["speakers"]):
            message = _("Enter a title, a kind or a speaker.")
            raise StructBlockValidationError(block_errors={"title": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "form"
        value_class = TalkValue
        label = _("Talk")
        label_format = "{kind} {title}"


class HostBlock(blocks.StructBlock):
    """An organisation and what it is to the seminar."""

    name = blocks.CharBlock(label=_("Organisation"), max_length=200, help_text=_("Example: 地方自治情報センター"))
    role = NamedChoiceBlock(choices=HostRole.choices, default=HostRole.HOST, label=pgettext_lazy("host", "Role"))

    class Meta:
        icon = "group"
        value_class = HostValue
        label = _("Host")
        label_format = "{role}: {name}"


class SeminarListBlock(blocks.StructBlock):
    """A few seminars on any page, kept up to date by themselves."""

    which = NamedChoiceBlock(choices=Listed.choices, default=Listed.COMING, label=_("Which"))
    number = blocks.IntegerBlock(
        label=_("How many at most"), default=3, min_value=1, max_value=20, help_text=_("Example: 3")
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the template the seminars that the reader may see, with their dates: two queries."""
        seminars = apps.get_model("seminars", "SeminarPage").objects.shown().in_order()
        chosen = seminars.filter(is_past=value["which"] == Listed.LATEST).prefetch_related("occurrences")
        return {**super().get_context(value, parent_context), "seminars": chosen[: value["number"]]}

    class Meta:
        icon = "calendar-alt"
        label = _("List of seminars")
        label_format = "{which} {number}"
        template = "seminars/blocks/seminar_list.html"
