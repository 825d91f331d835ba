"""Leaves what belongs to plugins that are off out of what Wagtail lists, for which it has no hooks.

The page tree and its search still show their pages to editors, marked and read-only: what is there must not seem to be
gone. Nor is left out what uses an image or a person: somebody would delete what a plugin needs when it is on again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.admin.filters import ContentTypeFilter, MultipleContentTypeFilter
from wagtail.admin.views import home
from wagtail.admin.views.bulk_action.registry import BulkActionRegistry
from wagtail.admin.views.pages.search import SearchView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.views.reports.aging_pages import AgingPagesView
from wagtail.admin.views.reports.locked_pages import LockedPagesView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.admin.views.workflows import WorkflowUsageView
from wagtail.log_actions import LogActionRegistry
from wagtail.models import BaseLogEntryManager, PageLogEntryManager
from wagtail.snippets.views.snippets import ModelIndexView

from .ownership import owner_of
from .pages import enabled
from .schedule import is_open
from .state import disabled_plugins, is_owner_on


def _closed() -> list[str]:
    """Return the slugs of the plugins that are off, which are the labels of their apps too."""
    return [plugin.slug for plugin in disabled_plugins()]


def open_types(types: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out the content types of plugins that are off."""
    return types.exclude(app_label__in=_closed())


def open_entries(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out of a history what was done to, or by, plugins that are off. A check sees to the names of actions."""
    done_by = Q(*(Q(action__startswith=f"{slug}.") for slug in _closed()), _connector=Q.OR)
    return entries.exclude(Q(content_type__app_label__in=_closed()) | done_by)


def open_workflow_states(states: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out what waits in a workflow and belongs to a plugin that is off."""
    return states.exclude(content_type__app_label__in=_closed())


def open_workflow_tasks(states: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out the tasks over what belongs to a plugin that is off."""
    return states.exclude(workflow_state__content_type__app_label__in=_closed())


def open_snippets(types: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the models of plugins that are off."""
    return [shown for shown in types if is_owner_on(owner_of(shown["model"]))]


def open_actions(actions: Collection[type]) -> list[type]:
    """Leave out the buttons over a list with which plugins that are off would change what is ticked in it."""
    return [action for action in actions if is_owner_on(owner_of(action))]


def open_facets(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out of the search for pages the types by which it could be narrowed to closed ones."""
    return {
        **context,
        "content_types": [(kind, n) for kind, n in context["content_types"] if kind.app_label not in _closed()],
    }


def open_objects(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out of a panel of the admin's home what lies on pages of plugins that are off."""
    return {**context, **{name: [*filter(PANELS[name], context[name])] for name in PANELS if name in context}}


PANELS: dict[str, Callable[[Any], bool]] = {
    "workflow_states": lambda state: is_open(state.content_object),
    "states": lambda state: is_open(state["obj"]),
    "locked_pages": is_open,
    "last_edits": lambda edit: is_open(edit[1]),
}

NARROWED: tuple[tuple[type, str, Callable[[Any], Any]], ...] = (
    (ContentTypeFilter, "get_queryset", open_types),
    (MultipleContentTypeFilter, "get_queryset", open_types),
    (PageTypesUsageReportView, "filter_queryset", open_types),
    (BaseLogEntryManager, "viewable_by_user", open_entries),
    (PageLogEntryManager, "viewable_by_user", open_entries),
    (LogActionRegistry, "get_logs_for_instance", open_entries),
    (WorkflowView, "get_queryset", open_workflow_states),
    (WorkflowTasksView, "get_queryset", open_workflow_tasks),
    (AgingPagesView, "get_queryset", enabled),
    (LockedPagesView, "get_queryset", enabled),
    (ContentTypeUseView, "get_base_queryset", enabled),
    (WorkflowUsageView, "get_base_queryset", enabled),
    (ModelIndexView, "_get_snippet_types", open_snippets),
    (BulkActionRegistry, "get_bulk_actions_for_model", open_actions),
    (SearchView, "get_context_data", open_facets),
    (home.UserObjectsInWorkflowModerationPanel, "get_context_data", open_objects),
    (home.WorkflowObjectsToModeratePanel, "get_context_data", open_objects),
    (home.LockedPagesPanel, "get_context_data", open_objects),
    (home.RecentEditsPanel, "get_context_data", open_objects),
)
"""A class of Wagtail's, its method that gives a list, and what leaves out of that."""


def lists_narrowed() -> None:
    """Let what these methods give pass through ours, once for the process."""
    for owner, name, narrow in NARROWED:
        setattr(owner, name, _narrowed(getattr(owner, name), narrow))


def _narrowed(method: Callable[..., Any], narrow: Callable[[Any], Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        return narrow(method(*args, **kwargs))

    return call
