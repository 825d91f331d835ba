"""Every address that the URLconf has, asked for what each kind of rule closes: by everybody in turn, and none left out.

What a route that is new tells nobody knows yet: it fails here until it stands in a row, or until `SILENT` says why it
has nothing to tell.
"""

import re
from collections import defaultdict
from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Comment, Page, Revision, TaskState, WorkflowState

from cms.access.models import AccessRule
from cms.drafts.models import DraftLink
from cms.media.models import DocumentVersion, SiteDocument, SiteImage
from tests.cms.access.closed_site import (
    ADMINISTRATORS,
    CLOSED,
    READERS,
    RULES,
    WHO_EDITS,
    WHO_HAS_THE_LINK,
    WHO_READS,
    WHO_READS_COPIES,
    Site,
)
from tests.cms.access.routes import addresses, tells, told

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

WHO = {
    "who has the link": WHO_HAS_THE_LINK,
    "who reads": WHO_READS,
    "who reads copies": WHO_READS_COPIES,
    "who edits": WHO_EDITS,
    "administrators": ADMINISTRATORS,
}
ROWS = {
    "who has the link": {
        "drafts:draft",
    },
    "who reads": {
        "/",
        "/meetings/",
        "/meetings/calendar.ics",
        "/meetings/meeting/",
        "/meetings/meeting/meeting.ics",
        "/news/",
        "/news/feed/",
        "/naming/",
        "/news/item/",
        "/secret/",
        "/secret/child/",
        "/seminars/",
        "/seminars/calendar.ics",
        "/seminars/seminar/",
        "/seminars/seminar/calendar.ics",
        "media_history",
        "media_rendition",
        "media_version",
        "search:results",
        "search:suggest",
        "wagtaildocs_serve",
    },
    "who reads copies": {
        "/alias/",
        "/copy/",
        "/copy/child/",
    },
    "who edits": {
        "/admin/choose-page/<int:parent_page_id>/",
        "/admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/",
        "/admin/pages/<int:pk>/privacy/",
        "drafts_links",
        "drafts_sheet",
        "media_original",
        "media_version_withhold",
        "meetings:index",
        "pages_expiring",
        "search_documents",
        "wagtail_bulk_action",
        "wagtailadmin_api:documents:detail",
        "wagtailadmin_api:documents:listing",
        "wagtailadmin_api:images:detail",
        "wagtailadmin_api:images:listing",
        "wagtailadmin_api:pages:detail",
        "wagtailadmin_api:pages:listing",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_explore",
        "wagtailadmin_pages:add",
        "wagtailadmin_pages:add_subpage",
        "wagtailadmin_pages:copy",
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:move",
        "wagtailadmin_pages:move_confirm",
        "wagtailadmin_pages:revisions_compare",
        "wagtailadmin_pages:revisions_revert",
        "wagtailadmin_pages:revisions_unschedule",
        "wagtailadmin_pages:revisions_view",
        "wagtailadmin_pages:search",
        "wagtailadmin_pages:set_privacy",
        "wagtailadmin_pages:type_use",
        "wagtailadmin_pages:usage",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:workflow_history",
        "wagtailadmin_pages:workflow_history_detail",
        "wagtailadmin_reports:page_types_usage",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:workflow_tasks",
        "/admin/tag-autocomplete/",
        "/admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
        "wagtaildocs:delete",
        "wagtaildocs:document_usage",
        "wagtaildocs:edit",
        "wagtaildocs:index",
        "wagtaildocs_chooser:choose",
        "/admin/choose-page/chosen-multiple/",
        "wagtailadmin_choose_page_chosen_multiple",
        "wagtaildocs_chooser:chosen",
        "wagtaildocs_chooser:chosen_multiple",
        "wagtailimages:delete",
        "wagtailimages:edit",
        "wagtailimages:image_usage",
        "wagtailimages:index",
        "wagtailimages:preview",
        "wagtailimages_chooser:choose",
        "wagtailimages_chooser:chosen",
        "wagtailimages_chooser:chosen_multiple",
        "wagtailimages_chooser:select_format",
    },
    "administrators": {
        "wagtailadmin_explore_root",
        "wagtailadmin_home",
        "wagtailadmin_pages:delete",
        "wagtailadmin_pages:unpublish",
        "wagtailadmin_pages:workflow_preview",
        "wagtailadmin_reports:aging_pages",
        "wagtailadmin_reports:locked_pages",
        "wagtailadmin_workflows:edit",
        "wagtailadmin_workflows:usage",
        "wagtailredirects:edit",
        "wagtailredirects:index",
        "wagtailsnippets_pages_meetingseries:usage",
    },
}
SILENT = {
    r"/accounts/|account_|mfa_|usersessions_|/admin/(login|password_reset)/|/_util/|/files/authenticate"
    r"|wagtailcore_|wagtailadmin_(login|password_reset)": "logging in",
    r"privacy:|privacy_erase|accounts_desk_|organisation|person_chooser|seat_chooser|reader_groups"
    r"|wagtailusers_|wagtailadmin_account": "people, organisations and the groups that they are in",
    r"members(_\w+)?:": "the register of members",
    r"mail:|mail_\w+:|jobs_": "mails and background work",
    r"contact:|wagtailsnippet\w+_(contact|announcements)_": "enquiries and announcements",
    r"theming_|dashboard:|wagtailsites:|wagtailsettings:|wagtailsnippets:|language_set|robots|security_txt|health"
    r"|wagtailadmin_(sprite|javascript_catalog|dismissibles|block_preview)|wagtailembeds:": "the site itself",
    r"/admin/test404/|wagtailadmin_error_test|/admin/\^": "errors",
    r"wagtailadmin_collections:|/admin/collections/|access_(page|collection)_reach": "names of collections, and rules",
    r"wagtailadmin_workflows:(?!(edit|usage)$)|wagtailsnippet\w+_meetingseries:(?!usage$)": "workflows, and series",
    r"wagtailadmin_editing_sessions:": "who else has a page open",
    r"/admin/choose-page/$|wagtailadmin_choose_page$": "begins at the top, where all is open",
    r"/(listed|other)/$": "one without a word to look for, and one for everybody",
    r"wagtailadmin_choose_page_(external|email|phone|anchor)_link|/admin/choose-external-link/": "links elsewhere",
    r"search_missed": "what was searched for in vain",
    r"sitemap": "what visitors may read: in the matrix",
    r"drafts:(image|document)": "what is on the draft alone: in the matrix",
    r".*preview_on_|.*:(choose_parent|set_page_position|lock|unlock)$|pages_proposal|pages_copy_to_next_year"
    r"|drafts_revoke|.*:revisions_index|wagtailadmin_pages:(convert_alias|\w+_workflow_\w+|workflow_action)$"
    r"|wagtailadmin_api:\w+:(find|action)": "acts, and answers with another address",
    r"wagtail(docs|images):(add|.*multiple|url_generator)|wagtail(docs|images)_chooser:create"
    r"|wagtailredirects:(add|delete|\w+_import)|/admin/redirects/|site_redirects_import": "forms that begin empty",
}
"""Routes that tell nobody anything of pages and files, and why."""


def reader(site: Site, who: str) -> Client:
    """Return the browser of somebody; what breaks in it is an answer like another."""
    client = Client(raise_request_exception=False)
    person = site.person(who)
    if person:
        client.force_login(person)
    return client


def asked(site: Site) -> dict[str, list[str]]:
    """Return the addresses of each route but those that end the session."""
    found = defaultdict(list)
    for name, address in addresses(site):
        if "logout" not in name and not (explained(name) and "?" in address):
            found[name].append(address)
    return found


def stopped_at_the_door(who: str, address: str) -> bool:
    """Whoever may not enter the admin is stopped before the address is looked at; who reads most stands for them."""
    return address.startswith("/admin/") and who.startswith("member")


def explained(name: str) -> bool:
    return any(re.match(pattern, name) for pattern in SILENT)


@pytest.mark.parametrize("rule", RULES)
def test_each_address_tells_whom_it_should_and_nobody_else(rule: str) -> None:
    site = Site(rule)
    everything, boss = asked(site), reader(site, "administrator")
    telling = {name: [one for one in found if tells(boss.get(one))] for name, found in everything.items()}
    rows = {name: "" for name, found in telling.items() if found}
    for who in READERS[:-1]:
        client = reader(site, who)
        for name in rows:
            gets = any(tells(client.get(one)) for one in telling[name] if not stopped_at_the_door(who, one))
            rows[name] += "y" if gets else "-"

    assert {name for name in everything if name not in rows and not explained(name)} == set()
    assert {name for name in rows if explained(name)} == set()
    expected = {name: WHO[who][rule] for who, names in ROWS.items() for name in names}
    assert {name: f"{letters}y" for name, letters in rows.items()} == expected


def kept() -> list[Any]:
    """Return all that the closed section and its files consist of."""
    models = [SiteDocument, SiteImage, DocumentVersion, DraftLink, Redirect, Collection, Comment, Revision]
    models += [TaskState, WorkflowState, AccessRule, Page]
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_editor_of_another_section_changes_nothing_by_any_address_and_is_told_nothing() -> None:
    site = Site("group")
    client, before = reader(site, "other editor"), kept()
    sent = {"id": CLOSED, "title": "x", "name": "x", "comment": "x", "next": "/admin/", "action-publish": "1"}
    leaks = [
        one
        for found in asked(site).values()
        for one in found
        if one.startswith("/admin/") and str(CLOSED) in one and tells(client.post(one, sent))
    ]

    assert leaks == []
    assert "極秘" not in told(client.get("/admin/"))  # with all messages that were left
    assert kept() == before
