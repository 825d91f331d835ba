"""Changes stored streams in a migration, as plain data: no block need be known."""

import json
from collections.abc import Callable
from typing import Any

Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def rewrite_stream(*, apps: Any, app_label: str, model_name: str, field_name: str, change: Change) -> None:
    """Pass the raw items of a stream through `change`, in every row and in every revision, so in drafts too.

    For `RunPython`. `change` gets a list of `{"type", "value", "id"}` and returns the list to store; where it returns
    an equal list nothing is written.
    """
    model = apps.get_model(app_label, model_name)
    for row in model.objects.only("pk", field_name).iterator():
        before = getattr(row, field_name).get_prep_value()
        after = change(_copied(before))
        if after != before:
            model.objects.filter(pk=row.pk).update(**{field_name: after})
    _rewrite_revisions(apps, app_label, model_name, field_name, change)


def _rewrite_revisions(apps: Any, app_label: str, model_name: str, field_name: str, change: Change) -> None:
    """A revision holds the stream as JSON text within its JSON content."""
    revisions = apps.get_model("wagtailcore", "Revision").objects
    kind = {"content_type__app_label": app_label, "content_type__model": model_name.lower()}
    for revision in revisions.filter(**kind).only("content").iterator():
        before = json.loads(revision.content.get(field_name) or "[]")
        after = change(_copied(before))
        if after != before:
            revision.content[field_name] = json.dumps(after)
            revision.save(update_fields=["content"])


def _copied(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return json.loads(json.dumps(items))
