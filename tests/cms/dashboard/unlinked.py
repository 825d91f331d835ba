"""Where no link of the admin leads by itself: what scripts ask for, and what depends on which record was met first."""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Page, Revision, WorkflowState

from cms.accounts.models import Organisation
from cms.drafts.models import DraftLink
from cms.mail.models import Delivery, Message, Notice
from cms.media.models import SiteDocument, SiteImage
from cms.pages.models import MeetingSeries
from plugins.members.models import SeatClaim
from tests.factories.accounts import OrganisationFactory
from tests.urlconf import address, arguments, entries, view_of

BULK = [("wagtailcore", "page"), ("media", "sitedocument"), ("media", "siteimage"), ("accounts", "user")]
BULK += [("contact", "enquiry"), ("announcements", "announcement"), ("pages", "meetingseries")]
BULK += [("mail", "message"), ("wagtailredirects", "redirect")]
SEARCHED = ["wagtailadmin_pages:search", "wagtaildocs:index", "wagtailimages:index", "wagtailusers_users:index"]
SEARCHED += ["wagtaildocs_chooser:choose", "wagtailimages_chooser:choose", "wagtailadmin_choose_page_search"]
SEARCHED += ["members_admin:register", "members_admin:people", "organisations:index", "mail_admin:deliveries"]
SEARCHED += ["organisation_chooser:choose", "person_chooser:choose", "seat_chooser:choose", "meetings:index"]
LOOKED_UP_IN_VAIN = "999999999"
WRONG = {"csv": b"\xff\xfe\x00", "png": b"1", "txt": b"1"}


def unlinked() -> list[str]:
    """Return the addresses."""
    return list(chain(_of_a_page(), _of_many(), _of_searches(), _of_filters(), _of_choosers(), _of_the_desk()))


def _of_a_page() -> Iterator[str]:
    page = DraftLink.objects.first().page
    revision = page.revisions.order_by("pk").first()
    alias = Page.objects.filter(alias_of__isnull=False).first()
    planned = Revision.objects.filter(approved_go_live_at__isnull=False).first()
    names = {
        "history": [],
        "workflow_history": [],
        "revisions_compare": ["earliest", "latest"],
        "revisions_revert": [revision.pk],
        "move": [],
        "move_confirm": [page.get_parent().pk],
        "usage": [],
        "set_privacy": [],
    }
    yield from (reverse(f"wagtailadmin_pages:{name}", args=[page.pk, *rest]) for name, rest in names.items())
    yield reverse("wagtailadmin_pages:convert_alias", args=[alias.pk])
    yield reverse("wagtailadmin_pages:revisions_unschedule", args=[planned.object_id, planned.pk])
    yield reverse("drafts_links", args=[page.pk])
    yield reverse("wagtailadmin_workflows:remove", args=[page.pk])
    for state in WorkflowState.objects.all():
        yield reverse("wagtailadmin_pages:edit", args=[state.object_id])
        yield reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[state.object_id])


def _of_many() -> Iterator[str]:
    for app, model in BULK:
        chosen = apps.get_model(app, model).objects.order_by("-pk")[:2]
        query = "&".join(f"id={one.pk}" for one in chosen)
        for action in bulk_action_registry.get_bulk_actions_for_model(app, model):
            yield f"{reverse('wagtail_bulk_action', args=[app, model, action.action_type])}?{query}"


def _of_searches() -> Iterator[str]:
    yield from (f"{reverse(name)}?q={LOOKED_UP_IN_VAIN}" for name in SEARCHED)


def _of_filters() -> Iterator[str]:
    """Yield each list with all of its filters on, each of which it says in words."""
    for _name, pattern, entry in entries():
        filters = getattr(getattr(view_of(entry), "filterset_class", None), "base_filters", {})
        query = dict(chain.from_iterable(_chosen(name, one) for name, one in filters.items()))
        if query and pattern.startswith("/admin/") and not arguments(pattern):
            yield f"{address(pattern, {})}?{urlencode(query)}"


def _chosen(name: str, one: django_filters.Filter) -> Iterator[tuple[str, str]]:
    choices = one.extra.get("choices", ())
    if isinstance(one, django_filters.BooleanFilter):
        yield name, "true"
    elif isinstance(one, django_filters.DateFromToRangeFilter):
        yield f"{name}_from", "2010-02-01"
    elif isinstance(one, django_filters.RangeFilter):
        yield f"{name}_min", "1"
    elif choices and not callable(choices):
        yield name, str(choices[0][0])


def _of_choosers() -> Iterator[str]:
    image, document = SiteImage.objects.first(), SiteDocument.objects.first()
    page = Page.objects.filter(depth=2).first()
    yield reverse("wagtailadmin_choose_page")
    yield reverse("wagtailadmin_choose_page_child", args=[page.pk])
    yield f"{reverse('wagtailadmin_choose_page_chosen_multiple')}?id={page.pk}"
    yield f"{reverse('wagtailimages_chooser:chosen_multiple')}?id={image.pk}"
    yield f"{reverse('wagtailimages_chooser:choose')}?select_format=true"
    yield reverse("wagtailimages_chooser:select_format", args=[image.pk])
    yield f"{reverse('wagtaildocs_chooser:chosen_multiple')}?id={document.pk}"


def _of_the_desk() -> Iterator[str]:
    for model, name in ((Message, "message"), (Delivery, "delivery"), (Notice, "notice")):
        yield from (reverse(f"mail_admin:{name}", args=[pk]) for pk in model.objects.values_list("pk", flat=True))
    outsider: Organisation = OrganisationFactory(name="1", kana="みほん")
    yield reverse("members_admin:organisation", args=[outsider.pk])
    yield from (reverse("members_admin:claim", args=[claim.pk]) for claim in SeatClaim.objects.all())
    yield reverse("wagtailadmin_workflows:task_index") + "?show_disabled=true"
    yield reverse("wagtailadmin_workflows:index") + "?show_disabled=true"
    for name, pk in (("wagtailsites", 1), ("wagtailusers_groups", 1)):
        yield from (reverse(f"{name}:{view}", args=[pk]) for view in ("usage", "history"))
    yield reverse("wagtailsnippets_pages_meetingseries:usage", args=[MeetingSeries.objects.first().pk])


def sent_by_scripts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what forms cannot send as they stand: files, none of which is what it says."""
    for name, extension in (("wagtaildocs:add_multiple", "txt"), ("wagtailimages:add_multiple", "png")):
        yield reverse(name), {"title": "1", "files[]": _file(extension), "collection": "1"}
    yield reverse("wagtailimages:add_multiple"), {"title": "1", "files[]": _file("txt"), "collection": "1"}
    for name, extension in (("wagtaildocs_chooser:create", "txt"), ("wagtailimages_chooser:create", "png")):
        prefix = "document" if "docs" in name else "image"
        yield reverse(name), {f"{prefix}-chooser-upload-title": "1", f"{prefix}-chooser-upload-file": _file(extension)}
    for extension in ("csv", "txt"):
        yield reverse("site_redirects_import"), {"import_file": _file(extension), "file": _file(extension)}
        yield reverse("members_admin:upload"), {"file": _file(extension), "kind": "organisations"}


def _file(extension: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"1.{extension}", WRONG[extension])
