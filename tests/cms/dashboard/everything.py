"""One record of every kind that the admin shows, named in one language, so that a word in another stands out."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.utils import timezone, translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    PageLogEntry,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.accounts.models import User
from cms.calendar import today
from cms.drafts.enums import Lasting
from cms.drafts.services import draft_link_make
from cms.mail.enums import DeliveryState, Reason, SuspensionCause
from cms.mail.models import Delivery, DomainPace, MailboxItem, Message, Notice
from cms.mail.services.suspensions import address_suspend
from cms.media.models import SiteDocument, SiteImage
from cms.media.services import document_replace
from cms.pages.models import HomePage
from cms.plugin_api.services import plugin_toggle
from cms.search.enums import ExtractionState
from cms.search.models import DocumentText, MissedQuery
from plugins.members.enums import ImportKind, RegisterUse
from plugins.members.models import DeclaredCount, RegisterAccess, RegisterImport
from plugins.members.services.handovers import handover_announce
from plugins.members.services.rosters import roster_start
from plugins.members.services.withdrawals import withdrawal_announce
from tests.factories import members, pages, seminars
from tests.factories.access import for_members, make_group
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.announcements import AnnouncementFactory
from tests.factories.contact import EnquiryFactory
from tests.factories.mail import make_message

NAMES = {"ja": "見本", "en": "Sample"}
AS_THE_STATE_WANTS = {
    "reason": Reason.REJECTED,
    "worker": "1",
    "leased_until": timezone.now(),
    "finished_at": timezone.now(),
}
SOON = dt.timedelta(days=3)


def everything(language: str) -> dict[str, User]:
    """Fill the site; returns an administrator and an editor of one section."""
    with translation.override(language):
        return _everything(NAMES[language])


def _everything(name: str) -> dict[str, User]:
    plugin_toggle(slug="dummy", on=False, by=None)
    home = pages.home_page(title=name)
    for page in Page.objects.filter(depth=2).exclude(pk=home.pk):
        page.delete()
    PageLogEntry.objects.all().delete()
    home.refresh_from_db()
    people = {"administrator": _person(name, is_superuser=True), "editor": _person(name)}
    _files(name, people["administrator"])
    _pages(name, home, people)
    _register(name, people["administrator"])
    _mail(name, people["administrator"])
    _rest(name)
    _name_what_was_there(name)
    return people


def _person(name: str, **values: Any) -> User:
    return UserFactory(last_name=name, first_name="1", **values)


def _files(name: str, boss: User) -> None:
    collection = Collection.get_first_root_node().add_child(name=name)
    for_members(collection)
    image = get_test_image_file(filename="sample.png")
    SiteImage.objects.create(title=name, description=name, file=image, collection=collection, uploaded_by_user=boss)
    document = SiteDocument.objects.create(
        title=name, file=ContentFile(b"1", "sample.txt"), collection=collection, uploaded_by_user=boss
    )
    document_replace(document=document, file=ContentFile(b"2", "sample-2.txt"), reason=name, by=boss)
    DocumentText.objects.update_or_create(document=document, defaults={"state": ExtractionState.PROTECTED})
    for state in ExtractionState:
        other = SiteDocument.objects.create(title=name, file=ContentFile(b"1", f"{state}.txt"))
        DocumentText.objects.update_or_create(document=other, defaults={"state": state})


def _pages(name: str, home: HomePage, people: dict[str, User]) -> None:
    boss, editor = people["administrator"], people["editor"]
    section = pages.SectionPageFactory(parent=home, title=name, expire_at=timezone.now() + SOON)
    series = pages.MeetingSeriesFactory(name=name, slug="s1")
    meetings = pages.MeetingIndexPageFactory(parent=home, title=name)
    news = pages.NewsIndexPageFactory(parent=home, title=name)
    seminar_index = seminars.SeminarIndexPageFactory(parent=home, title=name)
    made = [
        section,
        news,
        pages.NewsPageFactory(parent=news, title=name),
        pages.FAQPageFactory(parent=section, title=name),
        pages.DocumentLibraryPageFactory(parent=section, title=name),
        pages.MeetingPageFactory(parent=meetings, title=name, series=series, venue_city=name),
        seminars.SeminarPageFactory(parent=seminar_index, title=name),
        home,
    ]
    for page in made:
        page.save_revision(user=boss).publish(user=boss)
        page.save_revision(user=boss)
    seminars.OccurrenceFactory(page=made[6], venue_city=name, venue_building=name)
    for_members(section)
    _workflow(name, section, people)
    draft_link_make(page=section, lasting=Lasting.WEEK, note=name, by=boss)
    locked = pages.SectionPageFactory(parent=section, title=name, locked=True, locked_by=boss, locked_at=timezone.now())
    alias = locked.create_alias(parent=home, update_slug="alias", user=boss)
    draft = pages.SectionPageFactory(parent=section, title=name, live=False)
    draft.go_live_at = timezone.now() + SOON
    draft.save_revision(user=boss, approved_go_live_at=draft.go_live_at)
    Redirect.objects.create(old_path="/sample", redirect_page=alias, automatically_created=True)
    group = _editors(name, section)
    editor.groups.add(group)


def _editors(name: str, section: Page) -> EditorGroup:
    group = EditorGroup.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("add", "change", "publish", "lock", "unlock"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{codename}_page")
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)
    return group


def _workflow(name: str, section: Page, people: dict[str, User]) -> None:
    task = GroupApprovalTask.objects.create(name=name)
    task.groups.add(EditorGroup.objects.create(name=f"{name} 2"))
    workflow = Workflow.objects.create(name=name)
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=section)
    Workflow.objects.create(name=f"{name} 2", active=False)
    GroupApprovalTask.objects.create(name=f"{name} 2", active=False)
    submitted = pages.SectionPageFactory(parent=section, title=name, live=False)
    submitted.save_revision(user=people["editor"])
    workflow.start(submitted, people["editor"])
    rejected = pages.SectionPageFactory(parent=section, title=name, live=False)
    rejected.save_revision(user=people["editor"])
    workflow.start(rejected, people["editor"]).current_task_state.reject(user=people["administrator"], comment=name)


def _register(name: str, boss: User) -> None:
    organisation = OrganisationFactory(name=name, kana=name if name.isascii() else "みほん", email="joho@example.jp")
    affiliation = AffiliationFactory(
        seat=SeatFactory(organisation=organisation, label=name), person=_person(name, is_active=True)
    )
    make_group(name, affiliation.seat)
    members.MembershipFactory(organisation=organisation)
    members.OfficerTermFactory(organisation=organisation)
    members.SeatClaimFactory(organisation=organisation, last_name=name, first_name="1")
    members.ApplicationFactory(name=name, section=name, lead_name=name, address=name)
    roster_start(title=name, deadline=today() + SOON, by=boss)
    withdrawal_announce(organisation=organisation, ends_on=today() + SOON, reason=name, by=boss)
    handover_announce(seat=affiliation.seat, successor=_person(name), on=today() + SOON, by=boss)
    DeclaredCount.objects.create(as_of=today(), count=1238, source=name)
    RegisterAccess.objects.create(person=boss, person_name=name, use=RegisterUse.LIST, detail=name)
    for kind in ImportKind:
        RegisterImport.objects.create(
            kind=kind, file_name="sample.csv", headings=[name], rows=[[name]], uploaded_by=boss
        )


def _mail(name: str, boss: User) -> None:
    Message.objects.update(subject=name)  # what the register has sent is Japanese, as its recipients are
    words = {"kind": "mail.notice", "subject": name, "text": name}
    for state in DeliveryState:
        delivery = make_message([f"{state}@example.jp"], **words).deliveries.get()
        Delivery.objects.filter(pk=delivery.pk).update(state=state, **AS_THE_STATE_WANTS)
    MailboxItem.objects.create(delivery=delivery, octets=b"Subject: 1\r\n\r\n1\r\n")
    for cause in SuspensionCause:
        address_suspend(address=f"{cause}@example.jp", cause=cause)
    DomainPace.objects.create(domain="example.jp", per_minute=10)
    Notice.objects.create(audience="members.members", subject=name, text=name)
    Notice.objects.create(audience="members.members", subject=name, text=name, due_at=timezone.now() + SOON)


def _rest(name: str) -> None:
    AnnouncementFactory(text=name)
    EnquiryFactory(name=name, organisation=name, subject=name, text=name)
    MissedQuery.objects.create(day=today(), words=name)


def _name_what_was_there(name: str) -> None:
    """Name records that a site begins with; they have one name, for the association's own language."""
    if not name.isascii():
        return
    Page.objects.filter(depth=1).update(title=name, draft_title=name)
    Collection.objects.filter(depth=1).update(name=name)
    Workflow.objects.update(name=name)
    Task.objects.update(name=name)
    for group in EditorGroup.objects.all():
        group.name = f"{name} group {group.pk}"
        group.save()
