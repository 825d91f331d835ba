"""The roster confirmation: two minutes by code, and who is silent is telephoned."""

import datetime as dt
import re
from itertools import count

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from cms.accounts.models import Organisation
from cms.calendar import format_date, today
from cms.calendar.deadlines import deadline_at
from cms.mail.models import Code as PrintedCode
from cms.mail.models import Delivery, Message
from cms.mail.services.codes import CodeRefusedError
from cms.plugin_api.services import plugin_toggle
from plugins.members.contrib import roster_to_dos
from plugins.members.enums import RosterAnswer
from plugins.members.models import Membership, RosterEntry, RosterRound
from plugins.members.querysets import LATE_FOR
from plugins.members.services.closing import organisation_close
from plugins.members.services.memberships import membership_end
from plugins.members.services.rosters import roster_answer, roster_entered, roster_record, roster_remind, roster_start
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, UserFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

CODE, CONFIRM, CORNER = reverse("mail:code"), reverse("members:roster"), reverse("members:corner")
ROUNDS, ENTRIES = reverse("members_rosters:index"), reverse("members_roster_entries:index")
DEADLINE = today() + dt.timedelta(days=14)
START = {"title": "見本の確認", "deadline": DEADLINE}


@pytest.fixture
def three():
    """Three members: one will say nothing changes, one that something does, one is silent and has no address."""
    names = [("一市", "a@example.jp"), ("二市", "b@example.jp"), ("三市", "")]
    return [
        MembershipFactory(organisation=OrganisationFactory(name=name, email=email, telephone=f"03-0000-000{number}"))
        for number, (name, email) in enumerate(names)
    ]


@pytest.fixture
def clerk():
    person = UserFactory()
    names = ["access_admin", "view_membership", "add_rosterround", "view_rosterround", "view_rosterentry"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    return person


def code_for(address):
    return Delivery.objects.filter(address=address).order_by("-pk").first().values["code"]


def answer(client, address, **typed):
    client.post(CODE, {"code": code_for(address)})
    return client.post(CONFIRM, {"answer": "unchanged", "name": "見本 花子", "note": "", **typed})


def test_mail_is_in_the_language_of_its_readers_whatever_the_clerk_reads(three):
    with translation.override("en"):
        roster_start(title="見本の確認", deadline=dt.date(2099, 4, 23), by=None)

    message = Message.objects.get()
    assert message.subject == "【令和81年4月23日（木）締切】見本の確認のお願い"
    assert "令和81年4月23日（木）" in message.text
    assert "April" not in message.text + message.html


def test_april_with_three_organisations_of_which_one_is_silent(client, three, clerk):
    AffiliationFactory(seat__organisation=three[0].organisation, person__last_name="現任")
    client.force_login(clerk)
    client.post(reverse("members_admin:roster_start"), {"title": "見本の確認", "deadline": DEADLINE.isoformat()})
    client.logout()

    client.post(CODE, {"code": code_for("a@example.jp")})
    assert "現任" in client.get(CONFIRM).text
    assert answer(client, "a@example.jp").status_code == 200
    changed = answer(client, "b@example.jp", answer="changed", note="4月1日から見本次郎")
    assert reverse("members:organisation") in changed.text

    client.force_login(clerk)
    rows = client.get(ROUNDS).context["object_list"]
    assert [(row.total, row.unchanged, row.changed, row.outstanding) for row in rows] == [(3, 1, 1, 1)]
    silent = client.get(reverse("members_roster_entries:index"), {"round": rows[0].pk, "answer": "none"}).text
    assert "三市" in silent
    assert "03-0000-0002" in silent
    assert "一市" not in silent
    assert f"{ENTRIES}?round={rows[0].pk}&amp;answer=none" in client.get(ROUNDS).text

    entry = RosterEntry.objects.get(organisation=three[2].organisation)
    client.post(reverse("members_admin:roster_record", args=[entry.pk]), {"answer": "unchanged", "note": "電話で確認"})
    assert not RosterEntry.objects.outstanding_on(today()).exists()
    sheet = client.get(reverse("members_roster_entries:index"), {"export": "csv"})
    assert "電話で確認" in b"".join(sheet.streaming_content).decode()


def test_code_works_once_and_looking_uses_nothing_up(client, three):
    roster_start(**START, by=None)
    client.post(CODE, {"code": code_for("a@example.jp")})
    assert [client.get(CONFIRM).status_code, client.head(CONFIRM).status_code] == [200, 200]
    assert answer(client, "a@example.jp").status_code == 200

    again = client.post(CODE, {"code": code_for("a@example.jp")})

    assert "見本 花子が" in again.text
    assert "に回答済みです" in again.text


def test_change_without_words_is_asked_for_and_nothing_is_lost(client, three):
    roster_start(**START, by=None)

    page = answer(client, "a@example.jp", answer="changed")

    assert page.status_code == 422
    assert "変更の内容" in page.text
    assert "見本 花子" in page.text
    assert RosterEntry.objects.outstanding_on(today()).count() == 3


def test_reminder_goes_to_the_silent_with_a_new_code(client, three):
    roster = roster_start(**START, by=None)
    first = code_for("b@example.jp")
    answer(client, "a@example.jp")

    assert roster_remind(roster=roster, shown_at=timezone.now()) == 1

    assert code_for("b@example.jp") != first
    assert "取り消されたか" in client.post(CODE, {"code": first}).text
    assert list(RosterEntry.objects.values_list("times_asked", flat=True).order_by("organisation__email")) == [0, 1, 2]


@pytest.fixture(params=["left", "closed", "closed by its form"])
def gone(request, three):
    """A round, in which one of three is asked and is no member any more today."""
    roster, membership = roster_start(**START, by=None), three[0]
    if request.param == "left":
        membership_end(membership=membership, ends_on=today(), by=None)
    elif request.param == "closed":
        organisation_close(organisation=membership.organisation, on=today(), by=None)
    else:
        Organisation.objects.filter(pk=membership.organisation_id).update(valid_to=today())
    return roster.entries.get(organisation=membership.organisation)


def figures(row):
    return row.total, row.unchanged, row.changed, row.outstanding, row.gone


def test_who_is_no_member_any_more_is_neither_reminded_nor_outstanding(client, gone, clerk):
    (*_others, silent) = roster_to_dos(clerk)
    assert silent.count == 2
    assert roster_remind(roster=gone.round, shown_at=timezone.now(), only=[gone.pk]) == 0
    assert roster_remind(roster=gone.round, shown_at=timezone.now()) == 1

    gone.refresh_from_db()
    assert gone.times_asked == 1
    client.force_login(clerk)
    (row,) = client.get(ROUNDS).context["object_list"]
    assert figures(row) == (3, 0, 0, 2, 1)
    for answer, number in (("none", row.outstanding), ("gone", row.gone), ("", row.total)):
        listed = client.get(
            reverse("members_roster_entries:index"), {"round": gone.round_id, "answer": answer}
        ).context["object_list"]
        assert (len(listed), gone in listed) == (number, answer != "none")
    assert f"{ENTRIES}?round={gone.round_id}&amp;answer=gone" in client.get(ROUNDS).text
    page = client.get(reverse("members_roster_entries:index"), {"answer": "gone"}).text
    assert re.findall(r"<td[^>]*>\s*退会・廃止\s*</td>", page)
    assert not re.findall(r"<td[^>]*>\s*未回答\s*</td>", page)
    sheet = b"".join(
        client.get(reverse("members_roster_entries:index"), {"export": "csv", "answer": "gone"}).streaming_content
    ).decode()
    assert "退会・廃止" in sheet


def test_who_is_no_member_any_more_is_not_offered_to_be_reminded(client, gone, clerk):
    client.force_login(clerk)
    url = reverse("wagtail_bulk_action", args=["members", "rosterentry", "remind_silent"])

    page = client.get(f"{url}?id=all&next={ENTRIES}")

    assert "一市" not in page.text
    assert "二市" in page.text


def test_answer_of_who_left_afterwards_stays_counted(client, three, clerk):
    roster_start(**START, by=None)
    answer(client, "a@example.jp")
    membership_end(membership=three[0], ends_on=today(), by=None)
    client.force_login(clerk)

    assert figures(client.get(ROUNDS).context["object_list"][0]) == (3, 1, 0, 2, 0)


def test_who_comes_back_is_expected_to_answer_again(gone):
    Organisation.objects.filter(pk=gone.organisation_id).update(valid_to=None)
    Membership.objects.filter(organisation=gone.organisation).update(ends_on=None, leave_reason="")

    assert gone in RosterEntry.objects.outstanding_on(today())
    assert not RosterEntry.objects.gone_on(today()).exists()


def test_end_that_is_still_to_come_excuses_nobody(three):
    roster_start(**START, by=None)
    membership_end(membership=three[0], ends_on=today() + dt.timedelta(days=1), by=None)

    assert RosterEntry.objects.outstanding_on(today()).count() == 3


def test_form_that_is_sent_twice_reminds_once(client, three, clerk):
    roster = roster_start(**START, by=None)
    client.force_login(clerk)
    url = reverse("members_admin:roster_remind", args=[roster.pk])
    form = {"shown_at": client.get(url).context["form"].initial["shown_at"]}

    first, second = (client.post(url, form, follow=True).text for _ in range(2))

    assert "2団体" in first
    assert "督促の対象となる団体はありません" in second
    assert set(RosterEntry.objects.values_list("times_asked", flat=True)) == {0, 2}


@pytest.mark.parametrize("moment", ["0001-01-01 00:00", "9999-12-31 23:59", "いつか", ""])
def test_form_whose_moment_was_tampered_with_does_no_harm(client, three, clerk, moment):
    roster = roster_start(**START, by=None)
    client.force_login(clerk)

    assert client.post(reverse("members_admin:roster_remind", args=[roster.pk]), {"shown_at": moment}).status_code < 500


@pytest.mark.parametrize("chosen", ["one", "all"])
def test_ticked_or_all_in_the_list_are_reminded_once(client, three, clerk, chosen):
    roster_start(**START, by=None)
    silent = RosterEntry.objects.get(organisation=three[0].organisation)
    client.force_login(clerk)
    assert "data-bulk-action" in client.get(ENTRIES).text
    which = silent.pk if chosen == "one" else "all"
    url = reverse("wagtail_bulk_action", args=["members", "rosterentry", "remind_silent"])
    url = f"{url}?id={which}&next={ENTRIES}%3Fq%3D一市"
    page = client.get(url)
    assert "一市" in page.text
    assert "二市" not in page.text

    for _ in range(2):
        client.post(url, {"shown_at": page.context["form"].initial["shown_at"]})

    asked = dict(RosterEntry.objects.values_list("organisation__name", "times_asked"))
    assert asked == {"一市": 2, "二市": 1, "三市": 0}


def test_page_of_a_change_opens_before_anybody_has_answered(client, three, clerk):
    roster_start(**START, by=None)
    client.force_login(clerk)

    page = client.get(reverse("members_admin:roster_entered", args=[RosterEntry.objects.first().pk]))

    assert "未回答" in page.text


@pytest.mark.parametrize(
    ("change", "field"), [({"deadline": today() - dt.timedelta(days=1)}, "deadline"), ({"title": "二度目"}, "title")]
)
def test_round_that_cannot_be_is_refused(change, field):
    RosterRound.objects.create(title="二度目", deadline=DEADLINE)

    with pytest.raises(ValidationError) as caught:
        roster_start(**{**START, **change}, by=None)

    assert field in caught.value.message_dict


def test_answer_without_its_time_is_refused_by_the_database(three):
    roster_start(**START, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        RosterEntry.objects.update(answer=RosterAnswer.CHANGED)


def test_answers_of_two_years_are_told_apart(client, clerk):
    MembershipFactory()
    for title in ("令和8年度の確認", "令和9年度の確認"):
        roster_start(**{**START, "title": title}, by=None)
    client.force_login(clerk)

    page = client.get(reverse("members_roster_entries:index")).text

    assert re.findall(r"(令和.年度の確認)\s*</td>", page) == ["令和9年度の確認", "令和8年度の確認"]


def test_lists_take_as_many_queries_for_thirty_as_for_one(client, clerk, queries_of):
    client.force_login(clerk)
    MembershipFactory(organisation__email="a@example.jp")
    roster_start(**START, by=None)
    one = queries_of(lambda: client.get(ENTRIES)), queries_of(lambda: client.get(ROUNDS))
    for number in range(29):
        MembershipFactory()
        roster_start(title=f"見本{number}", deadline=DEADLINE, by=None)

    assert (queries_of(lambda: client.get(ENTRIES)), queries_of(lambda: client.get(ROUNDS))) == one


def test_thirty_are_asked_and_reminded_with_the_queries_of_one(queries_of):
    numbers = count(1)

    def cycle():
        roster = roster_start(title=f"{next(numbers)}回目", deadline=DEADLINE, by=None)
        roster_remind(roster=roster, shown_at=timezone.now())

    MembershipFactory(organisation__email="a@example.jp")
    one = queries_of(cycle)
    for number in range(29):
        MembershipFactory(organisation__email=f"joho{number}@example.jp")

    assert queries_of(cycle) == one
    assert PrintedCode.objects.usable(timezone.now()).count() == RosterEntry.objects.count() == 3 * 1 + 3 * 30
    assert set(RosterEntry.objects.values_list("times_asked", flat=True)) == {2}


def test_desk_needs_the_right(client, three):
    reader = UserFactory()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_membership"]))
    client.force_login(reader)

    client.post(reverse("members_admin:roster_start"), {"title": "x", "deadline": DEADLINE.isoformat()})

    assert not RosterRound.objects.exists()


def test_nobody_in_charge_and_the_silent_are_to_be_done(client, three, clerk):
    AffiliationFactory(seat__organisation=three[0].organisation)
    roster_start(**START, by=None)
    client.force_login(clerk)

    unmanned, changes, silent = roster_to_dos(clerk)

    assert (unmanned.count, changes.count, silent.count, silent.due) == (2, 0, 3, DEADLINE)
    listed = {one.name for one in client.get(unmanned.url).context["object_list"]}
    assert listed == {"二市", "三市"}
    assert list(roster_to_dos(UserFactory())) == []


class TestChanges:
    """What changes is on the admin's home until somebody says that it is in the register."""

    @pytest.fixture
    def entry(self, client, three, clerk):
        roster_start(**START, by=None)
        answer(client, "b@example.jp", answer="changed", note="4月1日から見本次郎")
        client.force_login(clerk)
        return RosterEntry.objects.get(organisation=three[1].organisation)

    def test_stay_to_be_done_until_they_are_entered(self, client, clerk, entry):
        to_do = list(roster_to_dos(clerk))[1]
        assert to_do.count == 1
        listed = client.get(to_do.url)
        assert [one.pk for one in listed.context["object_list"]] == [entry.pk]
        url = reverse("members_admin:roster_entered", args=[entry.pk])
        assert url in listed.text
        page = client.get(url).text
        assert "4月1日から見本次郎" in page
        assert f'href="{ROUNDS}"' in page
        assert list(roster_to_dos(clerk))[1].count == 1  # looking enters nothing

        client.post(url)

        assert list(roster_to_dos(clerk))[1].count == 0
        entry.refresh_from_db()
        assert (entry.entered_by, entry.entered_by_name) == (clerk, clerk.display_name)
        assert clerk.display_name in client.get(reverse("members_roster_entries:index"), {"answer": "changed"}).text
        history = ModelLogEntry.objects.for_instance(entry.organisation)
        assert "members.roster_entered" in history.values_list("action", flat=True)

    def test_second_clerk_reads_who_was_faster(self, client, clerk, entry):
        roster_entered(entry=entry, by=clerk)

        page = client.post(reverse("members_admin:roster_entered", args=[entry.pk]))

        assert clerk.display_name in page.text
        assert "反映済み" in page.text

    def test_new_answer_by_telephone_is_to_be_entered_again(self, clerk, entry):
        roster_entered(entry=entry, by=clerk)

        roster_record(entry=entry, answer=RosterAnswer.CHANGED, note="さらに変更", by=clerk)

        assert list(RosterEntry.objects.to_enter()) == [entry]

    def test_where_nothing_changes_nothing_is_entered(self, clerk, entry):
        roster_record(entry=entry, answer=RosterAnswer.UNCHANGED, note="", by=clerk)

        with pytest.raises(ValidationError, match="変更"):
            roster_entered(entry=entry, by=clerk)
        with pytest.raises(IntegrityError), transaction.atomic():
            RosterEntry.objects.filter(pk=entry.pk).update(entered_at=timezone.now())

    def test_needs_the_right_to_run_the_confirmation(self, client, entry):
        reader = UserFactory()
        reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_membership"]))
        client.force_login(reader)

        client.post(reverse("members_admin:roster_entered", args=[entry.pk]))

        assert RosterEntry.objects.to_enter().exists()


class TestCorner:
    """Who has logged in on a seat of the organisation answers without a code."""

    @pytest.fixture
    def entry(self, three):
        roster_start(**START, by=None)
        return RosterEntry.objects.get(organisation=three[0].organisation)

    @pytest.fixture
    def page(self, entry):
        return reverse("members:roster_answer", args=[entry.pk])

    @pytest.fixture
    def person(self, client, entry):
        person = AffiliationFactory(seat__organisation=entry.organisation, person__last_name="回答").person
        client.force_login(person)
        return person

    def test_asks_until_somebody_has_answered(self, client, entry, page, person):
        waiting = {one.url: one for one in client.get(CORNER).context["answers"]}
        assert (waiting[page].title, waiting[page].due) == ("見本の確認", deadline_at(DEADLINE))
        asked = client.get(page).text
        assert "担当者名簿の確認" in asked
        assert person.display_name in asked
        assert 'name="name"' not in asked

        done = client.post(page, {"answer": "changed", "note": "4月1日から見本次郎", "name": "他人"})

        assert reverse("members:organisation") in done.text
        entry.refresh_from_db()
        assert (entry.answer, entry.note) == (RosterAnswer.CHANGED, "4月1日から見本次郎")
        assert (entry.answered_by_name, entry.recorded_by) == (person.display_name, person)
        logged = ModelLogEntry.objects.for_instance(entry.organisation).get(action="members.roster")
        assert (logged.user, logged.data["name"]) == (person, person.display_name)
        assert page not in client.get(CORNER).text

    def test_tells_who_is_still_to_come(self, client, entry, page, person):
        coming = today() + dt.timedelta(days=9)
        AffiliationFactory(seat__organisation=entry.organisation, starts_on=coming)

        assert client.get(page).text.count(f"{format_date(coming, weekday=False)}から") == 1

    def test_withdraws_the_code(self, client, entry, page, person):
        client.post(CODE, {"code": code_for("a@example.jp")})
        client.post(page, {"answer": "unchanged"})

        late = client.post(CONFIRM, {"answer": "changed", "name": "見本 花子", "note": "変更"})

        assert late.status_code == 410
        for told in (late, client.post(CODE, {"code": code_for("a@example.jp")})):
            assert f"{person.display_name}が" in told.text
            assert "回答済み" in told.text
            assert "取り消されたか" not in told.text
        entry.refresh_from_db()
        assert entry.answer == RosterAnswer.UNCHANGED

    def test_says_who_has_answered_already(self, client, entry, page, person):
        answer(client, "a@example.jp")

        asked = client.get(page)
        again = client.post(page, {"answer": "changed", "note": "変更"})

        assert (asked.status_code, again.status_code) == (410, 410)
        assert "見本 花子が" in asked.text
        assert "回答済み" in again.text
        entry.refresh_from_db()
        assert entry.answer == RosterAnswer.UNCHANGED

    def test_of_two_at_once_one_is_told(self, entry, person):
        roster_answer(entry=entry, answer=RosterAnswer.UNCHANGED, name="先", by=person)

        with pytest.raises(CodeRefusedError, match="先が"):
            roster_answer(entry=entry, answer=RosterAnswer.UNCHANGED, name="後", by=person)

    def test_change_without_words_is_asked_for(self, client, entry, page, person):
        refused = client.post(page, {"answer": "changed"})

        assert refused.status_code == 422
        assert "変更の内容" in refused.text
        assert RosterEntry.objects.outstanding_on(today()).filter(pk=entry.pk).exists()

    @pytest.mark.parametrize(
        ("days_late", "days_since_asked", "is_open"), [(59, 80, True), (60, 80, False), (70, 59, True)]
    )
    def test_is_open_as_long_as_a_code(self, client, entry, page, person, days_late, days_since_asked, is_open):
        entry.round.deadline = today() - dt.timedelta(days=days_late)
        entry.round.save()
        entry.asked_at = timezone.now() - dt.timedelta(days=days_since_asked)
        entry.save()

        assert LATE_FOR.days == 60
        assert (page in client.get(CORNER).text) == is_open
        shown = client.post(page, {"answer": "unchanged"})
        assert shown.status_code == (200 if is_open else 410)
        assert ("終了" in shown.text) != is_open

    def test_needs_no_address_of_the_organisation(self, client, entry, three):
        """Who was never mailed a code can answer all the same."""
        silent = RosterEntry.objects.get(organisation=three[2].organisation)
        client.force_login(AffiliationFactory(seat__organisation=silent.organisation).person)

        client.post(reverse("members:roster_answer", args=[silent.pk]), {"answer": "unchanged"})

        assert silent not in RosterEntry.objects.outstanding_on(today())

    def test_of_another_organisation_is_not_there(self, client, three, entry, page):
        client.force_login(AffiliationFactory(seat__organisation=three[1].organisation).person)

        assert [client.get(page).status_code, client.post(page, {"answer": "unchanged"}).status_code] == [404, 404]
        assert page not in client.get(CORNER).text
        assert RosterEntry.objects.outstanding_on(today()).count() == 3

    def test_is_for_who_has_logged_in(self, client, page):
        asked = client.post(page, {"answer": "unchanged"})

        assert asked.status_code == 302
        assert asked["Location"].startswith("/accounts/login/")
        assert RosterEntry.objects.outstanding_on(today()).count() == 3

    def test_ends_with_the_plugin(self, client, page, person):
        plugin_toggle(slug="members", on=False, by=None)

        assert client.get(page).status_code == 404

    def test_reads_in_english_too(self, client, entry, page, person):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.post(page, {"answer": "unchanged"})

        assert f"{person.display_name} has answered on" in client.get(page).text

    def test_takes_as_many_queries_for_thirty_as_for_one(self, client, person, queries_of):
        one = queries_of(lambda: client.get(CORNER))
        for number in range(29):
            roster_start(title=f"見本{number}", deadline=DEADLINE, by=None)

        assert queries_of(lambda: client.get(CORNER)) == one
