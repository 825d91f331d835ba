"""The form of a rule, and what every form of the admin owes to rules."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.rich_text.converters.html_to_contentstate import PageLinkElementHandler
from wagtail.admin.widgets import BaseChooser
from wagtail.documents import get_document_model
from wagtail.documents.rich_text.contentstate import DocumentLinkElementHandler
from wagtail.models import Page

from .enums import Audience
from .models import Group
from .selectors import current_reader
from .selectors.reach import Reach
from .selectors.references import Reference, closed_references, is_closed, references_in


class AccessRuleForm(forms.Form):
    """Asks whom a page, or the files of a collection, are for."""

    audience = forms.ChoiceField(label=_("Who may read"), widget=forms.RadioSelect)
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=Group.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Whoever is in any of the ticked groups may read."),
    )

    def __init__(self, data: Any = None, *, reach: Reach) -> None:
        own = reach.own
        initial = {"audience": own.audience, "groups": own.groups} if own else {"audience": Audience.EVERYONE}
        super().__init__(data, initial=initial)
        unset = _("Everyone") if reach.inherited.is_open else _("No narrower than above")
        self.fields["audience"].choices = [  # type: ignore[attr-defined]  # of a ChoiceField
            (Audience.EVERYONE, unset),
            (Audience.MEMBERS, Audience.MEMBERS.label),
            (Audience.GROUPS, Audience.GROUPS.label),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for a group where groups are named."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("audience") == Audience.GROUPS and not data.get("groups") and "groups" not in self.errors:
            self.add_error("groups", _("Choose at least one group."))
        return data


_known: ContextVar[frozenset[tuple[Any, str]]] = ContextVar("access_known_references", default=frozenset())
"""What the object that is being edited, with the rows that belong to it, named before anything was sent."""


def forms_keep_to_what_is_open() -> None:
    """Let no form of the admin name, or take, a page, image or document that its editor may not read.

    What the object named before stays, for whoever put it there could read it. Once for the process.
    """
    WagtailAdminModelForm.__init__ = _remembering(WagtailAdminModelForm.__init__)
    WagtailAdminModelForm.is_valid = _refusing(WagtailAdminModelForm.is_valid)
    BaseChooser.get_value_data = _not_naming(BaseChooser.get_value_data)
    for handler, model in ((PageLinkElementHandler, Page), (DocumentLinkElementHandler, get_document_model())):
        handler.get_attribute_data = _not_addressing(handler.get_attribute_data, model)


def _remembering(init: Callable[..., None]) -> Callable[..., None]:
    @wraps(init)
    def call(form: Any, *args: Any, **kwargs: Any) -> None:
        init(form, *args, **kwargs)
        if form.is_bound and not current_reader().reads_everything:
            form.named_before = frozenset(one[:2] for one in references_in(form.instance))

    return call


def _refusing(is_valid: Callable[..., bool]) -> Callable[..., bool]:
    @wraps(is_valid)
    def call(form: Any) -> bool:
        if not hasattr(form, "named_before"):
            return is_valid(form)
        token = _known.set(_known.get() | form.named_before)
        try:
            valid = is_valid(form)
            refused = closed_references(one for one in references_in(form.instance) if one[:2] not in _known.get())
        finally:
            _known.reset(token)
        for field in {_field_of(one, form) for one in refused}:
            sentence = gettext("A page, image or document that you may not open was chosen; choose another.")
            form.add_error(field, forms.ValidationError(sentence, code="closed"))
        return valid and not refused

    return call


def _field_of(reference: Reference, form: Any) -> str | None:
    return reference.field if reference.field in form.fields else None


def _not_naming(get_value_data: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(get_value_data)
    def call(widget: Any, value: Any) -> Any:
        data = get_value_data(widget, value)
        if data is None or not is_closed(widget.get_instance(value)):
            return data
        blank = {name: _emptied(part) for name, part in data.items()}
        return {**blank, "id": data["id"], widget.display_title_key: gettext("Not open to you")}

    return call


def _not_addressing(get_attribute_data: Callable[..., Any], model: type[Model]) -> Callable[..., Any]:
    """Give the text editor of a link what it gets of one that is broken: the number, which survives."""

    @wraps(get_attribute_data)
    def call(handler: Any, attrs: Any) -> Any:
        data = get_attribute_data(handler, attrs)
        if not closed_references([Reference(model, str(data.get("id", "")), "")]):
            return data
        return {**_emptied(data), "id": data["id"]}

    return call


def _emptied(part: Any) -> Any:
    """Keep the shape that the browser's script expects, and nothing in it."""
    if isinstance(part, dict):
        return {name: _emptied(inner) for name, inner in part.items()}
    return "" if isinstance(part, str) else None
