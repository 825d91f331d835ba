"""A site with something closed of every kind, and who might want to read it.

Whatever is closed has the number `CLOSED` and a word that begins with `SECRET`, so that one walk asks for all of it by
one number and finds what leaks by one word.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.actions import CopyPageAction, CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import (
    Collection,
    Comment,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Revision,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from cms.access.services import group_keep
from cms.accounts.models import User
from cms.calendar import TOKYO
from cms.drafts.enums import Lasting
from cms.drafts.models import DraftLink
from cms.drafts.services import draft_link_make
from cms.media.models import DocumentVersion, SiteDocument, SiteImage
from cms.media.services import document_replace
from cms.search.enums import ExtractionState
from cms.search.models import DocumentText
from cms.search.services import document_index, page_index
from tests.cms.media.test_uploads import png
from tests.factories.access import for_groups, for_members, make_group
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.announcements import AnnouncementFactory
from tests.factories.pages import (
    MeetingIndexPageFactory,
    MeetingPageFactory,
    MeetingSeriesFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    SectionPageFactory,
    home_page,
)
from tests.factories.seminars import OccurrenceFactory, SeminarIndexPageFactory, SeminarPageFactory

READERS = ("visitor", "member of A", "member of B", "group", "other editor", "editor", "administrator")
RULES = ("members", "group", "unknown")
# y: gets it; -: gets neither it nor a word of it. In the order of the readers.
WHO_READS = {"members": "-yyy-yy", "group": "---y-yy", "unknown": "-----yy"}
WHO_READS_COPIES = {"members": "-yyy--y", "group": "---y--y", "unknown": "------y"}
WHO_EDITS = dict.fromkeys(RULES, "-----yy")
ADMINISTRATORS = dict.fromkeys(RULES, "------y")
WHO_HAS_THE_LINK = dict.fromkeys(RULES, "yyyyyyy")
NOBODY = dict.fromkeys(RULES, "-------")
CLOSED = 4711
SECRET, IN_MENU = "極秘計画", "限定目次"
ABOUT = "極秘の説明"
TAG = "計画極秘の"
DRAFT = "極秘草案"
OLD = "極秘の旧版".encode()
PICTURE = "\ufffdPNG"
"""How a picture begins, read as text."""
SOON = dt.timedelta(days=3)


class Site:
    """A section, a meeting, a seminar, news and files for some, beside a section and a collection for everybody."""

    def __init__(self, rule: str) -> None:
        self.home = home_page()
        self.organisation = OrganisationFactory()
        self.seat = SeatFactory(organisation=self.organisation, label="役員")
        self.boss = UserFactory(is_superuser=True)
        self._files()
        self._pages()
        for subject in self.closed:
            self._close(rule, subject)
        self._desk()
        self.copy = CopyPageAction(self.section, to=self.home, update_attrs={"slug": "copy"}, recursive=True).execute()
        self.alias = CreatePageAliasAction(self.section, parent=self.home, update_slug="alias").execute()
        self._index()

    @property
    def closed(self) -> tuple[Any, ...]:
        """What has a rule."""
        return (self.section, self.listed, self.meeting, self.item, self.seminar, self.collection)

    def _files(self) -> None:
        root = Collection.get_first_root_node()
        self.collection = root.add_child(instance=Collection(pk=CLOSED, name="限定"))
        self.open_collection = root.add_child(name="公開")
        kept = {"pk": CLOSED, "collection": self.collection}
        self.document = SiteDocument.objects.create(title=SECRET, file=ContentFile(OLD, "極秘plan.txt"), **kept)
        document_replace(document=self.document, file=ContentFile(SECRET.encode(), "極秘plan.txt"), reason=SECRET)
        DocumentVersion.objects.update(id=CLOSED)
        DocumentText.objects.update_or_create(document=self.document, defaults={"state": ExtractionState.PROTECTED})
        picture = ContentFile(png(40, 30), "plan.png")
        self.image = SiteImage.objects.create(title=SECRET, description=SECRET, file=picture, **kept)
        self.rendition = self.image.get_rendition("width-20")
        self.document.tags.add(f"{TAG}資料")
        self.image.tags.add(f"{TAG}図")
        self.named_document = SiteDocument.objects.create(
            title="名称", description=ABOUT, collection=self.collection, file=ContentFile(b"x", "named.txt")
        )
        anybodys = {"collection": self.open_collection, "title": "公開"}
        self.open_document = SiteDocument.objects.create(file=ContentFile(b"open", "open.txt"), **anybodys)
        self.open_image = SiteImage.objects.create(file=ContentFile(png(40, 30), "open.png"), **anybodys)

    def _pages(self) -> None:
        body = [
            ("image", {"image": self.open_image, "alt_text": "公開", "caption": ""}),
            ("documents", {"heading": "", "documents": [self.open_document]}),
        ]
        self.section = SectionPageFactory(
            parent=self.home, pk=CLOSED, slug="secret", title=SECRET, body=body, expire_at=timezone.now() + SOON
        )
        self.section.tags.add(f"{TAG}頁")
        self.section.save()
        self.listed = SectionPageFactory(parent=self.home, slug="listed", title=IN_MENU, show_in_menus=True)
        self.child = SectionPageFactory(parent=self.section, slug="child", title=f"{SECRET}の下")
        self.meetings = MeetingIndexPageFactory(parent=self.home)
        start = dt.datetime(2009, 6, 9, 11, 45, tzinfo=TOKYO)
        series = MeetingSeriesFactory(pk=CLOSED)
        self.meeting = MeetingPageFactory(
            parent=self.meetings, title=f"{SECRET}会議", slug="meeting", start=start, series=series
        )
        self.seminars = SeminarIndexPageFactory(parent=self.home)
        self.seminar = SeminarPageFactory(parent=self.seminars, title=f"{SECRET}研修", slug="seminar")
        OccurrenceFactory(page=self.seminar)
        self.news = NewsIndexPageFactory(parent=self.home)
        self.item = NewsPageFactory(parent=self.news, title=f"{SECRET}のお知らせ", slug="item")
        self.other = SectionPageFactory(parent=self.home, slug="other", title="公開")
        named = [("documents", {"heading": "", "documents": [self.named_document]})]
        self.naming = SectionPageFactory(parent=self.home, slug="naming", title="公開", body=named)

    def _close(self, rule: str, subject: Page | Collection) -> None:
        if rule == "unknown" and subject in (self.meeting, self.collection):
            for_groups(subject, group_keep(key="gone", name="廃止"))  # of a plugin that is not there any more
        elif rule == "unknown":
            close_by_wagtail(subject)
        elif rule == "group":
            for_groups(subject, make_group("役員", self.seat))
        else:
            for_members(subject)

    def _desk(self) -> None:
        """What editors leave behind: a draft, a comment, a lock, a workflow, a link, a redirect, an announcement."""
        page = self.section.specific
        Comment.objects.create(page=page, user=self.boss, text="極秘の意見", contentpath="title")
        page.title, page.locked, page.locked_by = DRAFT, True, self.boss
        page.save_revision(user=self.boss)
        Page.objects.filter(pk=CLOSED).update(locked=True, locked_by=self.boss, locked_at=timezone.now())
        self._number(Revision, Page.objects.get(pk=CLOSED).latest_revision_id)
        Page.objects.filter(pk=CLOSED).update(latest_revision=CLOSED)
        self.section.refresh_from_db()
        self._workflow()
        self.link = draft_link_make(page=self.section, lasting=Lasting.WEEK, note="極秘の相手", by=self.boss)
        self._number(DraftLink, self.link.pk)
        self.link = DraftLink.objects.get()
        Redirect.objects.create(pk=CLOSED, old_path="/before", redirect_page=self.section)
        AnnouncementFactory(text="公開", link="/secret/")

    def _workflow(self) -> None:
        task = GroupApprovalTask.objects.create(pk=CLOSED, name="承認")
        self.approvers = EditorGroup.objects.create(name="承認")
        task.groups.add(self.approvers)
        workflow = Workflow.objects.create(pk=CLOSED, name="承認")
        WorkflowTask.objects.create(workflow=workflow, task=task)
        for page in (self.section, self.other):
            WorkflowPage.objects.create(workflow=workflow, page=page)
        state = workflow.start(self.section.get_latest_revision_as_object(), self.boss)
        task_state = state.current_task_state
        self._number(WorkflowState, state.pk)
        self._number(TaskState, task_state.pk)
        TaskState.objects.update(workflow_state=CLOSED, revision=CLOSED)
        WorkflowState.objects.update(current_task_state=CLOSED)

    @staticmethod
    def _number(model: Any, pk: int) -> None:
        model.objects.filter(pk=pk).update(id=CLOSED)

    def _index(self) -> None:
        for page in (self.section, self.child, self.meeting, self.seminar, self.item, self.other):
            page_index(page_id=page.pk)
        document_index(document_id=self.document.pk)

    def person(self, reader: str) -> User | None:
        """Return who reads; nobody is logged in as a visitor."""
        mine = [self.section, self.listed, self.meetings, self.seminars, self.news]
        return {
            "visitor": lambda: None,
            "member of A": lambda: (
                AffiliationFactory(seat=SeatFactory(organisation=self.organisation, label="情報")).person
            ),
            "member of B": lambda: AffiliationFactory().person,
            "group": lambda: AffiliationFactory(seat=self.seat).person,
            "other editor": lambda: editor("他課", [self.other], self.open_collection),
            "editor": lambda: editor("当課", mine, self.collection),
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
