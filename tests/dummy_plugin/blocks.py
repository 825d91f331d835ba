"""A block for the core's pages."""

from wagtail import blocks


class GreetingBlock(blocks.StructBlock):
    text = blocks.CharBlock()

    class Meta:
        template = "dummy/greeting.html"
