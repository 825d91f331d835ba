"""Who gets what, through every door: readers by things, under each rule, with data in each cell that could leak.

What is expected stands here letter by letter, and nothing works it out. A thing without its row, a row without its
thing, and a row that is shorter than the readers are many fail. Every address that there is, whether somebody has
thought of it or not, is asked in `test_routes.py`.
"""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cms.access.closed_site import (
    ABOUT,
    ADMINISTRATORS,
    DRAFT,
    IN_MENU,
    NOBODY,
    OLD,
    PICTURE,
    READERS,
    RULES,
    SECRET,
    TAG,
    WHO_EDITS,
    WHO_HAS_THE_LINK,
    WHO_READS,
    WHO_READS_COPIES,
    Site,
)
from tests.cms.access.routes import told

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

EXPECTED = {
    "page": WHO_READS,
    "child": WHO_READS,
    "document": WHO_READS,
    "what a document is about, on a page for everybody": WHO_READS,
    "old version": WHO_READS,
    "history of versions": WHO_READS,
    "image": WHO_EDITS,
    "rendition": WHO_READS,
    "direct media address": NOBODY,
    "search hit": WHO_READS,
    "document hit": WHO_READS,
    "total of hits": WHO_READS,
    "total by kind": WHO_READS,
    "total by fiscal year": WHO_READS,
    "other words to try": WHO_READS,
    "suggestion": WHO_READS,
    "sitemap": NOBODY,
    "feed": WHO_READS,
    "news list": WHO_READS,
    "what is new on the home page": WHO_READS,
    ".ics of the list": WHO_READS,
    ".ics of the page": WHO_READS,
    "list": WHO_READS,
    "menu": WHO_READS,
    "list of seminars": WHO_READS,
    "seminar": WHO_READS,
    ".ics of the seminars": WHO_READS,
    ".ics of the seminar": WHO_READS,
    "redirect to it": WHO_READS,
    "address below it that is none": NOBODY,
    "address beside it that is none": NOBODY,
    "copy": WHO_READS_COPIES,
    "child of the copy": WHO_READS_COPIES,
    "alias": WHO_READS_COPIES,
    "public API": NOBODY,
    "draft by its link": WHO_HAS_THE_LINK,
    "file that is not on the draft, by its link": NOBODY,
    "image that is not on the draft, by its link": NOBODY,
    "draft": WHO_EDITS,
    "form": WHO_EDITS,
    "preview of the form": WHO_EDITS,
    "links to the draft": WHO_EDITS,
    "sheet for approval": WHO_EDITS,
    "chooser": WHO_EDITS,
    "chooser inside": WHO_EDITS,
    "chooser's search": WHO_EDITS,
    "document chooser": WHO_EDITS,
    "image chooser": WHO_EDITS,
    "admin API": WHO_EDITS,
    "documents of the admin API": WHO_EDITS,
    "document of the admin API": WHO_EDITS,
    "images of the admin API": WHO_EDITS,
    "image of the admin API": WHO_EDITS,
    "tags that are proposed": WHO_EDITS,
    "where an open image is used": ADMINISTRATORS,
    "where an open document is used": ADMINISTRATORS,
}


def tells(address: Callable[[Site], str], word: str = SECRET) -> Callable[[Client, Site], bool]:
    """Ask whether the answer holds the word, whatever its status: a refusal must not name it either."""

    def asked(client: Client, site: Site) -> bool:
        said = told(client.get(address(site)))
        return word in said or SECRET in said

    return asked


def counts(address: str) -> Callable[[Client, Site], bool]:
    """Ask whether the results page says how many it found."""
    return lambda client, _site: bool(re.search(r"\d+件", client.get(address).content.decode().partition("<main")[2]))


def follows(client: Client, site: Site) -> bool:
    """Ask for the address that leads to the page, and go on to where it leads."""
    return SECRET in told(client.get("/before/", follow=True))


def previews(client: Client, site: Site) -> bool:
    """Send the form to the preview, as the editor's browser does, and look at it."""
    path = f"/admin/pages/{site.section.pk}/edit/preview/"
    comments = {f"comments-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    data = {"title": "x", "slug": "secret", "body-count": "0", "summary": "", **comments}
    said = told(client.post(path, data)) + told(client.get(path))
    return "極秘" in said or '"is_valid": true' in said


THINGS: dict[str, Callable[[Client, Site], bool]] = {
    "page": tells(lambda site: site.section.url),
    "child": tells(lambda site: site.child.url),
    "document": tells(lambda site: site.document.url),
    "what a document is about, on a page for everybody": tells(lambda site: site.naming.url, ABOUT),
    "old version": tells(lambda site: site.document.versions.get().url, OLD.decode()),
    "history of versions": tells(lambda site: site.document.history_url),
    "image": tells(lambda site: f"/media/{site.image.file.name}", PICTURE),
    "rendition": tells(lambda site: site.rendition.url, PICTURE),
    "direct media address": tells(lambda site: f"/media/{site.document.file.name}"),
    "search hit": tells(lambda site: "/search/?q=計画&kind=pages.sectionpage", "/secret/child/"),
    "document hit": tells(lambda site: "/search/?q=計画&kind=media.sitedocument", "/files/"),
    "total of hits": counts("/search/?q=計画"),
    "total by kind": counts("/search/?q=計画&kind=media.sitedocument"),
    "total by fiscal year": counts("/search/?q=計画&fy=2009"),
    "other words to try": tells(lambda site: "/search/?q=計画　存在しない語", "q=計画"),
    "suggestion": tells(lambda site: "/search/suggest?q=極秘"),
    "sitemap": tells(lambda site: "/sitemap.xml", "secret"),
    "feed": tells(lambda site: "/news/feed/"),
    "news list": tells(lambda site: site.news.url),
    "what is new on the home page": tells(lambda site: site.home.url, f"{SECRET}のお知らせ"),
    ".ics of the list": tells(lambda site: "/meetings/calendar.ics"),
    ".ics of the page": tells(lambda site: f"{site.meeting.url}meeting.ics"),
    "list": tells(lambda site: site.meetings.url),
    "menu": tells(lambda site: site.other.url, IN_MENU),
    "list of seminars": tells(lambda site: site.seminars.url),
    "seminar": tells(lambda site: site.seminar.url),
    ".ics of the seminars": tells(lambda site: f"{site.seminars.url}calendar.ics"),
    ".ics of the seminar": tells(lambda site: f"{site.seminar.url}calendar.ics"),
    "redirect to it": follows,
    "address below it that is none": tells(lambda site: f"{site.section.url}none/"),
    "address beside it that is none": tells(lambda site: "/secre/"),
    "copy": tells(lambda site: site.copy.url),
    "child of the copy": tells(lambda site: f"{site.copy.url}child/"),
    "alias": tells(lambda site: site.alias.url),
    "public API": tells(lambda site: "/api/v2/pages/?format=json"),
    "draft by its link": tells(lambda site: site.link.get_absolute_url(), DRAFT),
    "file that is not on the draft, by its link": tells(
        lambda site: f"{site.link.get_absolute_url()}files/{site.document.pk}/"
    ),
    "image that is not on the draft, by its link": tells(
        lambda site: f"{site.link.get_absolute_url()}{site.rendition.url.lstrip('/')}", PICTURE
    ),
    "draft": tells(lambda site: f"/admin/pages/{site.section.pk}/view_draft/", DRAFT),
    "form": tells(lambda site: f"/admin/pages/{site.section.pk}/edit/", DRAFT),
    "preview of the form": previews,
    "links to the draft": tells(lambda site: f"/admin/pages/{site.section.pk}/draft-links/", DRAFT),
    "sheet for approval": tells(lambda site: f"/admin/pages/{site.section.pk}/approval-sheet/", DRAFT),
    "chooser": tells(lambda site: f"/admin/choose-page/{site.home.pk}/"),
    "chooser inside": tells(lambda site: f"/admin/choose-page/{site.section.pk}/"),
    "chooser's search": tells(lambda site: "/admin/choose-page/search/?q=計画"),
    "document chooser": tells(lambda site: "/admin/documents/chooser/results/"),
    "image chooser": tells(lambda site: "/admin/images/chooser/results/"),
    "admin API": tells(lambda site: f"/admin/api/main/pages/{site.section.pk}/"),
    "documents of the admin API": tells(lambda site: "/admin/api/main/documents/"),
    "document of the admin API": tells(lambda site: f"/admin/api/main/documents/{site.document.pk}/"),
    "images of the admin API": tells(lambda site: "/admin/api/main/images/"),
    "image of the admin API": tells(lambda site: f"/admin/api/main/images/{site.image.pk}/"),
    "tags that are proposed": tells(lambda site: "/admin/tag-autocomplete/?term=計", TAG),
    "where an open image is used": tells(lambda site: f"/admin/images/usage/{site.open_image.pk}/"),
    "where an open document is used": tells(lambda site: f"/admin/documents/usage/{site.open_document.pk}/"),
}


def test_every_thing_has_its_row() -> None:
    assert set(EXPECTED) == set(THINGS)
    assert {(tuple(row), *map(len, row.values())) for row in EXPECTED.values()} == {(RULES, 7, 7, 7)}
    assert len(READERS) == 7


@pytest.mark.parametrize("rule", RULES)
def test_readers_get_what_is_theirs_and_no_word_more(rule: str) -> None:
    site = Site(rule)
    got = dict.fromkeys(THINGS, "")
    for reader in READERS:
        client, person = Client(), site.person(reader)
        if person:
            client.force_login(person)
        for thing, gets in THINGS.items():
            got[thing] += "y" if gets(client, site) else "-"

    assert got == {thing: row[rule] for thing, row in EXPECTED.items()}


def test_without_rules_a_visitor_would_find_what_nobody_is_shown() -> None:
    """A row of nobody's proves something only where there is something to leak."""
    site = Site("group")
    for subject in site.closed:
        subject.access_rule.delete()
    assert THINGS["sitemap"](Client(), site)
