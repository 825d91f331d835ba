"""Invitations: a code by mail or letter, used once, late, withdrawn; an account of one's own."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, User
from cms.accounts.services import password_reset_path
from cms.calendar import format_date, today
from cms.mail.models import Code, Delivery, Message
from cms.mail.services.codes import CodeRefusedError
from cms.mail.services.rendering import mail_preview
from cms.plugin_api.testing import plugin_disabled
from plugins.members.enums import Arrival
from plugins.members.models import Invitation
from plugins.members.selectors.people import people_on_seats
from plugins.members.services.invitations import (
    PersonData,
    invitation_accept,
    invitation_issue,
    invitations_issue,
    invitations_withdraw,
)
from tests.factories.accounts import PASSWORD, AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

PEOPLE = reverse("members_admin:people")
ACCEPT = reverse("members:accept")
CODE = reverse("mail:code")
NEW = PersonData(last_name="見本", first_name="新任", email="joho@example.jp")
CHOSEN = {"username": "mihon-s", "password": "correct horse 77 battery", "again": "correct horse 77 battery"}


def action(name):
    return f"/admin/bulk/accounts/affiliation/{name}/"


@pytest.fixture
def seat():
    return SeatFactory(organisation=OrganisationFactory(email="joho@example.jp"), role=SeatRole.LEAD, label="")


@pytest.fixture
def issued(seat):
    return invitation_issue(seat=seat, person=NEW, by=None)


@pytest.fixture
def desk(client):
    person = UserFactory()
    names = ["access_admin", "view_membership", "add_invitation"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(person)
    return client


def without_password(**values):
    affiliation = AffiliationFactory(**values)
    affiliation.person.set_unusable_password()
    affiliation.person.save()
    return affiliation


def arrival_of(affiliation):
    return people_on_seats(today()).get(pk=affiliation.pk).arrival


def test_person_sits_on_the_seat_before_they_come_and_the_code_is_mailed(issued, seat):
    delivery = Delivery.objects.get()

    assert Affiliation.objects.active_on(today()).get().seat == seat
    assert not issued.person.has_usable_password()
    assert delivery.address == "joho@example.jp"
    assert delivery.values["code"] == issued.code
    assert Message.objects.get().confidential


def test_code_can_be_used_for_fourteen_days_and_the_mail_says_until_when(issued):
    code = Code.objects.get()

    assert code.expires_at - code.created_at >= dt.timedelta(days=14) - dt.timedelta(seconds=5)
    assert format_date(code.expires_at) in Message.objects.get().text


@pytest.mark.parametrize(
    ("kind", "words"), [("invitation", " 様（"), ("handover", " 様"), ("arrived", " 様"), ("roster", "見本第1市 御中")]
)
def test_mail_addresses_its_reader_as_an_office_does(kind, words):
    mail = mail_preview(kind=f"members.{kind}", language="ja")

    assert words in mail.text.splitlines()[0]
    assert words in mail.html


def test_mail_says_the_seat_in_the_language_of_its_reader(seat):
    with translation.override("en"):
        invitation_issue(seat=seat, person=NEW, by=None)

    assert Delivery.objects.get().values["seat"] == "正担当者"


def test_code_is_kept_nowhere_else(issued):
    assert issued.code.replace("-", "") not in str([*Invitation.objects.values(), *Code.objects.values()])


def test_accepting_sets_id_and_password_and_opens_one_session(client, issued):
    assert client.post(CODE, {"code": issued.code}).headers["Location"] == ACCEPT

    answer = client.post(ACCEPT, CHOSEN)

    assert answer.headers["Location"] == reverse("members:welcome")
    person = User.objects.get(username="mihon-s")
    assert person.pk == issued.person.pk
    assert person.check_password(CHOSEN["password"])
    assert client.session["_auth_user_id"] == str(person.pk)
    page = client.get(answer.headers["Location"]).text
    assert reverse("mfa_add_webauthn") in page
    assert reverse("mfa_activate_totp") in page


@pytest.mark.parametrize(("is_member", "leads_to"), [(True, "/members/"), (False, "/")])
def test_who_has_come_is_led_to_what_is_open_to_them(client, is_member, leads_to):
    organisation = MembershipFactory().organisation if is_member else OrganisationFactory()
    client.force_login(AffiliationFactory(seat=SeatFactory(organisation=organisation)).person)

    assert f'<a class="button" href="{leads_to}">' in client.get(reverse("members:welcome")).text


def test_fetching_uses_nothing_up(client, issued):
    client.post(CODE, {"code": issued.code})
    for _again in range(2):
        assert client.get(ACCEPT).status_code == 200
        assert client.head(ACCEPT).status_code == 200

    assert Code.objects.get().used_at is None
    assert client.post(ACCEPT, CHOSEN).status_code == 302


def test_without_a_code_one_is_asked_for(client):
    assert client.get(ACCEPT).headers["Location"] == CODE


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda one: invitation_accept(invitation=one.invitation, username="early", password="x"),
            "アカウントを開設済みです",
        ),
        (lambda one: Code.objects.update(created_at=_ago(15), expires_at=_ago(1)), "このコードの有効期限は"),
        (lambda one: invitations_withdraw(invitations=[one.invitation], by=None), "このコードは取り消されたか"),
        (lambda one: invitation_issue(seat=one.seat, person=one.person, by=None), "このコードは取り消されたか"),
    ],
)
def test_used_late_withdrawn_or_replaced_is_said_in_one_sentence(client, issued, spoil, sentence):
    client.post(CODE, {"code": issued.code})
    spoil(issued)

    entered_before, typed_now = client.post(ACCEPT, CHOSEN), client.post(CODE, {"code": issued.code})

    assert entered_before.status_code in {410, 302}
    assert typed_now.status_code == 422
    assert sentence in typed_now.text
    if entered_before.status_code == 410:
        assert sentence in entered_before.text
    assert not User.objects.filter(username="mihon-s").exists()


def _ago(days):
    return timezone.now() - dt.timedelta(days=days)


def test_code_outlives_no_password(client, issued):
    client.post(CODE, {"code": issued.code})
    issued.person.set_password(PASSWORD)
    issued.person.save()

    looked, answered = client.get(ACCEPT), client.post(ACCEPT, CHOSEN)
    with pytest.raises(CodeRefusedError):
        invitation_accept(invitation=issued.invitation, username="mihon-s", password="another 99 battery")

    assert [looked.status_code, answered.status_code] == [410, 410]
    assert "パスワードが設定済みです" in answered.text
    assert User.objects.get(pk=issued.person.pk).check_password(PASSWORD)


def test_code_of_a_closed_account_is_refused_and_not_used_up(client, issued):
    client.post(CODE, {"code": issued.code})
    User.objects.filter(pk=issued.person.pk).update(is_active=False)

    looked, answered = client.get(ACCEPT), client.post(ACCEPT, CHOSEN)
    with pytest.raises(CodeRefusedError, match="利用停止"):
        invitation_accept(invitation=issued.invitation, username="mihon-s", password=PASSWORD)

    assert [looked.status_code, answered.status_code] == [410, 410]
    assert "利用停止" in answered.text
    person = User.objects.get(pk=issued.person.pk)
    assert (person.username, person.has_usable_password()) == (issued.person.username, False)
    assert (Code.objects.get().used_at, Invitation.objects.get().accepted_at) == (None, None)
    User.objects.update(is_active=True)
    assert invitation_accept(invitation=issued.invitation, username="mihon-s", password=PASSWORD)


@pytest.mark.parametrize("end", ["withdrawn", "run out"])
def test_invitation_that_has_ended_is_not_replaced_by_a_forgotten_password(client, issued, end):
    if end == "withdrawn":
        invitations_withdraw(invitations=[issued.invitation], by=None)
    else:
        long_ago = timezone.now() - dt.timedelta(days=30)
        Code.objects.update(created_at=long_ago, expires_at=long_ago + dt.timedelta(days=14))
    before = Code.objects.count()

    client.post(reverse("account_reset_password"), {"email": issued.person.email})

    mail = Message.objects.order_by("pk").last()
    assert mail.kind == "accounts.password_reset"
    assert "password/reset/key" not in mail.text
    assert Code.objects.count() == before


def test_password_chosen_by_a_reset_settles_the_invitation(client, issued):
    form = client.get(password_reset_path(person=issued.person), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})

    assert User.objects.get(pk=issued.person.pk).check_password(PASSWORD)
    assert not Invitation.objects.unsettled().exists()
    assert client.post(CODE, {"code": issued.code}).status_code == 422


def test_code_replaced_between_form_and_answer_is_refused(issued):
    invitation_issue(seat=issued.seat, person=issued.person, by=None)

    with pytest.raises(CodeRefusedError):
        invitation_accept(invitation=issued.invitation, username="late", password="x")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"username": "taken"}, "このIDは使われています"),
        ({"username": "みほん"}, "半角の英字・数字と"),
        ({"password": "short", "again": "short"}, "短すぎ"),
        ({"again": "different horse 77"}, "一致しません"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_lost(client, issued, typed, sentence):
    UserFactory(username="Taken")
    client.post(CODE, {"code": issued.code})

    answer = client.post(ACCEPT, {**CHOSEN, **typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert Code.objects.get().used_at is None
    assert typed.get("username", "mihon-s") in answer.text


def test_id_typed_in_full_width_is_taken(client, issued):
    client.post(CODE, {"code": issued.code})

    client.post(ACCEPT, {**CHOSEN, "username": "ｍｉｈｏｎ－１"})

    assert User.objects.filter(username="mihon-1").exists()


def test_seat_given_to_somebody_else_meanwhile_lets_nobody_in(client, issued):
    Affiliation.objects.all().delete()
    client.post(CODE, {"code": issued.code})

    answer = client.post(ACCEPT, CHOSEN)

    assert "他の方に引き継がれ" in answer.text
    assert Code.objects.get().used_at is None


def test_colleagues_share_a_mail_address_and_have_a_code_each(seat):
    other = SeatFactory(organisation=seat.organisation)

    first = invitation_issue(seat=seat, person=NEW, by=None)
    second = invitation_issue(seat=other, person=PersonData("見本", "同僚", "joho@example.jp"), by=None)

    assert first.code != second.code
    assert list(Delivery.objects.values_list("address", flat=True)) == ["joho@example.jp"] * 2


def test_taken_seat_is_refused_and_leaves_no_account_behind(seat):
    AffiliationFactory(seat=seat)
    people = User.objects.count()

    with pytest.raises(ValidationError, match="この席"):
        invitation_issue(seat=seat, person=NEW, by=None)
    assert User.objects.count() == people


def test_who_has_an_account_is_not_invited(seat):
    held = AffiliationFactory(seat=seat)

    with pytest.raises(ValidationError, match="アカウント"):
        invitation_issue(seat=seat, person=held.person, by=None)
    assert invitations_issue(affiliations=[held], by=None) == []


def test_without_any_address_a_letter_is_asked_for():
    seat = SeatFactory()

    with pytest.raises(ValidationError, match="文書"):
        invitation_issue(seat=seat, person=PersonData("見本", "無名"), by=None)
    assert invitation_issue(seat=seat, person=PersonData("見本", "無名"), by=None, by_letter=True).code


def test_arrival_goes_from_not_invited_to_accepted(seat):
    row = without_password(seat=seat)
    assert arrival_of(row) == Arrival.NOT_INVITED
    (issued,) = invitations_issue(affiliations=[row], by=None)
    assert arrival_of(row) == Arrival.INVITED
    Invitation.objects.update(expires_at=_ago(1))
    assert arrival_of(row) == Arrival.EXPIRED
    (issued,) = invitations_issue(affiliations=[row], by=None)
    assert issued.invitation.times_issued == 2
    invitation_accept(invitation=issued.invitation, username="came", password=CHOSEN["password"])
    assert arrival_of(row) == Arrival.ACCEPTED
    assert Invitation.objects.count() == 1


def test_list_shows_and_filters_by_arrival(desk, seat):
    without_password(seat=seat, person__first_name="未招待")
    AffiliationFactory(person__first_name="利用中")

    page = desk.get(PEOPLE, {"arrival": "not_invited"}).text

    assert "未招待" in page
    assert "利用中" not in page


def test_list_takes_as_many_queries_for_thirty_as_for_one(desk, queries_of):
    without_password()
    one = queries_of(lambda: desk.get(PEOPLE))
    for _number in range(29):
        without_password()

    assert queries_of(lambda: desk.get(PEOPLE)) == one <= 13


def test_thirty_are_invited_reissued_and_withdrawn_with_the_queries_of_one(queries_of):
    def cycle(rows):
        invitations_issue(affiliations=rows, by=None)
        invitations_issue(affiliations=rows, by=None)
        invitations_withdraw(invitations=Invitation.objects.unsettled(), by=None)

    alone = chosen([without_password()])
    one = queries_of(lambda: cycle(alone))
    thirty = chosen([without_password() for _number in range(30)])

    assert queries_of(lambda: cycle(thirty)) == one
    assert set(Invitation.objects.filter(person__in=[row.person for row in thirty]).values_list("times_issued")) == {
        (2,)
    }
    assert Code.objects.usable(timezone.now()).count() == 0


def chosen(rows):
    """Return the rows as the list hands them to a bulk action."""
    keys = [row.pk for row in rows]
    return list(Affiliation.objects.filter(pk__in=keys).select_related("seat__organisation", "person"))


def test_many_are_invited_at_once_and_those_without_address_are_named(desk, seat):
    reachable, silent = without_password(seat=seat), without_password(person__email="", person__first_name="宛先なし")
    AffiliationFactory()

    page = desk.post(f"{action('invite_by_mail')}?id={reachable.pk}&id={silent.pk}&next={PEOPLE}", follow=True).text

    assert "宛先なし" in page
    assert Delivery.objects.get().person == reachable.person
    assert ModelLogEntry.objects.filter(action="members.invite", object_id=str(seat.organisation_id)).exists()


def test_everybody_means_what_the_list_shows(desk, seat):
    shown = without_password(seat=seat, person__first_name="見本一")
    without_password(person__first_name="別人")

    query = f"?id=all&next={PEOPLE}%3Farrival%3Dnot_invited%26q%3D%E8%A6%8B%E6%9C%AC%E4%B8%80"
    desk.post(f"{action('invite_by_mail')}{query}")

    assert Delivery.objects.get().person == shown.person


def test_letters_are_a_page_each_with_address_and_code_and_are_kept_nowhere(desk):
    organisation = OrganisationFactory(postcode="790-0000", address="見本市中央1丁目1番地", section="情報政策課")
    rows = [without_password(seat=SeatFactory(organisation=organisation)) for _number in range(3)]

    answer = desk.post(f"{action('invite_by_letter')}?{'&'.join(f'id={row.pk}' for row in rows)}&next={PEOPLE}")

    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.text.count('class="letter"') == 3
    assert "〒790-0000" in answer.text
    assert len(set(re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}(?=</p>)", answer.text))) == 3
    assert not Delivery.objects.exists()


def test_withdrawing_kills_the_code_and_keeps_the_person_on_the_seat(desk, issued):
    row = Affiliation.objects.get(person=issued.person)

    desk.post(f"{action('withdraw_invitations')}?id={row.pk}&next={PEOPLE}")

    assert Invitation.objects.get().withdrawn_at
    assert arrival_of(row) == Arrival.NOT_INVITED


@pytest.mark.parametrize("name", ["invite_by_mail", "invite_by_letter", "withdraw_invitations"])
def test_actions_need_the_right_and_the_plugin(client, desk, issued, name):
    url = f"{action(name)}?id={Affiliation.objects.get(person=issued.person).pk}&next={PEOPLE}"
    assert desk.get(url).status_code == 200
    with plugin_disabled("members"):
        assert desk.get(url).status_code == 404
    reader = UserFactory()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_membership"]))
    client.force_login(reader)
    assert client.post(url).status_code in {302, 403}
    assert Invitation.objects.get().times_issued == 1


@pytest.mark.parametrize("inviter", ["colleague", "secretariat", "left"])
def test_colleague_who_invited_is_told_that_the_person_has_come(inviter):
    seat = SeatFactory(role=SeatRole.DEPUTY)
    by = UserFactory()
    if inviter != "secretariat":
        row = AffiliationFactory(seat=SeatFactory(organisation=seat.organisation), person=by)
    invitation = invitation_issue(
        seat=seat, person=PersonData(last_name="見本", first_name="後任", email="a@example.jp"), by=by
    ).invitation
    if inviter == "left":
        row.ends_on = today()
        row.save()

    invitation_accept(invitation=invitation, username="next", password=PASSWORD)

    told = Delivery.objects.filter(message__kind="members.arrived")
    assert [one.person for one in told] == ([by] if inviter == "colleague" else [])
