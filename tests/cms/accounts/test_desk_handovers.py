"""Somebody of the secretariat leaves: what they had in hand passes on in one step, after a look, and is noted."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import GroupApprovalTask, ModelLogEntry, PageLogEntry, TaskState, Workflow, WorkflowTask

from cms.accounts.models import Organisation
from cms.accounts.services import desk_hand_over, desk_plan
from cms.dashboard.selectors import to_dos_of
from cms.mail.enums import NoticeState
from cms.mail.models import Notice
from cms.mail.services.notices import notices_send_due
from cms.plugin_api.manifest import HandedOver
from cms.plugin_api.registry import get_plugin
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


@pytest.fixture
def leaving():
    """An editor who approves for a group, and may open the admin by a right of their own."""
    person = UserFactory(last_name="見本", first_name="前任")
    person.groups.add(Group.objects.create(name="課長"))
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return person


@pytest.fixture
def taking():
    return UserFactory(last_name="見本", first_name="後任")


def url_of(person):
    return reverse("accounts_desk_handover", args=[person.pk])


def submitted(page, by):
    """Send a draft for the approval of the group of whoever leaves."""
    task = GroupApprovalTask.objects.create(name="課長の承認")
    task.groups.add(Group.objects.get(name="課長"))
    workflow = Workflow.objects.create(name="決裁")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    page.save_revision(user=by)
    return workflow.start(page, by)


def notice(state, **values):
    due = timezone.now() + timedelta(days=1) if state == NoticeState.SCHEDULED else None
    return Notice.objects.create(
        audience="dummy.organisations", subject=f"見本 {state}", text="本文", state=state, due_at=due, **values
    )


@pytest.fixture
def desk(leaving):
    """A draft, a published page, a locked page, a draft sent for approval, and two notices."""
    home = home_page()
    made = {
        "draft": SectionPageFactory(parent=home, title="下書きの頁", live=False, owner=leaving),
        "published": SectionPageFactory(parent=home, title="公開の頁", owner=leaving),
        "locked": SectionPageFactory(
            parent=home, title="ロックの頁", locked=True, locked_by=leaving, locked_at=timezone.now()
        ),
        "asked": SectionPageFactory(parent=home, title="申請の頁"),
    }
    made["workflow"] = submitted(made["asked"], leaving)
    written = {"created_by": leaving, "created_by_name": str(leaving)}
    made["notice"] = notice(NoticeState.DRAFT, **written)
    made["scheduled"] = notice(NoticeState.SCHEDULED, confirmed_by=leaving, confirmed_by_name=str(leaving), **written)
    return made


def state_of(desk):
    for thing in desk.values():
        thing.refresh_from_db()
    return (
        desk["draft"].owner,
        desk["locked"].locked_by,
        desk["workflow"].requested_by,
        desk["notice"].created_by,
        desk["scheduled"].confirmed_by,
    )


def test_everything_in_hand_passes_in_one_step(desk, leaving, taking, boss):
    desk_hand_over(person=leaving, to=taking, by=boss)

    assert state_of(desk) == (taking,) * 5
    taking = type(taking).objects.get(pk=taking.pk)
    leaving = type(leaving).objects.get(pk=leaving.pk)
    assert [group.name for group in taking.groups.all()] == ["課長"]
    assert taking.has_perm("wagtailadmin.access_admin")
    assert not leaving.has_perm("wagtailadmin.access_admin")
    assert not leaving.groups.exists()
    assert desk["published"].owner == leaving  # who made what is done stays


def test_rights_are_named_in_the_language_of_the_reader(desk, leaving, taking, boss):
    leaving.user_permissions.add(Permission.objects.get(codename="view_seat"))

    with translation.override("ja"):
        names = [name for line in desk_hand_over(person=leaving, to=taking, by=boss) for name in line.names]

    assert {"管理画面の使用", "閲覧：担当者の席"} <= set(names)


def test_approvals_and_what_was_sent_back_are_the_successors_to_do(desk, leaving, taking, boss):
    assert TaskState.objects.reviewable_by(leaving).count() == 1
    desk_hand_over(person=leaving, to=taking, by=boss)
    taking = type(taking).objects.get(pk=taking.pk)
    assert TaskState.objects.reviewable_by(taking).count() == 1
    assert not TaskState.objects.reviewable_by(type(leaving).objects.get(pk=leaving.pk)).exists()

    desk["workflow"].refresh_from_db()
    desk["workflow"].current_task_state.reject(user=taking, comment="日付が違います")

    assert "あなたの下書き1件が差し戻されました。" in [str(one.sentence) for one in to_dos_of(taking)]
    assert not [one for one in to_dos_of(leaving) if "差し戻され" in str(one.sentence)]


def test_successor_unlocks_what_was_locked(desk, leaving, taking, boss):
    desk_hand_over(person=leaving, to=taking, by=boss)

    desk["locked"].refresh_from_db()
    taking = type(taking).objects.get(pk=taking.pk)
    assert not desk["locked"].get_lock().for_user(taking)
    assert desk["locked"].get_lock().for_user(leaving)


def test_scheduled_notice_goes_out_and_keeps_the_name_of_who_released_it(desk, leaving, taking, boss, monkeypatch):
    Organisation.objects.create(name="見本市", kind="other", email="joho@example.jp")
    desk_hand_over(person=leaving, to=taking, by=boss)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=2))

    assert notices_send_due() == 1

    desk["scheduled"].refresh_from_db()
    assert desk["scheduled"].confirmed_by_name == str(leaving)
    assert desk["scheduled"].message.created_by == taking


def test_histories_of_both_and_of_each_page_say_so(desk, leaving, taking, boss):
    desk_hand_over(person=leaving, to=taking, by=boss)

    for person in (leaving, taking):
        entry = ModelLogEntry.objects.for_instance(person).get(action="accounts.desk_handover")
        assert entry.user == boss
        assert (entry.data["from"], entry.data["to"]) == (str(leaving), str(taking))
        assert sum(entry.data["what"].values()) == 7
    pages = PageLogEntry.objects.filter(action="pages.handover").values_list("page_id", flat=True)
    assert set(pages) == {desk["draft"].pk, desk["locked"].pk}


def test_page_shows_what_passes_and_moves_nothing_before_it_is_confirmed(client, desk, leaving, taking, boss):
    client.force_login(boss)
    before = state_of(desk)

    preview = client.get(url_of(leaving), {"to": taking.pk}).text

    for words in ("下書きの頁", "ロックの頁", "申請の頁", "見本 draft", "見本 scheduled", "課長"):
        assert words in preview
    assert "公開の頁" not in preview
    assert state_of(desk) == before == (leaving,) * 5
    assert not ModelLogEntry.objects.filter(action="accounts.desk_handover").exists()

    answer = client.post(url_of(leaving), {"to": taking.pk}, follow=True)

    assert "7件を見本 後任に引き継ぎました" in answer.text
    assert state_of(desk) == (taking,) * 5


def test_second_clerk_at_once_finds_nothing_left(client, desk, leaving, taking, boss):
    desk_hand_over(person=leaving, to=taking, by=boss)
    client.force_login(boss)

    answer = client.post(url_of(leaving), {"to": UserFactory().pk}, follow=True)

    assert "見本 前任から引き継ぐものはありません" in answer.text
    assert state_of(desk) == (taking,) * 5


@pytest.mark.parametrize(
    ("chosen", "words"), [("self", "本人に引き継ぐことはできません"), ("gone", "選択"), ("99999", "選択"), ("", "必")]
)
def test_bad_choice_is_a_sentence_and_moves_nothing(client, desk, leaving, boss, chosen, words):
    client.force_login(boss)
    to = {"self": leaving.pk, "gone": UserFactory(is_active=False).pk}.get(chosen, chosen)

    assert words in client.get(url_of(leaving), {"to": to}).text
    assert words in client.post(url_of(leaving), {"to": to}, follow=True).text

    assert state_of(desk) == (leaving,) * 5


def test_who_cannot_log_in_takes_nothing(desk, leaving, taking, boss):
    type(taking).objects.filter(pk=taking.pk).update(is_active=False)

    with pytest.raises(ValidationError, match="ログインできません"):
        desk_plan(person=leaving, to=taking, by=boss)


def test_right_to_change_people_is_needed(client, desk, leaving, taking):
    client.force_login(leaving)
    stranger = Client()

    assert client.get(url_of(leaving)).status_code == 403
    assert client.post(url_of(leaving), {"to": taking.pk}).status_code == 403
    assert stranger.post(url_of(leaving), {"to": taking.pk}).status_code == 302
    assert state_of(desk) == (leaving,) * 5


def test_list_of_people_offers_it_for_the_secretariat_only(client, leaving, taking, boss):
    client.force_login(boss)

    page = client.get(reverse("wagtailusers_users:index")).text

    assert url_of(leaving) in page
    assert url_of(taking) not in page


def test_plugins_hand_over_too_and_one_that_raises_moves_nothing(desk, leaving, taking, boss, monkeypatch):
    plugin = get_plugin("dummy")
    monkeypatch.setattr(plugin, "hand_over_desk", lambda person, to: [HandedOver("Things", ["a thing"])])
    assert ("Things", ["a thing"]) in [
        (line.label, line.names) for line in desk_plan(person=leaving, to=taking, by=boss)
    ]

    def fail(person, to):
        raise RuntimeError

    monkeypatch.setattr(plugin, "hand_over_desk", fail)
    with pytest.raises(RuntimeError):
        desk_hand_over(person=leaving, to=taking, by=boss)
    assert state_of(desk) == (leaving,) * 5


def test_administrator_keeps_that_right_and_is_told(client, boss, taking):
    boss.groups.add(Group.objects.create(name="課長"))
    client.force_login(boss)

    assert "管理者の権限は引き継がれません" in client.get(url_of(boss)).text
    desk_hand_over(person=boss, to=taking, by=boss)

    boss.refresh_from_db()
    taking.refresh_from_db()
    assert (boss.is_superuser, taking.is_superuser) == (True, False)
