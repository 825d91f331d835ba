"""What editors do with pages, apart from editing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, WorkflowState

from cms.plugin_api import HandedOver

from .querysets import free_slug


def can_continue(page: Page) -> bool:
    """Say whether the page's type can be taken over into the next fiscal year: it has `next_year_values()`."""
    return hasattr(page, "next_year_values")


@transaction.atomic
def page_copy_to_next_year(*, page: Any, by: Any) -> Page:
    """Copy the page as a draft of the next fiscal year, beside it, and return the copy.

    What the page's `next_year_values()` gives replaces what was there; what its type excludes from copies is empty.
    """
    values: dict[str, Any] = page.next_year_values()
    values["slug"] = free_slug(parent=page.get_parent(), wanted=values["slug"])
    copied: Page = page.copy(update_attrs=values, copy_revisions=False, keep_live=False, user=by)
    return copied


def drafts_hand_over(*, person: Any, to: Any) -> Sequence[HandedOver]:
    """Pass on a person's drafts, locked pages, and drafts on their way to approval; each page's history says so.

    Pages without changes to be published keep who made them.
    """
    drafts = list(Page.objects.filter(Q(live=False) | Q(has_unpublished_changes=True), owner=person).order_by("title"))
    locked = list(Page.objects.filter(locked_by=person).order_by("title"))
    under_way = WorkflowState.objects.active().filter(requested_by=person)
    asked = [state.content_object for state in under_way]
    Page.objects.filter(pk__in=[page.pk for page in drafts]).update(owner=to)
    Page.objects.filter(pk__in=[page.pk for page in locked]).update(locked_by=to)
    under_way.update(requested_by=to)
    _log_handover({page.pk: page for page in (*drafts, *locked)}.values(), person, to)
    return [
        HandedOver(_("Drafts"), [page.get_admin_display_title() for page in drafts]),
        HandedOver(_("Locked pages"), [page.get_admin_display_title() for page in locked]),
        HandedOver(_("Drafts sent for approval, and sent back"), [str(thing) for thing in asked]),
    ]


def _log_handover(pages: Iterable[Page], person: Any, to: Any) -> None:
    data = {"from": str(person), "from_id": person.pk, "to": str(to), "to_id": to.pk}
    for page in pages:
        log(page.specific_deferred, "pages.handover", data=data)
