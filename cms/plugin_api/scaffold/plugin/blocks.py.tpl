"""Blocks that editors may put into any page."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, TextBlock


class CalloutBlock(StructBlock):
    """A short text that stands out."""

    title = CharBlock(label=_("Title"), max_length=80)
    text = TextBlock(label=_("Text"))

    class Meta:
        label = _("Callout")
        icon = "openquote"
        template = "${slug}/callout.html"
