"""Panels of the admin's home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from .selectors import to_dos_of


class ToDoPanel(Component):
    """Says what the person has to see to today, above everything else."""

    name = "to_dos"
    template_name = "dashboard/to_dos.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        return {"to_dos": to_dos_of(user)}
