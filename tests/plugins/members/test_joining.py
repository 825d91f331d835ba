"""Joining and leaving: applied online, confirmed by mail, asked back, decided in the admin; nothing is lost."""

import datetime as dt
import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, Organisation, User
from cms.calendar import format_date, today
from cms.mail.models import Code, Delivery, Message
from cms.mail.services.codes import CodeRefusedError
from cms.plugin_api.points import menu_items, to_dos
from cms.plugin_api.testing import plugin_disabled
from plugins.members.enums import ApplicationState, LeaveReason, WithdrawalState
from plugins.members.models import Application, Invitation, Membership, Withdrawal
from plugins.members.selectors.register import members_on
from plugins.members.services.applications import (
    ALLOWED_FROM_ONE_ADDRESS,
    application_accept,
    application_ask,
    application_confirm,
    application_decline,
    applications_forget,
)
from plugins.members.services.withdrawals import withdrawal_announce, withdrawal_confirm, withdrawal_revoke
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import ApplicationFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

APPLY = reverse("members:apply")
CONFIRM = reverse("members:application_confirm")
ANSWER = reverse("members:application_answer")
CODE = reverse("mail:code")
LEAVE = reverse("members:leave")
NEXT_YEAR = today() + dt.timedelta(days=365)


def typed(**changed):
    return {
        "code": "３８２０１",
        "name": "松山市",
        "kind": "city",
        "section": "情報政策課",
        "postcode": "790-0000",
        "address": "見本1丁目",
        "telephone": "０８９－０００－００００",
        "email": "joho@example.jp",
        "lead_name": "見本 花子",
        "head_name": "見本 太郎",
        "deputy_name": "",
        "message": "",
        "website": "",
        "form_token": str(uuid.uuid4()),
        **changed,
    }


def code_of(kind):
    """Return the code in the last mail of a kind, as its reader types it."""
    message = Message.objects.filter(kind=kind).latest("pk")
    return message.deliveries.get().values["code"]


def enter(client, kind):
    return client.post(CODE, {"code": code_of(kind)})


def applied(client, **changed):
    """Apply and confirm, and return the application."""
    client.post(APPLY, typed(**changed))
    enter(client, "members.application_confirm")
    client.post(CONFIRM)
    return Application.objects.latest("pk")


@pytest.fixture
def staff():
    return UserFactory(is_superuser=True)


class TestApplying:
    def test_counts_once_the_code_was_entered_and_confirmed(self, client):
        assert client.post(APPLY, typed()).headers["Location"] == reverse("members:applied")
        stored = Application.objects.get()
        assert (stored.state, stored.code, stored.telephone) == ("unconfirmed", "382019", "089-000-0000")

        assert enter(client, "members.application_confirm").headers["Location"] == CONFIRM
        for _ in range(2):  # looking uses nothing up
            assert "松山市" in client.get(CONFIRM).text
        assert Application.objects.get().state == "unconfirmed"
        assert "申込みを受け付けました" in client.post(CONFIRM).text

        assert Application.objects.get().state == "open"
        assert ModelLogEntry.objects.for_instance(stored).get().action == "members.application_received"

    def test_code_works_once(self, client):
        applied(client)

        answer = enter(client, "members.application_confirm")

        assert "申込みは" in answer.text
        assert "に受け付けています" in answer.text
        with pytest.raises(CodeRefusedError):
            application_confirm(code=Code.objects.get())

    @pytest.mark.parametrize("url", [CONFIRM, ANSWER])
    def test_without_a_code_one_is_asked_for(self, client, url):
        assert client.get(url).headers["Location"] == CODE
        assert client.post(url).headers["Location"] == CODE

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"code": "382018"}, "検査数字"),
            ({"code": "12"}, "6桁"),
            ({"telephone": "電話なし"}, "数字とハイフン"),
            ({"email": "a..b@docomo.ne.jp"}, "a..b"),
            ({"lead_name": ""}, "必"),
            ({"kind": "other"}, "other"),
        ],
    )
    def test_bad_input_is_a_sentence_and_keeps_what_was_typed(self, client, changed, words):
        answer = client.post(APPLY, typed(**changed))

        assert answer.status_code == 422
        assert words in answer.text
        assert "情報政策課" in answer.text
        assert not Application.objects.exists()
        assert not Message.objects.exists()

    def test_member_reads_that_it_is_one(self, client):
        MembershipFactory(organisation=OrganisationFactory(code="382019", name="松山市"))

        answer = client.post(APPLY, typed())

        assert answer.status_code == 422
        assert "既に会員です" in answer.text
        assert "情報政策課" in answer.text

    def test_who_was_accepted_for_a_later_day_reads_from_when_it_is_a_member(self, client):
        MembershipFactory(organisation=OrganisationFactory(code="382019", name="松山市"), starts_on=NEXT_YEAR)

        answer = client.post(APPLY, typed())

        assert answer.status_code == 422
        assert f"松山市は{format_date(NEXT_YEAR, weekday=False)}から会員になります" in answer.text
        assert not Application.objects.exists()

    def test_code_of_another_municipality_is_told(self, client):
        OrganisationFactory(code="382019", name="今治市")

        assert "今治市のものです" in client.post(APPLY, typed()).text

    def test_municipality_that_was_merged_away_is_told(self, client):
        OrganisationFactory(code="382019", name="松山市", valid_to=today())

        assert "現在は存在しません" in client.post(APPLY, typed()).text

    def test_second_application_is_told_of_the_first(self, client):
        applied(client)

        assert "受け付けています" in client.post(APPLY, typed()).text
        assert Application.objects.count() == 1

    def test_two_unconfirmed_applications_end_as_one(self, client):
        client.post(APPLY, typed())
        client.post(APPLY, typed())
        first, second = Code.objects.order_by("pk")
        application_confirm(code=first)

        with pytest.raises(ValidationError, match="受け付けています"):
            application_confirm(code=second)

    def test_database_refuses_two_undecided_applications(self):
        ApplicationFactory(code="382019")

        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.bulk_create([ApplicationFactory.build(code="382019")])

    def test_same_form_sent_twice_is_one_application(self, client):
        form = typed()
        client.post(APPLY, form)
        client.post(APPLY, form)

        assert Application.objects.count() == Message.objects.count() == 1

    def test_program_that_fills_in_the_trap_leaves_nothing(self, client):
        assert client.post(APPLY, typed(website="x")).status_code == 302
        assert not Application.objects.exists()

    @pytest.mark.parametrize("place", ["192.0.2.1", "2001:db8:0:1::{:x}"])
    def test_many_from_one_place_are_slowed_down(self, client, place):
        for number in range(ALLOWED_FROM_ONE_ADDRESS):
            client.post(APPLY, typed(email=f"a{number}@example.jp"), REMOTE_ADDR=place.format(number))

        answer = client.post(APPLY, typed(email="last@example.jp"), REMOTE_ADDR=place.format(0xFFFF))

        assert answer.status_code == 429
        assert "情報政策課" in answer.text
        assert Application.objects.count() == ALLOWED_FROM_ONE_ADDRESS

    def test_nobody_fills_the_mailbox_of_somebody_else(self, client):
        assert [client.post(APPLY, typed()).status_code for _ in range(4)] == [302, 302, 302, 429]

    def test_what_nobody_confirmed_is_deleted(self, client):
        client.post(APPLY, typed())
        kept = ApplicationFactory()
        Application.objects.update(received_at=timezone.now() - dt.timedelta(days=15))

        assert applications_forget() == 1
        assert list(Application.objects.all()) == [kept]

    def test_what_was_declined_goes_and_what_was_accepted_names_nobody_any_more(self, staff):
        declined, waiting, recent = (ApplicationFactory() for _ in range(3))
        accepted = ApplicationFactory(lead_name="見本 花子", head_name="見本 太郎", message="よろしく")
        application_ask(application=accepted, question="見本花子さんの所属は。", by=staff)
        application_accept(application=accepted, starts_on=today(), by=staff)
        for application in (declined, recent):
            application_decline(application=application, letter="受付終了", by=staff)
        long_ago = timezone.now() - dt.timedelta(days=366)
        Application.objects.filter(pk__in=[declined.pk, accepted.pk]).update(decided_at=long_ago)

        assert (applications_forget(), applications_forget()) == (2, 0)

        assert set(Application.objects.all()) == {waiting, recent, accepted}
        accepted.refresh_from_db()
        assert [*accepted.people, *accepted.notes.all()] == []
        assert accepted.message == ""
        assert accepted.organisation is not None
        recent.refresh_from_db()
        assert recent.lead_name

    def test_menu_marks_the_page_itself_and_not_the_corner_above_it(self, client):
        page = client.get(APPLY).text

        assert '<a href="/members/apply/" aria-current="page">' in page
        assert '<a href="/members/" aria-current' not in page

    def test_page_is_in_the_menu_and_gone_with_the_plugin(self, client):
        assert APPLY in [item.url for item in menu_items.collect()]
        with plugin_disabled("members"):
            assert APPLY not in [item.url for item in menu_items.collect()]
            assert client.get(APPLY).status_code == client.post(APPLY, typed()).status_code == 404


class TestAskingBack:
    def test_question_is_mailed_and_answered_with_a_code(self, client, staff):
        application = applied(client)
        application_ask(application=application, question="課の人数は。", by=staff)
        application.refresh_from_db()
        assert application.state == ApplicationState.ASKED

        enter(client, "members.application_answer")
        assert "課の人数は。" in client.get(ANSWER).text
        assert client.post(ANSWER, {"text": ""}).status_code == 422
        assert "事務局に届きました" in client.post(ANSWER, {"text": "5人です。"}).text

        application.refresh_from_db()
        assert application.state == ApplicationState.OPEN
        assert [note.text for note in application.notes.all()] == ["課の人数は。", "5人です。"]

    def test_code_that_was_used_says_what_came_of_it(self, client, staff):
        application = applied(client)
        application_ask(application=application, question="課の人数は。", by=staff)
        enter(client, "members.application_answer")
        client.post(ANSWER, {"text": "5人です。"})

        assert "事務局に届いています" in enter(client, "members.application_answer").text

        application_decline(application=application, letter="受付終了", by=staff)
        assert "決定済み" in enter(client, "members.application_confirm").text

    def test_answer_to_what_is_decided_is_a_sentence(self, client, staff):
        application = applied(client)
        application_ask(application=application, question="課の人数は。", by=staff)
        enter(client, "members.application_answer")
        application_decline(application=application, letter="受付終了", by=staff)

        answer = client.post(ANSWER, {"text": "5人です。"})

        assert answer.status_code == 409
        assert "5人です。" in answer.text


class TestDeciding:
    def test_mails_about_an_application_are_recorded_under_the_municipality(self, client, staff):
        application = applied(client)
        application_ask(application=application, question="電話番号は。", by=staff)
        application_accept(application=application, starts_on=today(), by=staff)

        mails = Delivery.objects.filter(message__kind__startswith="members.application_")

        assert set(mails.values_list("name", flat=True)) == {application.name}
        assert mails.count() == 3

    def test_acceptance_makes_a_member_with_seats_and_invitations(self, client, staff):
        application = applied(client)

        organisation = application_accept(application=application, starts_on=today(), by=staff)

        assert list(members_on(today())) == [organisation]
        assert (organisation.code, organisation.prefecture, organisation.email) == ("382019", "38", "joho@example.jp")
        rows = Affiliation.objects.filter(organisation=organisation)
        assert {(row.seat.role, row.person.display_name) for row in rows.select_related("seat", "person")} == {
            (SeatRole.SECTION_HEAD, "見本 太郎"),
            (SeatRole.LEAD, "見本 花子"),
        }
        assert Invitation.objects.count() == 2
        assert {"members.invitation", "members.application_accepted"} <= set(
            Message.objects.values_list("kind", flat=True)
        )

    def test_organisation_of_the_register_is_taken_and_gets_the_contacts(self, client, staff):
        known = OrganisationFactory(
            code="382019", name="松山市", telephone="", population=517_000, population_on=today()
        )
        application = applied(client)

        assert application_accept(application=application, starts_on=today(), by=staff) == known
        known.refresh_from_db()
        assert (known.telephone, known.population) == ("089-000-0000", 517_000)

    def test_what_the_register_says_stays_unless_it_is_chosen_otherwise(self, client, staff):
        known = OrganisationFactory(
            code="382019", name="松山市", email="daihyo@example.jp", telephone="089-111-1111", postcode=""
        )
        application = applied(client)
        client.force_login(staff)
        url = reverse("members_admin:application_accept", args=[application.pk])
        assert "daihyo@example.jp → joho@example.jp" in client.get(url).text

        client.post(url, {"starts_on": today().isoformat(), "replace": ["telephone"]})

        known.refresh_from_db()
        assert (known.email, known.telephone, known.postcode) == ("daihyo@example.jp", "089-000-0000", "790-0000")
        page = client.get(reverse("organisations:history", args=[known.pk])).text
        assert "089-111-1111 → 089-000-0000" in page
        assert Affiliation.objects.filter(organisation=known).exists()

    def test_of_two_clerks_the_second_reads_what_the_first_decided(self, client, staff):
        mine = applied(client)
        theirs = Application.objects.get(pk=mine.pk)
        application_accept(application=theirs, starts_on=today(), by=staff)

        for act in (
            lambda: application_accept(application=mine, starts_on=today(), by=staff),
            lambda: application_decline(application=mine, letter="x", by=staff),
            lambda: application_ask(application=mine, question="x", by=staff),
        ):
            with pytest.raises(ValidationError, match=f"{staff.display_name}が.*承認"):
                act()
        assert Membership.objects.count() == 1
        assert User.objects.exclude(pk=staff.pk).count() == 2

    def test_who_became_a_member_meanwhile_is_not_made_one_again(self, client, staff):
        application = applied(client)
        MembershipFactory(organisation=OrganisationFactory(code="382019", name="松山市"))

        with pytest.raises(ValidationError, match="既に会員"):
            application_accept(application=application, starts_on=today(), by=staff)

        assert Application.objects.get().state == ApplicationState.OPEN
        assert not Invitation.objects.exists()

    def test_who_was_closed_meanwhile_does_not_become_a_member(self, client, staff):
        application = applied(client)
        OrganisationFactory(code="382019", name="松山市", telephone="", valid_to=today())
        client.force_login(staff)

        answer = client.post(
            reverse("members_admin:application_accept", args=[application.pk]), {"starts_on": today().isoformat()}
        )

        assert "廃止のため、その日以後は会員にできません" in answer.text
        assert Application.objects.get().state == ApplicationState.OPEN
        assert not Membership.objects.exists()
        assert Organisation.objects.get().telephone == ""

    def test_what_was_not_confirmed_is_not_decided(self, client, staff):
        client.post(APPLY, typed())

        with pytest.raises(ValidationError, match="確認されていません"):
            application_accept(application=Application.objects.get(), starts_on=today(), by=staff)

    def test_letter_that_declines_is_mailed_and_printed(self, client, staff):
        application = applied(client)
        client.force_login(staff)
        url = reverse("members_admin:application_decline", args=[application.pk])

        assert client.post(url, {"letter": ""}).status_code == 200
        client.post(url, {"letter": "規約により\n受け付けていません。"})

        application.refresh_from_db()
        assert (application.state, application.decided_by_name) == (ApplicationState.DECLINED, staff.display_name)
        letter = client.get(reverse("members_admin:application_letter", args=[application.pk])).text
        assert "受け付けていません。" in letter
        assert "松山市 情報政策課" in letter
        delivery = Message.objects.get(kind="members.application_declined").deliveries.get()
        assert "受け付けていません。" in delivery.values["letter"]
        assert Organisation.objects.count() == 0

    def test_words_of_strangers_are_no_placeholders(self, client, staff):
        application = applied(client, name="松山{{code}}市", message="{{recipient_name}}")

        application_decline(application=application, letter="{{unsubscribe_url}}", by=staff)

        assert Message.objects.filter(kind="members.application_declined").exists()


class TestDesk:
    @pytest.fixture
    def desk(self, client):
        person = UserFactory()
        rights = ["access_admin", "view_application", "change_application", "view_withdrawal", "change_withdrawal"]
        person.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client.force_login(person)
        return client

    def test_list_filters_by_state_and_leads_to_the_application(self, desk):
        shown, hidden = ApplicationFactory(name="新市"), ApplicationFactory(name="旧市", state="unconfirmed")
        url = reverse("members_applications:index")

        assert list(desk.get(url, {"state": "open"}).context["object_list"]) == [shown]
        assert reverse("members_admin:application", args=[hidden.pk]) in desk.get(url).text

    @pytest.mark.parametrize("name", ["members_applications", "members_withdrawals"])
    def test_lists_are_exported_as_they_are_filtered(self, desk, name):
        ApplicationFactory(name="新市")
        withdrawal = announced(MembershipFactory())

        for file_format, beginning in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            sheet = desk.get(reverse(f"{name}:index"), {"export": file_format}).getvalue()
            assert sheet.startswith(beginning)
            if file_format == "csv":
                row = "新市" if name == "members_applications" else str(withdrawal.organisation)
                assert row in sheet.decode()

    def test_list_takes_as_many_queries_for_thirty_as_for_one(self, desk, queries_of):
        ApplicationFactory()
        one = queries_of(lambda: desk.get(reverse("members_applications:index")))
        ApplicationFactory.create_batch(29)

        assert one == queries_of(lambda: desk.get(reverse("members_applications:index")))

    def test_application_is_asked_back_and_accepted(self, desk):
        application = ApplicationFactory()
        page = reverse("members_admin:application", args=[application.pk])
        assert reverse("members_admin:application_accept", args=[application.pk]) in desk.get(page).text

        desk.post(reverse("members_admin:application_ask", args=[application.pk]), {"question": "課の人数は。"})
        assert "課の人数は。" in desk.get(page).text
        done = desk.post(
            reverse("members_admin:application_accept", args=[application.pk]), {"starts_on": "2026-04-01"}, follow=True
        )

        assert "会員になりました" in done.text
        assert reverse("members_admin:application_accept", args=[application.pk]) not in desk.get(page).text
        assert Membership.objects.get().starts_on == dt.date(2026, 4, 1)
        assert desk.get(reverse("members_applications:history", args=[application.pk])).status_code == 200

    def test_second_clerk_reads_one_sentence(self, desk):
        application = ApplicationFactory()
        url = reverse("members_admin:application_accept", args=[application.pk])
        desk.post(url, {"starts_on": "2026-04-01"})

        answer = desk.post(url, {"starts_on": "2026-04-01"})

        assert answer.status_code == 200
        assert "承認" in answer.text
        assert Membership.objects.count() == 1

    def test_letter_of_what_was_not_declined_is_not_found(self, desk):
        assert desk.get(reverse("members_admin:application_letter", args=[ApplicationFactory().pk])).status_code == 404

    def test_home_reminds_of_what_waits(self, staff):
        ApplicationFactory()
        ApplicationFactory(state="unconfirmed")

        assert "1件" in " ".join(str(one.sentence) for one in to_dos.collect(staff) if "members" in one.url)

    def test_announcement_is_confirmed_or_revoked(self, desk):
        membership = MembershipFactory()
        made = announced(membership)
        url = reverse("members_admin:withdrawal", args=[made.pk])
        assert str(membership.organisation) in desk.get(reverse("members_withdrawals:index")).text

        desk.post(url, {"revoke": "1"})
        made.refresh_from_db()
        assert made.state == WithdrawalState.REVOKED
        assert "取りやめ" in desk.post(url, {"ends_on": NEXT_YEAR.isoformat()}).text

        again = announced(membership)
        desk.post(reverse("members_admin:withdrawal", args=[again.pk]), {"ends_on": NEXT_YEAR.isoformat()})
        membership.refresh_from_db()
        assert (membership.ends_on, membership.leave_reason) == (NEXT_YEAR, LeaveReason.WITHDREW)


def announced(membership, **person):
    """Announce that a member leaves in a year, by its lead contact."""
    seat = SeatFactory(organisation=membership.organisation)
    by = AffiliationFactory(seat=seat).person
    return withdrawal_announce(organisation=membership.organisation, ends_on=NEXT_YEAR, reason="", by=by)


class TestLeaving:
    @pytest.fixture
    def lead(self):
        return AffiliationFactory(seat=SeatFactory(organisation=MembershipFactory().organisation)).person

    def test_lead_contact_announces_and_nothing_ends_yet(self, client, lead):
        client.force_login(lead)

        answer = client.post(LEAVE, {"ends_on": NEXT_YEAR.isoformat(), "reason": "財政"}, follow=True)

        assert "申し出ています" in answer.text
        assert Withdrawal.objects.get().announced_by_name == lead.display_name
        assert Membership.objects.get().ends_on is None

    @pytest.mark.parametrize(("ends_on", "words"), [("2020-04-01", "明日以降"), ("いつか", "いつか"), ("", "必")])
    def test_bad_day_is_a_sentence(self, client, lead, ends_on, words):
        client.force_login(lead)

        answer = client.post(LEAVE, {"ends_on": ends_on, "reason": "財政"})

        assert answer.status_code == 422
        assert words in answer.text
        assert "財政" in answer.text

    def test_corner_leads_there_for_who_speaks_for_the_organisation(self, client, lead):
        deputy = AffiliationFactory(seat=SeatFactory(organisation=Organisation.objects.get(), role=SeatRole.DEPUTY))

        for person, offered in ((lead, True), (deputy.person, False)):
            client.force_login(person)
            assert (LEAVE in client.get(reverse("members:corner")).text) is offered

    def test_second_announcement_is_told_of_the_first(self, client, lead):
        organisation = Organisation.objects.get()
        withdrawal_announce(organisation=organisation, ends_on=NEXT_YEAR, reason="", by=lead)

        with pytest.raises(ValidationError, match=lead.display_name):
            withdrawal_announce(organisation=organisation, ends_on=NEXT_YEAR, reason="", by=lead)

    def test_of_two_clerks_the_second_reads_what_the_first_decided(self, staff):
        made = announced(MembershipFactory())
        stale = Withdrawal.objects.get(pk=made.pk)
        withdrawal_confirm(withdrawal=made, ends_on=NEXT_YEAR, by=staff)

        with pytest.raises(ValidationError, match=staff.display_name):
            withdrawal_revoke(withdrawal=stale, by=staff)

    def test_who_does_not_speak_for_a_member_is_refused(self, client):
        deputy = SeatFactory(organisation=MembershipFactory().organisation, role=SeatRole.DEPUTY)
        for person in (AffiliationFactory(seat=deputy).person, AffiliationFactory().person, UserFactory()):
            client.force_login(person)
            assert client.get(LEAVE).status_code == client.post(LEAVE).status_code == 403
        assert not Withdrawal.objects.exists()

    def test_deputy_reads_whom_to_ask(self, client):
        deputy = SeatFactory(organisation=MembershipFactory().organisation, role=SeatRole.DEPUTY)
        client.force_login(AffiliationFactory(seat=deputy).person)

        assert "主管課長又は正担当者に依頼" in client.get(LEAVE).text

    def test_list_says_on_which_day_it_was_announced(self, client, lead):
        withdrawal_announce(organisation=lead.affiliations.get().organisation, ends_on=NEXT_YEAR, reason="", by=lead)
        client.force_login(UserFactory(is_superuser=True))

        assert "申出日時" in client.get(reverse("members_withdrawals:index")).text

    def test_visitor_is_sent_to_log_in(self, client):
        assert client.get(LEAVE).headers["Location"].startswith("/accounts/login/")

    def test_member_announces_for_itself_only(self, client, lead):
        other = MembershipFactory().organisation
        client.force_login(lead)

        client.post(LEAVE, {"ends_on": NEXT_YEAR.isoformat(), "reason": "", "organisation": other.pk})

        assert not Withdrawal.objects.filter(organisation=other).exists()
        assert Withdrawal.objects.count() == 1


ADMIN = [
    ("application", "view_application"),
    ("application_accept", "change_application"),
    ("application_ask", "change_application"),
    ("application_decline", "change_application"),
    ("withdrawal", "view_withdrawal"),
]


@pytest.mark.parametrize(("name", "right"), ADMIN)
@pytest.mark.parametrize("role", ["visitor", "member", "clerk without the right", "clerk with it"])
def test_admin_addresses_open_for_their_right_only(client, name, right, role):
    kept = announced(MembershipFactory()) if name == "withdrawal" else ApplicationFactory()
    url = reverse(f"members_admin:{name}", args=[kept.pk])
    if role == "member":
        client.force_login(AffiliationFactory(seat=SeatFactory(organisation=MembershipFactory().organisation)).person)
    elif role.startswith("clerk"):
        person = UserFactory()
        rights = ["access_admin", "view_membership", *([right] if role.endswith("it") else [])]
        person.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client.force_login(person)

    expected = {"visitor": 302, "member": 403, "clerk without the right": 403, "clerk with it": 200}[role]
    assert client.get(url).status_code == expected
    assert client.get(re.sub(r"\d+", "999999", url)).status_code == (404 if expected == 200 else expected)
    if role == "clerk with it":
        with plugin_disabled("members"):
            assert client.get(url).status_code == 404
