"""The secretariat's desk: the register, one organisation, and what is done with its membership."""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.accounts.enums import OrganisationKind
from cms.accounts.models import User
from cms.calendar import today
from cms.mail.models import Delivery, Message, Notice, Suppression
from plugins.members.models import DeclaredCount, Membership, RegisterAccess
from plugins.members.selectors.register import members_on
from plugins.members.services.invitations import invitation_issue
from plugins.members.services.seats import PersonData
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

LIST = reverse("members_admin:register")
DAY = dt.date(2010, 4, 1)


def person_with(*codenames):
    person = UserFactory()
    person.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return person


@pytest.fixture
def desk(client):
    """A client of the secretariat."""
    client.force_login(person_with("view_membership", "change_membership", "view_organisation", "change_organisation"))
    return client


def at(name, organisation):
    return reverse(f"members_admin:{name}", args=[organisation.pk])


def test_register_lists_members_and_those_who_are_not(desk):
    MembershipFactory(organisation=OrganisationFactory(name="会員市"))
    OrganisationFactory(name="案内先市", telephone="03-1111-0000")

    page = desk.get(LIST).text

    assert "会員市" in page
    assert "03-1111-0000" in page
    assert page.count("未加入") >= 1


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({"standing": "never"}, {"未加入市"}),
        ({"standing": "member"}, {"会員市", "会員村"}),
        ({"standing": "member", "kind": "village"}, {"会員村"}),
        ({"population_min": "5000"}, {"未加入市"}),
        ({"standing": "member", "on": "平成21年3月31日"}, set()),
        ({"q": "会員村"}, {"会員村"}),
    ],
)
def test_register_filters(desk, chosen, names):
    MembershipFactory(organisation=OrganisationFactory(name="会員市"))
    MembershipFactory(organisation=OrganisationFactory(name="会員村", kind=OrganisationKind.VILLAGE))
    OrganisationFactory(name="未加入市", population=9000, population_on=DAY)

    assert {one.name for one in desk.get(LIST, chosen).context["object_list"]} == names


BEYOND = ["0001-01-01", "9999-12-31", "令和8000年1月1日", "いつか"]


@pytest.mark.parametrize("on", BEYOND)
def test_day_out_of_reach_shows_and_exports_today(desk, on):
    MembershipFactory()

    assert [one.standing for one in desk.get(LIST, {"on": on}).context["object_list"]] == ["member"]
    sheet = desk.get(reverse("members_admin:export", args=["people", "csv"]), {"on": on})
    assert today().isoformat() in sheet["Content-Disposition"]


@pytest.mark.parametrize("number", ["9" * 40, "1e400", "1e9999999", "-1", "NaN", "ば"])
@pytest.mark.parametrize("names", [["population_min"], ["population_max"], ["population_min", "population_max"]])
def test_no_number_is_too_large_to_be_looked_for(desk, names, number):
    MembershipFactory()

    assert desk.get(LIST, dict.fromkeys(names, number)).status_code == 200


def test_register_takes_as_many_queries_for_thirty_as_for_one(desk, queries_of):
    MembershipFactory()
    one = queries_of(lambda: desk.get(LIST))
    MembershipFactory.create_batch(29)

    assert one == queries_of(lambda: desk.get(LIST)) <= 13


def test_organisation_is_made_a_member_and_its_membership_ends(desk):
    organisation = OrganisationFactory()

    desk.post(at("admit", organisation), {"starts_on": "平成22年4月1日", "join_reason": "joined", "note": ""})
    assert list(members_on(DAY)) == [organisation]

    desk.post(at("withdraw", organisation), {"ends_on": "2011-04-01", "leave_reason": "withdrew"})
    assert not members_on(dt.date(2011, 4, 1)).exists()
    assert members_on(dt.date(2011, 3, 31)).exists()


def test_refusal_is_a_sentence_and_keeps_what_was_typed(desk):
    organisation = MembershipFactory().organisation

    answer = desk.post(at("admit", organisation), {"starts_on": "H22.4.1", "join_reason": "joined", "note": "受付済"})

    assert answer.status_code == 200
    assert "既に会員です" in answer.text
    assert "受付済" in answer.text
    assert Membership.objects.count() == 1


def test_closing_asks_first_and_then_does_it(desk):
    village, city = MembershipFactory().organisation, OrganisationFactory(name="新市")
    AffiliationFactory(seat=SeatFactory(organisation=village))
    form = {"on": "2010-04-01", "successors": city.code, "succeed": "on"}

    asked = desk.post(at("close", village), form)
    village.refresh_from_db()
    assert village.valid_to is None
    assert "新市" in asked.text
    assert 'name="confirmed"' in asked.text

    done = desk.post(at("close", village), {**form, "confirmed": "1"})
    village.refresh_from_db()
    assert done.status_code == 302
    assert village.valid_to == DAY
    assert list(members_on(DAY)) == [city]


def test_closing_with_an_obstacle_offers_no_confirmation(desk):
    village = MembershipFactory().organisation

    answer = desk.post(at("close", village), {"on": "2010-04-01", "successors": village.code, "succeed": "on"})

    assert "自分自身を承継団体に" in answer.text
    assert 'name="confirmed"' not in answer.text


def test_page_of_an_organisation_shows_its_membership_and_people(desk):
    organisation = MembershipFactory().organisation
    seated = AffiliationFactory(seat=SeatFactory(organisation=organisation))

    page = desk.get(at("organisation", organisation)).text

    assert "平成21年4月1日" in page
    assert seated.person.display_name in page


def test_organisation_whose_only_person_has_a_closed_account_shows_as_unmanned(desk):
    closed = MembershipFactory(organisation=OrganisationFactory(name="無人市")).organisation
    AffiliationFactory(seat=SeatFactory(organisation=closed), person__is_active=False)
    AffiliationFactory(seat=SeatFactory(organisation=MembershipFactory().organisation))

    assert [one.name for one in desk.get(LIST, {"unmanned": "true"}).context["object_list"]] == ["無人市"]
    assert closed not in desk.get(LIST, {"unmanned": "false"}).context["object_list"]
    assert [one.value for one in desk.get(LIST, {"unmanned": "true"}).context["active_filters"]] == ["はい"]
    assert RegisterAccess.objects.latest("pk").detail == "会員名簿: 担当者不明: はい"
    assert re.findall(r"<td[^>]*>\s*担当者不明\s*</td>", desk.get(LIST, {"standing": "member"}).text)
    page = desk.get(at("organisation", closed)).text
    assert "利用停止" in page
    assert "担当者不明" in page


ADMIT_MANY = "/admin/bulk/accounts/organisation/members_admit/"


def test_many_become_members_at_once_and_who_is_one_is_left_out(desk):
    member = MembershipFactory(organisation=OrganisationFactory(name="会員市")).organisation
    joining = OrganisationFactory.create_batch(3)
    ids = [one.pk for one in (member, *joining)]
    assert "members_admit" in desk.get(LIST).text
    url = f"{ADMIT_MANY}?{urlencode({'id': ids, 'next': LIST}, doseq=True)}"
    assert "4団体" in desk.get(url).text

    wrong = desk.post(url, {"starts_on": "いつか", "join_reason": "joined"})
    assert "いつか" in wrong.text
    assert Membership.objects.count() == 1
    done = desk.post(url, {"starts_on": "2010-04-01", "join_reason": "joined", "note": ""}, follow=True)

    assert set(members_on(DAY)) == {member, *joining}
    assert Membership.objects.filter(organisation=member).count() == 1
    assert "会員市" in " ".join(str(one) for one in done.context["messages"])
    assert all(ModelLogEntry.objects.for_instance(one).filter(action="members.begin").exists() for one in joining)


@pytest.mark.parametrize("starts_on", ["2010-04-01", "2009-04-01"], ids=["closed then", "closed since"])
def test_closed_organisation_is_not_made_a_member(desk, starts_on):
    closed = OrganisationFactory(name="旧町", valid_to=DAY)
    assert at("admit", closed) not in desk.get(at("organisation", closed)).text

    answer = desk.post(at("admit", closed), {"starts_on": starts_on, "join_reason": "joined", "note": "受付済"})

    assert answer.status_code == 200
    assert answer.text.count("旧町は平成22年4月1日廃止のため、その日以後は会員にできません。") == 1
    assert "受付済" in answer.text
    assert not Membership.objects.exists()


def test_closed_organisations_are_named_and_the_others_become_members(desk):
    closed, city = OrganisationFactory(name="旧町", valid_to=DAY), OrganisationFactory(name="新市")
    later = OrganisationFactory(name="来市", valid_from=dt.date(2011, 4, 1))
    url = f"{ADMIT_MANY}?{urlencode({'id': [closed.pk, city.pk, later.pk], 'next': LIST}, doseq=True)}"
    assert "廃止された団体は除外します" in desk.get(url).text

    done = desk.post(url, {"starts_on": "2010-04-01", "join_reason": "joined", "note": ""}, follow=True)

    assert list(members_on(DAY)) == [city]
    assert Membership.objects.count() == 1
    told = [str(one) for one in done.context["messages"]]
    assert "1団体" in told[-1]
    assert any(words.startswith("次の2団体は") and "旧町" in words and "来市" in words for words in told)


def test_all_of_the_list_means_what_its_filters_show(desk):
    town = OrganisationFactory(kind=OrganisationKind.TOWN)
    OrganisationFactory.create_batch(2)
    url = f"{ADMIT_MANY}?{urlencode({'id': 'all', 'next': f'{LIST}?kind=town'})}"

    desk.post(url, {"starts_on": "2010-04-01", "join_reason": "recorded", "note": ""})

    assert list(members_on(DAY)) == [town]


def test_making_many_members_needs_the_right(client):
    client.force_login(person_with("view_membership", "view_organisation", "change_organisation"))
    organisation = OrganisationFactory()

    assert "members_admit" not in client.get(LIST).text
    answer = client.post(f"{ADMIT_MANY}?id={organisation.pk}", {"starts_on": "2010-04-01", "join_reason": "joined"})

    assert answer.status_code == 403
    assert not Membership.objects.exists()


ADDRESSES = ["register", "organisation", "admit", "withdraw", "close"]


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    ("codenames", "opens"),
    [([], set()), (["view_membership"], {"register", "organisation"}), (["change_membership"], {*ADDRESSES})],
)
def test_each_right_opens_its_pages_only(client, name, codenames, opens):
    organisation = OrganisationFactory()
    rights = [*codenames, "view_membership"] if codenames else codenames
    client.force_login(person_with(*rights))
    url = reverse(f"members_admin:{name}", args=[] if name == "register" else [organisation.pk])

    assert client.get(url).status_code == (200 if name in opens else 403)


def test_unknown_organisation_is_not_found(desk):
    assert desk.get(reverse("members_admin:organisation", args=[999999])).status_code == 404


def test_corrections_are_kept_in_the_history(desk):
    membership = MembershipFactory()
    url = reverse("members_memberships:edit", args=[membership.pk])
    form = {
        "organisation": membership.organisation_id,
        "starts_on": "2009-05-01",
        "join_reason": "joined",
        "ends_on": "",
        "leave_reason": "",
        "note": "訂正",
    }

    assert desk.post(url, form).status_code == 302

    membership.refresh_from_db()
    assert membership.starts_on == dt.date(2009, 5, 1)
    assert desk.get(reverse("members_memberships:history", args=[membership.pk])).status_code == 200


def test_use_of_the_register_says_in_words_what_was_looked_for(desk):
    desk.get(reverse("members_admin:register"), {"prefecture": "38", "q": "松山", "ordering": "name", "p": "1"})

    assert RegisterAccess.objects.get(use="list").detail == "会員名簿: 都道府県: 愛媛県, 松山"


@pytest.mark.parametrize("name", ["people", "people_results"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_address_of_the_people_is_exported_unseen(desk, name, file_format):
    desk.get(reverse(f"members_admin:{name}"), {"export": file_format, "q": "松山"})

    assert [(one.use, one.detail) for one in RegisterAccess.objects.all()] == [("export", "担当者・案内: 松山")]


def test_refusal_is_no_use_of_the_register(client, desk):
    desk.get(reverse("members_admin:organisation", args=[999999]))
    client.force_login(person_with())
    client.get(LIST)

    assert not RegisterAccess.objects.exists()


def test_log_is_kept_in_the_language_of_the_site_whichever_the_reader_has(desk, django_capture_on_commit_callbacks):
    organisation = MembershipFactory().organisation
    exported = reverse("members_admin:export", args=["organisations", "xlsx"])
    looked_up = f"{reverse('person_chooser:choose')}?q=%E8%A6%8B"
    desk.force_login(UserFactory(is_superuser=True))
    desk.cookies["kairan_language"] = "en"

    with django_capture_on_commit_callbacks(execute=True):
        page = desk.get(LIST, {"unmanned": "true", "kind": "village", "standing": "member"})
        for address in (at("organisation", organisation), exported, looked_up):
            assert desk.get(address).status_code == 200

    assert "Nobody in charge" in page.text
    assert page.context["active_filters"][-1].value == "yes"
    kept = list(RegisterAccess.objects.order_by("pk").values_list("detail", flat=True))
    assert (len(kept), kept[0]) == (4, "会員名簿: 会員区分: 会員, 種別: 村, 担当者不明: はい")
    assert re.findall(r"[A-Za-z]{2,}", " ".join(kept)) == ["Excel"]
    assert f'<td lang="ja">{kept[0]}</td>' in desk.get(reverse("members_access:index")).text


def test_who_looks_people_up_in_the_rest_of_the_admin_is_recorded(client, django_capture_on_commit_callbacks):
    seated = AffiliationFactory()
    client.force_login(UserFactory(is_superuser=True))
    addresses = [
        reverse("person_chooser:choose"),
        reverse("person_chooser:choose_results") + "?q=見本",
        reverse("organisations:edit", args=[seated.organisation_id]),
        reverse("wagtailusers_users:index"),
        reverse("wagtailusers_users:edit", args=[seated.person_id]),
    ]

    with django_capture_on_commit_callbacks(execute=True):
        assert {client.get(address).status_code for address in addresses} == {200}

    told = [one.detail for one in RegisterAccess.objects.filter(use="directory").order_by("pk")]
    assert [words.partition(": ")[2] for words in told] == [
        "",
        "見本",
        f"{seated.organisation}",
        "",
        f"{seated.person}",
    ]
    assert told[0] == "担当者を選ぶ"


@pytest.fixture
def mailed(client):
    """Somebody of a member organisation to whom one mail went, and an administrator who is logged in."""
    MembershipFactory(organisation__email="joho@example.jp")
    seat = SeatFactory(organisation=Membership.objects.get().organisation)
    person = invitation_issue(seat=seat, person=PersonData("珍名", "花子", "hanako@example.jp"), by=None).person
    admin = UserFactory(is_superuser=True)
    notice = Notice.objects.create(audience="members.members", subject="件名", text="本文", created_by=admin)
    suspended = Suppression.objects.create(address="hanako@example.jp", cause="manual", person=person)
    client.force_login(admin)
    return {
        "organisation": seat.organisation_id,
        "person": person.pk,
        "notice": notice.pk,
        "delivery": Delivery.objects.get().pk,
        "message": Message.objects.get().pk,
        "suspended": suspended.pk,
    }


SHOW_PEOPLE = {
    "mail_admin:notice": ("notice", "", "件名"),
    "mail_admin:notice_recipients": ("notice", "", "件名"),
    "mail_admin:message": ("message", "", "アカウント"),
    "mail_admin:deliveries": ("", "?person=珍名&q=hanako", "珍名, hanako"),
    "mail_admin:delivery": ("delivery", "", "hanako@example.jp"),
    "mail_admin:sent_to_organisation": ("organisation", "", "市"),
    "mail_admin:sent_to_person": ("person", "", "珍名 花子"),
    "mail_admin:suspensions": ("", "", ""),
    "mail_admin:suspension": ("suspended", "", "hanako@example.jp"),
    "organisations:history": ("organisation", "", "市"),
    "organisations:history_results": ("organisation", "", "市"),
    "organisations:usage": ("organisation", "", "市"),
    "organisations:delete": ("organisation", "", "市"),
    "wagtailusers_users:history": ("person", "", "珍名 花子"),
    "wagtailusers_users:history_results": ("person", "", "珍名 花子"),
    "wagtailusers_users:usage": ("person", "", "珍名 花子"),
    "wagtailusers_users:delete": ("person", "", "珍名 花子"),
    "accounts_desk_handover": ("person", "", "珍名 花子"),
    "privacy_erase": ("person", "", "珍名 花子"),
    "person_chooser:chosen": ("person", "", "珍名 花子"),
}
"""Pages of the core that show people or their addresses: of what, narrowed how, and what the record says."""


@pytest.mark.parametrize("name", SHOW_PEOPLE)
def test_whatever_shows_people_in_the_rest_of_the_admin_is_one_row(
    client, mailed, name, django_capture_on_commit_callbacks
):
    of_what, query, told = SHOW_PEOPLE[name]
    url = reverse(name, args=[mailed[of_what]] if of_what else []) + query

    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(url).status_code == 200

    ((use, detail),) = RegisterAccess.objects.values_list("use", "detail")
    assert use == "directory"
    assert all(word in detail for word in told.split(", "))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("/admin/bulk/accounts/user/delete/", "削除: (2) "),
        ("/admin/bulk/accounts/user/assign_role/", "(2) "),
        ("/admin/bulk/accounts/user/set_active_state/", "(2) "),
        ("/admin/person_chooser/chosen-multiple/", "担当者を選ぶ: (2) "),
    ],
)
def test_whatever_names_several_people_is_one_row_with_their_number(
    client, mailed, url, told, django_capture_on_commit_callbacks
):
    other = UserFactory(last_name="見本", first_name="次郎")

    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(url, {"id": [mailed["person"], other.pk], "next": reverse("wagtailusers_users:index")})

    assert "珍名 花子" in page.content.decode("unicode_escape" if "chosen" in url else "utf-8")
    detail = RegisterAccess.objects.get().detail
    assert told in detail
    assert "珍名 花子" in detail
    assert "見本 次郎" in detail


def test_people_who_were_ticked_are_changed_without_a_row(client, mailed, django_capture_on_commit_callbacks):
    url = f"/admin/bulk/accounts/user/set_active_state/?id={mailed['person']}"

    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(url, {"mark_as_active": "False"})

    assert done.status_code == 302
    assert not User.objects.get(pk=mailed["person"]).is_active
    assert not RegisterAccess.objects.exists()


def test_file_of_deliveries_is_one_row_that_says_so(client, mailed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.get(reverse("mail_admin:deliveries"), {"export": "csv"})

    assert "hanako@example.jp" in answer.getvalue().decode()
    assert RegisterAccess.objects.get().detail.endswith("(CSV)")


@pytest.mark.parametrize("name", ["organisations:edit", "wagtailusers_users:edit"])
def test_form_that_comes_back_with_an_error_is_one_row_and_one_that_leads_on_is_none(
    client, mailed, name, django_capture_on_commit_callbacks
):
    kept = mailed["organisation" if name.startswith("org") else "person"]

    with django_capture_on_commit_callbacks(execute=True):
        back = client.post(reverse(name, args=[kept]), {"username": "", "name": ""})
    assert back.status_code == 200
    assert RegisterAccess.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        person = {"username": "hanako", "last_name": "珍名", "email": "hanako@example.jp", "is_active": "on"}
        done = client.post(reverse("wagtailusers_users:edit", args=[mailed["person"]]), person)
    assert done.status_code == 302
    assert RegisterAccess.objects.count() == 1


def test_uses_are_listed_for_whoever_may_read_the_log(client, desk):
    desk.get(LIST, {"q": "松山"})
    client.force_login(person_with("view_registeraccess"))

    page = client.get(reverse("members_access:index"), {"q": "松山"})

    assert "会員名簿: 松山" in page.text
    assert page.status_code == 200


@pytest.mark.parametrize("key", ["abc", "", str(10**24)])
def test_making_members_of_what_no_row_can_be_is_not_found(desk, key):
    assert desk.get(f"{ADMIT_MANY}?id={key}").status_code == 404


def test_declared_figures_are_found_by_source_and_filtered_by_kind(client):
    client.force_login(UserFactory(is_superuser=True))
    for source, kind in (("総会資料", OrganisationKind.CITY), ("活動報告書", OrganisationKind.TOWN)):
        DeclaredCount.objects.create(source=source, kind=kind, as_of=DAY, count=3)

    for query in ({"q": "総会"}, {"kind": "city"}):
        found = client.get(reverse("members_declared:index"), query).text
        assert ["総会資料" in found, "活動報告書" in found] == [True, False]
