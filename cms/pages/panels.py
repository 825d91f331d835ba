"""The form behind every page's panels in the admin, and how its values are compared.

It knows its page by what it can do, not by its type.
"""

import json
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison, register_comparison_class
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import BlockField

from cms.plugin_api import owner_of

from .blocks import diff_words, value_words
from .querysets import MAX_SLUG, free_slug
from .validators import HOME_DEPTH, check_root_slug


class ValueComparison(FieldComparison):
    """Writes what differs between two revisions as the site does; Wagtail prints Python's values, and times in UTC."""

    def htmldiff(self) -> SafeString:
        return diff_words(value_words(self.val_a), value_words(self.val_b))


def compare_values_in_words() -> None:
    """Let comparisons of revisions and sheets for approval show values as people read them."""
    for field in (models.BooleanField, models.DateField, models.DecimalField, models.IntegerField, models.TimeField):
        register_comparison_class(field, comparison_class=ValueComparison)


class BasePageForm(WagtailAdminPageForm):
    """Fills in what is typed every time, and keeps the proposed title and slug true while nobody has changed them."""

    class Media:
        js = ["pages/js/proposal.js"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        self._leave_what_is_not_sent()
        if "slug" in self.fields:
            self._need_no_slug(self.fields["slug"])
        if self.is_new and self.parent_page is not None:
            for name, value in self.instance.initial_values(self.parent_page).items():
                self.initial[name] = self.initial.get(name) or value
        self.stand_ins = self._stand_ins()
        self._let_the_browser_follow()

    def _leave_what_is_not_sent(self) -> None:
        """Keep what the streams held: where no script runs, the browser cannot show them and sends nothing of them."""
        for name, field in self.fields.items():
            if self.is_bound and isinstance(field, BlockField):
                field.disabled = field.widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))

    def _need_no_slug(self, field: Any) -> None:
        field.required = False  # `clean` finds one
        text = _("Small letters, digits and hyphens. For a Japanese title it is “%(word)s”, numbered, if left empty.")
        field.help_text = text % {"word": self.instance.address_word}

    def _stand_ins(self) -> dict[str, str]:
        if not self.instance.proposed_from or self.instance.first_published_at:
            return {}
        if self.is_new:
            return {name: self.initial.get(name) or "" for name in ("title", "slug")}
        stand_ins: dict[str, str] = self.instance.stand_ins()
        return stand_ins

    def _let_the_browser_follow(self) -> None:
        """Tell the script which fields it may fill in, and whom to ask; without script, `clean` does the same."""
        options = self.instance._meta  # noqa: SLF001 - Django's public name
        address = reverse("pages_proposal", args=[options.app_label, options.model_name]) if self.stand_ins else ""
        if self.instance.pk:
            address += "?" + urlencode({"page": self.instance.pk})
        for name in self.stand_ins.keys() & self.fields.keys():
            attributes = self.fields[name].widget.attrs
            attributes["data-controller"] = f"{attributes.get('data-controller', '')} proposal".strip()
            attributes["data-proposal-url-value"] = address
            attributes["data-proposal-from-value"] = json.dumps(self.instance.proposed_from)
            attributes["data-proposal-last-value"] = self.stand_ins[name]

    def clean(self) -> dict[str, Any]:
        self._follow_proposal()
        self._name_address()
        data: dict[str, Any] = super().clean()
        if self.parent_page is not None and self.parent_page.depth == HOME_DEPTH and data.get("slug"):
            check_root_slug(data["slug"], owner=owner_of(type(self.instance)))
        if not self.is_deferred_validation:
            self.instance.check_publishable(data)
        return data

    def _name_address(self) -> None:
        """Fill an empty slug from the title, or from the type where the title has no letters that an address takes."""
        title, parent = self.cleaned_data.get("title"), self.parent_page
        if title and parent is not None and self.cleaned_data.get("slug") == "":
            wanted = slugify(title)[:MAX_SLUG] or self.instance.address_word
            self.cleaned_data["slug"] = free_slug(parent=parent, wanted=wanted, page_id=self.instance.pk)

    def _follow_proposal(self) -> None:
        """Replace a title or slug that is still as proposed, or empty, by what follows from the other fields."""
        if not self.stand_ins:
            return
        proposed = self.instance.proposed(self.cleaned_data, page_id=self.instance.pk)
        for name, value in proposed.items():
            if self.cleaned_data.get(name) in {None, "", value, self.stand_ins.get(name)}:
                self.cleaned_data[name] = value
                self._go_on_following(name)

    def _go_on_following(self, name: str) -> None:
        """Let what was sent be followed again when the form comes back: nobody chose it, the script filled it in."""
        attributes = self.fields[name].widget.attrs
        attributes["data-proposal-last-value"] = self.data.get(self.add_prefix(name), "")
