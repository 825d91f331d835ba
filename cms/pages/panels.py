"""The form behind every page's panels in the admin. It knows its page by what it can do, not by its type."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from cms.plugin_api import owner_of

from .validators import HOME_DEPTH, check_root_slug


class BasePageForm(WagtailAdminPageForm):
    """Fills in what is typed every time, and keeps the proposed title and slug true while nobody has changed them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        if self.is_new and self.parent_page is not None:
            for name, value in self.instance.initial_values(self.parent_page).items():
                self.initial[name] = self.initial.get(name) or value

    def clean(self) -> dict[str, Any]:
        if self.is_new or self.instance.awaits_proposal:
            self._follow_proposal()
        data: dict[str, Any] = super().clean()
        if self.parent_page is not None and self.parent_page.depth == HOME_DEPTH and data.get("slug"):
            check_root_slug(data["slug"], owner=owner_of(type(self.instance)))
        if not self.is_deferred_validation:
            self.instance.check_publishable(data)
        return data

    def _follow_proposal(self) -> None:
        """Replace a title or slug that is still as proposed, or empty, by what follows from the other fields."""
        for name, value in self.instance.proposed(self.cleaned_data).items():
            if name not in self.changed_data or not self.cleaned_data.get(name):
                self.cleaned_data[name] = value
