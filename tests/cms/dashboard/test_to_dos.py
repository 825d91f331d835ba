"""What the admin's home says needs doing: each line for whom it concerns, and for nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowTask

from cms.dashboard.selectors import to_dos_of
from cms.mail.enums import DeliveryState, Reason
from cms.mail.models import Delivery
from cms.media.models import SiteDocument
from cms.plugin_api.models import ContributionError
from cms.plugin_api.services import plugin_toggle
from cms.plugin_api.state import state_read_once
from cms.search.enums import ExtractionState
from cms.search.models import DocumentText, MissedQuery
from tests.dummy_plugin.models import Thing
from tests.factories.accounts import UserFactory
from tests.factories.contact import EnquiryFactory
from tests.factories.mail import make_delivery
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_the_core() -> None:
    plugin_toggle(slug="dummy", on=False, by=None)


@pytest.fixture
def boss() -> Any:
    return UserFactory(is_superuser=True)


@pytest.fixture
def person() -> Callable[..., Any]:
    """Make an editor with nothing but these permissions."""

    def make(*codenames: str) -> Any:
        user = UserFactory()
        user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
        return user

    return make


def sentences(user: Any) -> list[str]:
    return [str(item.sentence) for item in to_dos_of(user)]


def editors_of(page: Page, *permissions: str) -> Group:
    group = Group.objects.create(name=f"編集 {page.pk}")
    for codename in permissions:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{codename}_page")
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    return group


def submitted(page: Page, *, by: Any, to: Group) -> Any:
    task = GroupApprovalTask.objects.create(name="課長の承認")
    task.groups.add(to)
    workflow = Workflow.objects.create(name="決裁")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    page.save_revision(user=by)
    return workflow.start(page, by)


def test_nothing_to_do_is_said_so(client: Client, person: Callable[..., Any]) -> None:
    client.force_login(person())

    html = client.get("/admin/").content.decode()

    assert "今日の対応" in html
    assert "対応の必要なものはありません。" in html


def test_draft_waits_for_its_approver_only(person: Callable[..., Any]) -> None:
    page = SectionPageFactory(parent=home_page())
    writer, approver, other = person(), person(), person()
    group = editors_of(page, "publish")
    approver.groups.add(group)

    submitted(page, by=writer, to=group)

    assert sentences(approver) == ["下書き1件が、あなたの承認を待っています。"]
    assert to_dos_of(approver)[0].url == "/admin/reports/workflow/?reviewable=true"
    assert sentences(writer) == sentences(other) == []


def test_draft_that_was_sent_back_concerns_who_submitted_it(client: Client, person: Callable[..., Any]) -> None:
    page = SectionPageFactory(parent=home_page())
    writer, approver = person(), person()
    group = editors_of(page, "publish")
    approver.groups.add(group)
    state = submitted(page, by=writer, to=group)

    state.current_task_state.reject(user=approver, comment="日付が違います")

    (line,) = to_dos_of(writer)
    assert str(line.sentence) == "あなたの下書き1件が差し戻されました。"
    client.force_login(writer)
    assert sentences(approver) == []


def test_pages_about_to_expire_are_told_to_their_editors_with_the_day(
    client: Client, person: Callable[..., Any]
) -> None:
    home = home_page()
    mine, others = SectionPageFactory(parent=home, title="担当"), SectionPageFactory(parent=home, title="他課")
    soon = timezone.now() + timedelta(days=3)
    Page.objects.filter(pk__in=[mine.pk, others.pk]).update(expire_at=soon)
    SectionPageFactory(parent=mine, expire_at=timezone.now() + timedelta(days=60))
    SectionPageFactory(parent=mine, expire_at=soon, live=False)
    editor = person()
    editor.groups.add(editors_of(mine, "change"))

    (line,) = to_dos_of(editor)
    client.force_login(editor)
    report = client.get(line.url).content.decode()
    front = client.get("/admin/").content.decode()

    assert (line.count, line.due) == (1, timezone.localtime(soon).date())
    assert ("担当" in report, "他課" in report) == (True, False)
    assert "あと3日" in front


def test_open_enquiries_are_told_to_those_who_answer(person: Callable[..., Any]) -> None:
    EnquiryFactory.create_batch(2)
    EnquiryFactory(state="done", done_at=timezone.now())

    (line,) = to_dos_of(person("view_enquiry", "change_enquiry"))

    assert str(line.sentence) == "お問合せ2件に、まだ対応していません。"
    assert line.url == "/admin/contact/?state=open"
    assert sentences(person("view_enquiry")) == []


def settled(state: str, **values: Any) -> None:
    delivery = make_delivery()
    usual = {"state": state, "due_at": None, "finished_at": timezone.now()}
    Delivery.objects.filter(pk=delivery.pk).update(**{**usual, **values})


def test_mail_that_failed_or_may_have_is_told_to_those_who_may_act(person: Callable[..., Any]) -> None:
    now = timezone.now()
    settled(DeliveryState.FAILED, reason=Reason.REJECTED)
    settled(DeliveryState.FAILED, reason=Reason.OPTED_OUT)
    settled(DeliveryState.FAILED, reason=Reason.REJECTED, finished_at=now - timedelta(days=8))
    settled(DeliveryState.UNKNOWN, finished_at=now - timedelta(days=30))

    lines = to_dos_of(person("change_delivery"))

    assert [(line.count, line.url) for line in lines] == [
        (1, "/admin/mail/deliveries/?state=unknown"),
        (1, "/admin/mail/deliveries/?state=failed"),
    ]
    assert sentences(person("view_message")) == []


def test_documents_without_text_and_vain_searches_are_told(boss: Any, client: Client) -> None:
    today = timezone.localdate()
    MissedQuery.objects.create(day=today, words="予算", count=3)
    MissedQuery.objects.create(day=today - timedelta(days=7), words="昔", count=9)
    for number, state in enumerate([ExtractionState.EMPTY, ExtractionState.PROTECTED, ExtractionState.DONE]):
        document_with(state, number)

    found = {str(line.sentence): line.url for line in to_dos_of(boss)}

    assert set(found) == {
        "資料2件は、本文で検索できません。",
        "この7日間に、見つからなかった検索が3回ありました。",
    }
    client.force_login(boss)
    assert {client.get(url).status_code for url in found.values()} == {200}


def document_with(state: str, number: int) -> DocumentText:
    document = SiteDocument.objects.create(
        title=f"資料{number}",
        file=ContentFile(b"x", name=f"{number}.txt"),
        collection=Collection.get_first_root_node(),
    )
    text, _created = DocumentText.objects.update_or_create(document=document, defaults={"state": state})
    return text


def test_plugin_adds_lines_while_it_is_on_and_those_with_a_day_come_first(boss: Any, client: Client) -> None:
    Thing.objects.create(name="x")
    EnquiryFactory()
    without = sentences(boss)

    plugin_toggle(slug="dummy", on=True, by=None)

    assert without == ["お問合せ1件に、まだ対応していません。"]
    assert sentences(boss) == [f"{boss.username}: tidy the things", *without]
    client.force_login(boss)
    assert "締切済み" in client.get("/admin/").content.decode()


def test_plugin_that_raises_costs_its_own_lines_only(boss: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    EnquiryFactory()
    plugin_toggle(slug="dummy", on=True, by=None)

    def broken(user: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("tests.dummy_plugin.contrib.to_dos", broken)

    assert sentences(boss) == ["お問合せ1件に、まだ対応していません。"]
    assert ContributionError.objects.get().place == "point to_dos"


def test_sentences_are_complete_in_english(boss: Any, client: Client) -> None:
    EnquiryFactory()
    client.force_login(boss)
    client.cookies["kairan_language"] = "en"

    html = client.get("/admin/").content.decode()

    assert "1 enquiry waits for an answer." in html
    assert "To do today" in html


def test_panel_costs_the_same_at_1_and_at_30(boss: Any, django_assert_num_queries: Any) -> None:
    for number in (1, 29):
        EnquiryFactory.create_batch(number)
        for _ in range(number):
            settled(DeliveryState.UNKNOWN)

        with state_read_once(), django_assert_num_queries(17):
            to_dos_of(boss)


def test_report_is_only_for_those_who_work_with_pages(client: Client, person: Callable[..., Any]) -> None:
    client.force_login(person())

    assert client.get("/admin/reports/expiring/").status_code == 403
    assert "/admin/reports/expiring/" not in client.get("/admin/").content.decode()
