"""Says in the page editor who will be able to read the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class ReachPanel(Panel):
    """Shows it in words, and opens the form of the rule, which holds at once and is no part of a draft."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Who may read"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "access/admin/panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "request": self.request,
                "page": self.instance,
                "parent": getattr(self.form, "parent_page", None),
            }
