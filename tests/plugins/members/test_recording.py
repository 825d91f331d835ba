"""Who saw whom at the secretariat's desk: each answer that shows, sends or prints names is one row, and no other."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from cms.accounts.models import Affiliation
from cms.calendar import today
from plugins.members.models import RegisterAccess, RosterEntry
from plugins.members.services.rosters import roster_start
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory

pytestmark = pytest.mark.django_db

LISTS = {
    "affiliation": "members_admin:people",
    "organisation": "members_admin:register",
    "rosterentry": "members_roster_entries:index",
}
"""Where the rows of a model are ticked."""
SOON = today() + dt.timedelta(days=7)
PERSON = {"last_name": "見本", "first_name": "後任", "email": "new@example.jp"}


def actions():
    """Return every action of the plugin over ticked rows, as Wagtail serves it."""
    bulk_action_registry._scan_for_bulk_actions()
    return {
        (app, model, name): action
        for app, models in bulk_action_registry.actions.items()
        for model, named in models.items()
        for name, action in named.items()
        if action.__module__.startswith("plugins.members.")
    }


EVERY_ACTION = sorted(actions())


@pytest.fixture
def seated() -> Affiliation:
    """Somebody without an account on a seat of a member that is asked for its roster."""
    organisation = MembershipFactory(
        organisation=OrganisationFactory(name="見本市", email="joho@example.jp")
    ).organisation
    row = AffiliationFactory(seat=SeatFactory(organisation=organisation), person__last_name="極秘")
    row.person.set_unusable_password()
    row.person.save()
    roster_start(title="見本の確認", deadline=SOON, by=None)
    return row


def address(which, *rows):
    app, model, name = which
    keys = {
        "affiliation": lambda row: row.pk,
        "organisation": lambda row: row.organisation_id,
        "rosterentry": lambda row: RosterEntry.objects.get(organisation=row.organisation).pk,
    }
    ticked = urlencode({"id": [keys[model](row) for row in rows], "next": reverse(LISTS[model])}, doseq=True)
    return f"{reverse('wagtail_bulk_action', args=[app, model, name])}?{ticked}"


def rows():
    return list(RegisterAccess.objects.order_by("pk").values_list("use", "detail"))


def clerk(*codenames):
    person = UserFactory()
    person.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return person


def test_there_are_actions():
    assert {model for _app, model, _name in EVERY_ACTION} == set(LISTS)
    assert len(EVERY_ACTION) >= 5


@pytest.mark.parametrize("which", EVERY_ACTION)
def test_action_opens_for_whoever_may_open_its_list_and_for_nobody_else(client, seated, which):
    right = actions()[which].right.partition(".")[2]
    of_the_list = {"rosterentry": "view_rosterentry"}.get(which[1], "view_membership")
    url = address(which, seated)

    client.force_login(clerk(right))
    opens = client.get(reverse(LISTS[which[1]])).status_code
    RegisterAccess.objects.all().delete()
    assert [client.get(url).status_code, client.post(url).status_code] == [opens, opens]
    assert opens == 200 or not rows()
    client.force_login(clerk(right, of_the_list))
    assert client.get(url).status_code == 200
    client.force_login(clerk(of_the_list))
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("which", EVERY_ACTION)
def test_page_that_asks_is_one_row_with_whom_it_names(admin, seated, which):
    page = admin.get(address(which, seated))

    ((use, detail),) = rows()
    assert use == "list"
    assert detail.startswith(f"{actions()[which].display_name} (1): 見本市")
    assert "見本市" in page.text
    assert ("極秘" in detail) is ("極秘" in page.text)


@pytest.fixture
def admin(client):
    """A client of an administrator."""
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_page_that_names_nobody_is_no_row(admin):
    admin.get("/admin/bulk/accounts/affiliation/invite_by_mail/")

    assert rows() == []


def test_what_changes_something_and_leads_on_is_no_row(admin, seated):
    assert admin.post(address(("accounts", "affiliation", "invite_by_mail"), seated)).status_code == 302

    assert rows() == []


def test_form_that_comes_back_shows_the_names_again(admin, seated):
    answer = admin.post(address(("accounts", "organisation", "members_admit"), seated), {"starts_on": "いつか"})

    assert "見本市" in answer.text
    assert [use for use, _detail in rows()] == ["list"]


def test_letters_are_taken_along_and_only_who_gets_one_is_named(admin, seated):
    other = AffiliationFactory(person__last_name="登録済")

    letters = admin.post(address(("accounts", "affiliation", "invite_by_letter"), seated, other))

    assert "極秘" in letters.text
    assert rows() == [("export", f"案内文書の印刷 (1): {seated.seat} {seated.person}")]


def test_letter_of_a_hand_over_is_taken_along(admin, seated):
    url = reverse("members_admin:hand_over", args=[seated.seat_id])

    letter = admin.post(url, {**PERSON, "on": SOON.isoformat(), "by_letter": "on"})

    assert "letter__code" in letter.text
    assert rows() == [("export", f"案内文書の印刷 (1): {seated.seat} 見本 後任")]


def test_form_of_the_desk_is_a_row_as_often_as_it_is_shown(admin, seated):
    url = reverse("members_admin:hand_over", args=[seated.seat_id])
    typed = {**PERSON, "on": SOON.isoformat()}

    admin.get(url)
    admin.post(url, {**typed, "on": "いつか"})
    assert admin.options(url).status_code == 200
    assert admin.post(url, typed).status_code == 302

    assert rows() == [("record", f"引継ぎを届け出る: {seated.seat}")] * 2


def test_names_are_kept_whole_or_not_at_all(admin, seated):
    many = [AffiliationFactory(person__last_name=f"極秘の姓{number}") for number in range(15)]

    admin.get(address(("accounts", "affiliation", "withdraw_invitations"), *many))

    ((_use, detail),) = rows()
    assert "(15): " in detail
    assert detail.endswith("…")
    assert detail[:-1].endswith(tuple(row.person.display_name for row in many))
