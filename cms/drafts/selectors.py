"""What is said of a draft to those who decide about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wagtail.admin.panels import get_edit_handler
from wagtail.models import Page

from cms.access.selectors.reach import Reach
from cms.accounts.models import Organisation
from cms.calendar import today
from cms.plugin_api.pages import enabled

from .models import ApprovalSettings

UNSEEN = {"first_published_at"}
"""Fields that no reader sees; a revision keeps them less exactly than the page."""


def draft_of(page_id: int) -> Page | None:
    """Return a page as it was last saved, published or not; nothing for a page of a plugin that is off."""
    page = enabled(Page.objects.filter(pk=page_id, depth__gt=1)).first()
    return page.specific.get_latest_revision_as_object() if page else None


def draft_changes(draft: Page, request: Any) -> list[Any]:
    """Return what differs between a draft and what is live, field by field, as Wagtail compares revisions.

    What it takes for another value though it reads the same, such as a stream that was saved anew, is left out.
    """
    live = Page.objects.get(pk=draft.pk).specific
    panel = get_edit_handler(type(draft)).get_bound_panel(instance=draft, request=request, form=None)
    found = [compare(live, draft) for compare in panel.get_comparison()]
    return [one for one in found if one.has_changed() and _reads_otherwise(one)]


def _reads_otherwise(change: Any) -> bool:
    if not change.is_field:
        return True
    return change.field.name not in UNSEEN and any(mark in str(change.htmldiff()) for mark in ("addition", "deletion"))


@dataclass(frozen=True)
class ApprovalSheet:
    """What stands on the sheet beside the draft itself."""

    draft: Any
    changes: list[Any]

    @property
    def boxes(self) -> list[str]:
        """The boxes for seals."""
        return ApprovalSettings.load().printed

    @property
    def revision(self) -> Any:
        """The saved draft; nothing for a page that was made without any."""
        return self.draft.latest_revision

    @property
    def drafter(self) -> Any:
        """Who wrote it last."""
        return (self.revision.user if self.revision else None) or self.draft.owner

    @property
    def organisation(self) -> Organisation | None:
        """For whom that person works today."""
        return Organisation.objects.of_person(self.drafter, today()).first() if self.drafter else None

    @property
    def place(self) -> list[Page]:
        """The pages above."""
        return list(self.draft.get_ancestors().filter(depth__gt=1))

    @property
    def reach(self) -> list[str]:
        """Who will be able to read it."""
        return Reach.of(self.draft).sentences
