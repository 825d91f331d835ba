"""Who gets what, through every door: readers by things, under either rule, with data in each cell that could leak.

What is expected stands here letter by letter, and nothing works it out. A thing without its row, a row without its
thing, and a row that is shorter than the readers are many fail.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.actions import CopyPageAction, CreatePageAliasAction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.accounts.models import User
from cms.calendar import TOKYO
from cms.media.models import SiteDocument, SiteImage
from cms.media.services import document_replace
from cms.search.services import document_index, page_index
from tests.cms.media.test_uploads import png
from tests.factories.access import for_groups, for_members, make_group
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.pages import (
    MeetingIndexPageFactory,
    MeetingPageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    home_page,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

READERS = ("visitor", "member of A", "member of B", "group", "other editor", "editor", "administrator")
# y: gets it; -: gets neither it nor a word of it. In the order of the readers.
EXPECTED = {
    "members": {
        "page": "-yyy-yy",
        "child": "-yyy-yy",
        "document": "-yyy-yy",
        "old version": "-yyy-yy",
        "history of versions": "-yyy-yy",
        "image": "-----yy",
        "rendition": "-yyy-yy",
        "direct media address": "-------",
        "search hit": "-yyy-yy",
        "document hit": "-yyy-yy",
        "suggestion": "-yyy-yy",
        "sitemap": "-------",
        "feed": "-yyy-yy",
        ".ics of the list": "-yyy-yy",
        ".ics of the page": "-yyy-yy",
        "list": "-yyy-yy",
        "menu": "-yyy-yy",
        "preview": "-----yy",
        "chooser": "-----yy",
        "document chooser": "-----yy",
        "image chooser": "-----yy",
        "public API": "-------",
        "admin API": "-----yy",
        "links to the draft": "-----yy",
        "sheet for approval": "-----yy",
        "copy": "-yyy--y",
        "child of the copy": "-yyy--y",
        "alias": "-yyy--y",
        "chooser inside": "-----yy",
        "documents of the admin API": "-----yy",
        "document of the admin API": "-----yy",
        "images of the admin API": "-----yy",
        "image of the admin API": "-----yy",
    },
    "group": {
        "page": "---y-yy",
        "child": "---y-yy",
        "document": "---y-yy",
        "old version": "---y-yy",
        "history of versions": "---y-yy",
        "image": "-----yy",
        "rendition": "---y-yy",
        "direct media address": "-------",
        "search hit": "---y-yy",
        "document hit": "---y-yy",
        "suggestion": "---y-yy",
        "sitemap": "-------",
        "feed": "---y-yy",
        ".ics of the list": "---y-yy",
        ".ics of the page": "---y-yy",
        "list": "---y-yy",
        "menu": "---y-yy",
        "preview": "-----yy",
        "chooser": "-----yy",
        "document chooser": "-----yy",
        "image chooser": "-----yy",
        "public API": "-------",
        "admin API": "-----yy",
        "links to the draft": "-----yy",
        "sheet for approval": "-----yy",
        "copy": "---y--y",
        "child of the copy": "---y--y",
        "alias": "---y--y",
        "chooser inside": "-----yy",
        "documents of the admin API": "-----yy",
        "document of the admin API": "-----yy",
        "images of the admin API": "-----yy",
        "image of the admin API": "-----yy",
    },
    "unknown": {
        "page": "-----yy",
        "child": "-----yy",
        "document": "-----yy",
        "old version": "-----yy",
        "history of versions": "-----yy",
        "image": "-----yy",
        "rendition": "-----yy",
        "direct media address": "-------",
        "search hit": "-----yy",
        "document hit": "-----yy",
        "suggestion": "-----yy",
        "sitemap": "-------",
        "feed": "-----yy",
        ".ics of the list": "-----yy",
        ".ics of the page": "-----yy",
        "list": "-----yy",
        "menu": "-----yy",
        "preview": "-----yy",
        "chooser": "-----yy",
        "document chooser": "-----yy",
        "image chooser": "-----yy",
        "public API": "-------",
        "admin API": "-----yy",
        "links to the draft": "-----yy",
        "sheet for approval": "-----yy",
        "copy": "------y",
        "child of the copy": "------y",
        "alias": "------y",
        "chooser inside": "-----yy",
        "documents of the admin API": "-----yy",
        "document of the admin API": "-----yy",
        "images of the admin API": "-----yy",
        "image of the admin API": "-----yy",
    },
}
SECRET, IN_MENU = "極秘計画", "限定目次"

OLD, PNG = b"what it was at first", b"\x89PNG"


class Site:
    """A section, a meeting and files for some, beside a section and a collection for everybody."""

    def __init__(self, rule: str) -> None:
        self.home = home_page()
        self.section = SectionPageFactory(parent=self.home, slug="secret", title=SECRET)
        self.listed = SectionPageFactory(parent=self.home, slug="listed", title=IN_MENU, show_in_menus=True)
        self.child = SectionPageFactory(parent=self.section, slug="child", title=f"{SECRET}の下")
        self.meetings = MeetingIndexPageFactory(parent=self.home)
        start = dt.datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO)
        self.meeting = MeetingPageFactory(parent=self.meetings, title=f"{SECRET}会議", start=start)
        self.news = NewsIndexPageFactory(parent=self.home)
        self.item = NewsPageFactory(parent=self.news, title=f"{SECRET}のお知らせ")
        self.other = SectionPageFactory(parent=self.home, slug="other", title="公開")
        root = Collection.get_first_root_node()
        self.collection, self.open_collection = root.add_child(name="限定"), root.add_child(name="公開")
        kept = {"collection": self.collection}
        self.document = SiteDocument.objects.create(title=SECRET, file=ContentFile(OLD, "plan.txt"), **kept)
        document_replace(document=self.document, file=ContentFile(SECRET.encode(), "plan.txt"), reason=SECRET)
        picture = ContentFile(png(40, 30), "plan.png")
        self.image = SiteImage.objects.create(title=SECRET, description=SECRET, file=picture, **kept)
        self.rendition = self.image.get_rendition("width-20")
        self.organisation = OrganisationFactory()
        self.seat = SeatFactory(organisation=self.organisation, label="役員")
        group = make_group("役員", self.seat)
        close = {
            "members": for_members,
            "group": lambda subject: for_groups(subject, group),
            "unknown": close_by_wagtail,
        }
        for subject in (self.section, self.listed, self.meeting, self.item, self.collection):
            close[rule](subject)
        self.copy = CopyPageAction(self.section, to=self.home, update_attrs={"slug": "copy"}, recursive=True).execute()
        self.alias = CreatePageAliasAction(self.section, parent=self.home, update_slug="alias").execute()
        for page in (self.section, self.child, self.meeting, self.other):
            page_index(page_id=page.pk)
        document_index(document_id=self.document.pk)

    def person(self, reader: str) -> User | None:
        """Return who reads; nobody is logged in as a visitor."""
        return {
            "visitor": lambda: None,
            "member of A": lambda: (
                AffiliationFactory(seat=SeatFactory(organisation=self.organisation, label="情報")).person
            ),
            "member of B": lambda: AffiliationFactory().person,
            "group": lambda: AffiliationFactory(seat=self.seat).person,
            "other editor": lambda: editor("他課", [self.other], self.open_collection),
            "editor": lambda: editor("当課", [self.section, self.listed, self.meetings, self.news], self.collection),
            "administrator": lambda: UserFactory(is_superuser=True),
        }[reader]()


def close_by_wagtail(subject: Page | Collection) -> None:
    """Restrict it without a rule of ours: nobody knows whom that lets in."""
    restriction: Any = subject.view_restrictions.model
    kind = "page" if isinstance(subject, Page) else "collection"
    restriction.objects.create(**{kind: subject}, restriction_type=restriction.LOGIN)


def editor(name: str, pages: list[Any], collection: Collection) -> User:
    """Return somebody who may edit these pages and the files of this collection, and belongs to no organisation."""
    group = EditorGroup.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for page in pages:
        for codename in ("add_page", "change_page", "publish_page"):
            permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    for kind, app in (("image", "wagtailimages"), ("document", "wagtaildocs")):
        for action in ("add", "change", "choose"):
            where = {"codename": f"{action}_{kind}", "content_type__app_label": app}
            GroupCollectionPermission.objects.create(
                group=group, collection=collection, permission=Permission.objects.get(**where)
            )
    user = UserFactory()
    user.groups.add(group)
    return user


def tells(address: Callable[[Site], str], word: bytes = SECRET.encode()) -> Callable[[Client, Site], bool]:
    """Ask whether the answer holds the word, whatever its status: a refusal must not name it either."""

    def told(client: Client, site: Site) -> bool:
        response = client.get(address(site))
        content = response.getvalue() if response.streaming else response.content
        return word in content or SECRET in content.decode("unicode_escape", "ignore")

    return told


THINGS: dict[str, Callable[[Client, Site], bool]] = {
    "page": tells(lambda site: site.section.url),
    "child": tells(lambda site: site.child.url),
    "document": tells(lambda site: site.document.url),
    "old version": tells(lambda site: site.document.versions.get().url, OLD),
    "history of versions": tells(lambda site: site.document.history_url),
    "image": tells(lambda site: f"/media/{site.image.file.name}", PNG),
    "rendition": tells(lambda site: site.rendition.url, PNG),
    "direct media address": tells(lambda site: f"/media/{site.document.file.name}"),
    "search hit": tells(lambda site: "/search/?q=計画&kind=pages.sectionpage", b"/secret/child/"),
    "document hit": tells(lambda site: "/search/?q=計画&kind=media.sitedocument", b"/files/"),
    "suggestion": tells(lambda site: "/search/suggest?q=極秘"),
    "sitemap": tells(lambda site: "/sitemap.xml", b"secret"),
    "feed": tells(lambda site: "/news/feed/"),
    ".ics of the list": tells(lambda site: "/meetings/calendar.ics"),
    ".ics of the page": tells(lambda site: f"{site.meeting.url}meeting.ics"),
    "list": tells(lambda site: site.meetings.url),
    "menu": tells(lambda site: site.other.url, IN_MENU.encode()),
    "preview": tells(lambda site: f"/admin/pages/{site.section.pk}/view_draft/"),
    "chooser": tells(lambda site: f"/admin/choose-page/{site.home.pk}/"),
    "document chooser": tells(lambda site: "/admin/documents/chooser/results/"),
    "image chooser": tells(lambda site: "/admin/images/chooser/results/"),
    "public API": tells(lambda site: "/api/v2/pages/?format=json"),
    "admin API": tells(lambda site: f"/admin/api/main/pages/{site.section.pk}/"),
    "links to the draft": tells(lambda site: f"/admin/pages/{site.section.pk}/draft-links/"),
    "sheet for approval": tells(lambda site: f"/admin/pages/{site.section.pk}/approval-sheet/"),
    "copy": tells(lambda site: site.copy.url),
    "child of the copy": tells(lambda site: f"{site.copy.url}child/"),
    "alias": tells(lambda site: site.alias.url),
    "chooser inside": tells(lambda site: f"/admin/choose-page/{site.section.pk}/"),
    "documents of the admin API": tells(lambda site: "/admin/api/main/documents/"),
    "document of the admin API": tells(lambda site: f"/admin/api/main/documents/{site.document.pk}/"),
    "images of the admin API": tells(lambda site: "/admin/api/main/images/"),
    "image of the admin API": tells(lambda site: f"/admin/api/main/images/{site.image.pk}/"),
}


@pytest.mark.parametrize("rule", EXPECTED)
def test_every_thing_has_its_row(rule: str) -> None:
    assert set(EXPECTED[rule]) == set(THINGS)
    assert {len(row) for row in EXPECTED[rule].values()} == {len(READERS)}


@pytest.mark.parametrize("rule", EXPECTED)
@pytest.mark.parametrize("reader", READERS)
def test_reader_gets_what_is_theirs_and_no_word_more(client: Client, rule: str, reader: str) -> None:
    site = Site(rule)
    person = site.person(reader)
    if person:
        client.force_login(person)

    got = {thing: "y" if gets(client, site) else "-" for thing, gets in THINGS.items()}

    assert got == {thing: row[READERS.index(reader)] for thing, row in EXPECTED[rule].items()}


def test_open_site_would_show_all_that_the_matrix_looks_for(client: Client) -> None:
    """Without rules an administrator finds every word: no cell is empty because nothing was there to leak."""
    site = Site("group")
    client.force_login(UserFactory(is_superuser=True))
    never = {"sitemap", "direct media address", "public API"}
    assert [thing for thing, gets in THINGS.items() if thing not in never and not gets(client, site)] == []
    for subject in (site.section, site.listed, site.meeting, site.item, site.collection):
        subject.access_rule.delete()
    assert THINGS["sitemap"](Client(), site)
