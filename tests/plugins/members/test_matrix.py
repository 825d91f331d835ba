"""Who gets what at every address of the plugin: the addresses are walked, and what is expected stands here by letter.

A row is a pattern of the URLconf, not a name: two patterns may share one, or have none. A pattern without a row, a row
without a pattern, and a row that is shorter than the readers are many fail.
"""

import datetime as dt
import functools
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.generic import IndexView
from wagtail.models import GroupPagePermission

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, User
from cms.calendar import today
from plugins.members.models import DeclaredCount, RegisterImport, RosterEntry, Withdrawal
from plugins.members.services.rosters import roster_start
from plugins.members.views.joining import applied
from plugins.members.views.status import StatusView
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import ApplicationFactory, MembershipFactory, OfficerTermFactory, SeatClaimFactory
from tests.factories.pages import home_page
from tests.urlconf import address, arguments, entries, view_of

pytestmark = pytest.mark.django_db

READERS = (
    *("visitor", "head of A", "lead of A", "deputy of A", "head of B"),
    *("former", "editor", "administrator", "clerk", "viewer"),
)
# o: gets it; l: is sent to log in; c: is asked for a code; x: refused; -: not found; m: no such method.
# In the order of the readers, GET before POST. The clerk enters the admin without a right of the register; the viewer
# may view all of it and change nothing.
EXPECTED: dict[str, tuple[str, str]] = {
    "/admin/members/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/<int:pk>/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/<int:pk>/admit/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/<int:pk>/close/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/<int:pk>/withdraw/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/applications/<int:pk>/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/applications/<int:pk>/accept/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/applications/<int:pk>/ask/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/applications/<int:pk>/decline/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/applications/<int:pk>/letter/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/claims/<int:pk>/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/claims/<int:pk>/approve/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/claims/<int:pk>/decline/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/export/<str:kind>/<str:file_format>/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/import/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/import/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/import/<int:pk>/absent/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members/people/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/people/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members/roster/<int:pk>/remind/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/roster/answers/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/roster/answers/<int:pk>/entered/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/roster/start/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/seats/<int:seat>/cancel/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/seats/<int:seat>/hand-over/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members/withdrawals/<int:pk>/": ("lxxxxlxoxo", "lxxxxlxoxx"),
    "/admin/members_access/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_access/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_applications/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_applications/history-results/<str:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_applications/history/<str:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_applications/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_claims/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_claims/history-results/<str:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_claims/history/<str:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_claims/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_declared/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_declared/delete/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_declared/edit/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_declared/history-results/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_declared/history/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_declared/new/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_declared/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_declared/usage/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_imports/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_imports/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_memberships/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_memberships/delete/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_memberships/edit/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_memberships/history-results/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_memberships/history/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_memberships/new/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_memberships/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_memberships/usage/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_officers/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_officers/delete/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_officers/edit/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_officers/history-results/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_officers/history/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_officers/new/": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "/admin/members_officers/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_officers/usage/<int:pk>/": ("lxxxxlxoxx", "lxxxxlxmxx"),
    "/admin/members_roster_entries/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_roster_entries/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_rosters/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_rosters/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_withdrawals/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/admin/members_withdrawals/results/": ("lxxxxlxoxo", "lxxxxlxmxm"),
    "/members/": ("loooolxxxx", "lmmmmlxxxx"),
    "/members/apply/": ("oooooooooo", "oooooooooo"),
    "/members/apply/answer/": ("cccccccccc", "cccccccccc"),
    "/members/apply/confirm/": ("cccccccccc", "cccccccccc"),
    "/members/apply/sent/": ("oooooooooo", "oooooooooo"),
    "/members/claim/": ("oooooooooo", "oooooooooo"),
    "/members/claim/confirm/": ("cccccccccc", "cccccccccc"),
    "/members/claim/sent/": ("oooooooooo", "oooooooooo"),
    "/members/directory/": ("loooolxxxx", "loooolxxxx"),
    "/members/invitation/": ("cccccccccc", "cccccccccc"),
    "/members/leave/": ("looxolxxxx", "looxolxxxx"),
    "/members/officers/": ("oooooooooo", "mmmmmmmmmm"),
    "/members/organisation/": ("loooolxxxx", "lmmmmlxxxx"),
    "/members/organisation/<int:pk>/cancel/": ("looo-lxxxx", "looo-lxxxx"),
    "/members/organisation/<int:pk>/cancel/ of B": ("l---olxxxx", "l---olxxxx"),
    "/members/organisation/<int:pk>/change/": ("loox-lxxxx", "loox-lxxxx"),
    "/members/organisation/<int:pk>/change/ of B": ("l---olxxxx", "l---olxxxx"),
    "/members/organisation/<int:pk>/end/": ("loox-lxxxx", "loox-lxxxx"),
    "/members/organisation/<int:pk>/end/ of B": ("l---olxxxx", "l---olxxxx"),
    "/members/organisation/<int:pk>/hand-over/": ("looo-lxxxx", "looo-lxxxx"),
    "/members/organisation/<int:pk>/hand-over/ of B": ("l---olxxxx", "l---olxxxx"),
    "/members/organisation/<int:pk>/invite-again/": ("loox-lxxxx", "loox-lxxxx"),
    "/members/organisation/<int:pk>/invite-again/ of B": ("l---olxxxx", "l---olxxxx"),
    "/members/organisation/<int:pk>/invite/": ("loox-lxxxx", "loox-lxxxx"),
    "/members/organisation/<int:pk>/invite/ of B": ("l---olxxxx", "l---olxxxx"),
    "/members/organisation/add/": ("looxolxxxx", "looxolxxxx"),
    "/members/peers/": ("loooolxxxx", "lmmmmlxxxx"),
    "/members/register/": ("oooooooooo", "mmmmmmmmmm"),
    "/members/roster/": ("cccccccccc", "cccccccccc"),
    "/members/roster/<int:pk>/": ("looo-lxxxx", "looo-lxxxx"),
    "/members/roster/<int:pk>/ of B": ("l---olxxxx", "l---olxxxx"),
    "/members/status/": ("oooooooooo", "mmmmmmmmmm"),
    "/members/welcome/": ("looooloooo", "lmmmmlmmmm"),
    "bulk:accounts:affiliation:invite_by_letter": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "bulk:accounts:affiliation:invite_by_mail": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "bulk:accounts:affiliation:withdraw_invitations": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "bulk:accounts:organisation:members_admit": ("lxxxxlxoxx", "lxxxxlxoxx"),
    "bulk:members:rosterentry:remind_silent": ("lxxxxlxoxx", "lxxxxlxoxx"),
}
REFUSED = set("lcx-m")
OF_B = " of B"
"""Marks the row of an address that is asked for what belongs to the other organisation."""
SECRETS = {side: f"極秘{side}" for side in "AB"}
SOON, NEXT_YEAR = today() + dt.timedelta(days=7), today() + dt.timedelta(days=365)


class Site:
    """Two members with the same of everything, each with words that are nobody else's."""

    def __init__(self) -> None:
        self.sides = {side: self._side(side) for side in SECRETS}
        for side in self.sides.values():
            self._answer(side)
        self.application = ApplicationFactory(lead_name=SECRETS["B"], message=SECRETS["B"])
        self.declined = ApplicationFactory(
            lead_name=SECRETS["B"], letter=SECRETS["B"], state="declined", decided_at=timezone.now()
        )
        self.read = RegisterImport.objects.create(kind="people", file_name=f"{SECRETS['B']}.csv", headings=["コード"])
        self.declared = DeclaredCount.objects.create(as_of=today(), count=1238, source="見本")

    def _side(self, side: str) -> dict[str, Any]:
        membership = MembershipFactory(organisation=OrganisationFactory(email=f"joho@{side.lower()}.example.jp"))
        organisation, secret = membership.organisation, SECRETS[side]
        head = self._seated(organisation, SeatRole.SECTION_HEAD, secret)
        former = self._seated(organisation, SeatRole.LEAD, secret, label="前任", ends_on=today())
        return {
            "organisation": organisation,
            "membership": membership,
            "head": head,
            "lead": self._seated(organisation, SeatRole.LEAD, secret),
            "deputy": self._seated(organisation, SeatRole.DEPUTY, secret),
            "former": former.person,
            "claim": SeatClaimFactory(organisation=organisation, last_name=secret, message=secret),
            "term": OfficerTermFactory(organisation=organisation),
            "withdrawal": Withdrawal.objects.create(
                organisation=organisation, ends_on=NEXT_YEAR, announced_by_name=secret, reason=secret
            ),
        }

    def _seated(self, organisation: Any, role: SeatRole, secret: str, **dates: Any) -> Affiliation:
        seat = SeatFactory(organisation=organisation, role=role, label=dates.pop("label", ""))
        return AffiliationFactory(seat=seat, person__last_name=secret, **dates)

    def _answer(self, side: dict[str, Any]) -> None:
        if not RosterEntry.objects.exists():
            self.roster = roster_start(title="見本の確認", deadline=SOON, by=None)
        side["entry"] = RosterEntry.objects.get(organisation=side["organisation"])

    def person(self, reader: str) -> User | None:
        """Return who reads; nobody is logged in as a visitor."""
        if " of " in reader:
            role, _of, side = reader.partition(" of ")
            return self.sides[side][role].person
        return {
            "visitor": lambda: None,
            "former": lambda: self.sides["A"]["former"],
            "editor": self._editor,
            "administrator": lambda: UserFactory(is_superuser=True),
            "clerk": self._clerk,
            "viewer": lambda: self._clerk(content_type__app_label="members", codename__startswith="view_"),
        }[reader]()

    def _clerk(self, **rights: Any) -> User:
        person = UserFactory()
        person.user_permissions.add(Permission.objects.get(codename="access_admin"))
        if rights:
            person.user_permissions.add(*Permission.objects.filter(**rights))
        return person

    def _editor(self) -> User:
        group = EditorGroup.objects.create(name="広報")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        home = home_page()
        for codename in ("add_page", "change_page", "publish_page"):
            permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.create(group=group, page=home, permission=permission)
        person = UserFactory()
        person.groups.add(group)
        return person

    def address(self, row: str) -> str:
        """Return the address of a row, asked for what belongs to A or, where its name says so, to B."""
        pattern = row.removesuffix(OF_B)
        own = self.sides["A" if pattern.startswith("/members/") and row == pattern else "B"]
        if pattern.startswith("bulk:"):
            _bulk, app, model, action = pattern.split(":")
            keys = {
                "affiliation": own["deputy"].pk,
                "rosterentry": own["entry"].pk,
                "organisation": own["organisation"].pk,
            }
            return reverse("wagtail_bulk_action", args=[app, model, action]) + f"?id={keys[model]}"
        values = {"kind": "people", "file_format": "csv", "seat": str(own["deputy"].seat_id)}
        return address(pattern, {**values, "pk": str(self._key(pattern, own))})

    def _key(self, pattern: str, own: dict[str, Any]) -> int:
        """Return the key of what an address is about, by how its pattern begins."""
        keys = {
            "/members/organisation/": own["deputy"].seat_id,
            "/members/roster/": own["entry"].pk,
            "/admin/members/applications/<int:pk>/letter/": self.declined.pk,
            "/admin/members/applications/": self.application.pk,
            "/admin/members/claims/": own["claim"].pk,
            "/admin/members/import/": self.read.pk,
            "/admin/members/roster/answers/": own["entry"].pk,
            "/admin/members/roster/": self.roster.pk,
            "/admin/members/withdrawals/": own["withdrawal"].pk,
            "/admin/members/": own["organisation"].pk,
            "/admin/members_applications/": self.application.pk,
            "/admin/members_claims/": own["claim"].pk,
            "/admin/members_declared/": self.declared.pk,
            "/admin/members_memberships/": own["membership"].pk,
            "/admin/members_officers/": own["term"].pk,
        }
        return next((key for beginning, key in keys.items() if pattern.startswith(beginning)), 0)


PERSON = {"last_name": "見本", "first_name": "後任", "email": "new@example.jp"}
TYPED: dict[str, dict[str, Any]] = {
    "/members/directory/": {"is_listed": "on"},
    "/members/leave/": {"ends_on": NEXT_YEAR.isoformat()},
    "/members/organisation/add/": {**PERSON, "role": "deputy", "label": "追加"},
    "/members/organisation/<int:pk>/invite/": PERSON,
    "/members/organisation/<int:pk>/hand-over/": {**PERSON, "on": SOON.isoformat()},
    "/members/organisation/<int:pk>/end/": {"on": SOON.isoformat()},
    "/members/organisation/<int:pk>/change/": {"role": "deputy", "label": "変更"},
    "/members/roster/<int:pk>/": {"answer": "unchanged"},
    "/admin/members/seats/<int:seat>/hand-over/": {**PERSON, "on": SOON.isoformat()},
    "/admin/members/roster/start/": {"title": "二度目", "deadline": SOON.isoformat()},
    "/admin/members/roster/<int:pk>/remind/": {"shown_at": "2099-01-01T00:00:00+09:00"},
    "/admin/members/roster/answers/<int:pk>/": {"answer": "unchanged"},
    "/admin/members/applications/<int:pk>/accept/": {"starts_on": today().isoformat()},
    "/admin/members/applications/<int:pk>/ask/": {"question": "課の人数は。"},
    "/admin/members/applications/<int:pk>/decline/": {"letter": "受付終了"},
    "/admin/members/claims/<int:pk>/decline/": {"reason": "受付終了"},
    "/admin/members/withdrawals/<int:pk>/": {"revoke": "1"},
    "/admin/members/<int:pk>/admit/": {"starts_on": today().isoformat(), "join_reason": "joined"},
    "/admin/members/<int:pk>/withdraw/": {"ends_on": NEXT_YEAR.isoformat(), "leave_reason": "withdrew"},
    "/admin/members/<int:pk>/close/": {"on": NEXT_YEAR.isoformat(), "confirmed": "1"},
    "/admin/members_declared/new/": {"as_of": "2010-02-01", "count": "1", "source": "見本"},
}
"""What would change something where it were let through."""


def addresses() -> set[str]:
    """Walk the URLs of the site, and Wagtail's registry of actions on ticked rows."""
    bulk_action_registry._scan_for_bulk_actions()
    ticked = {
        f"bulk:{app}:{model}:{action}"
        for app, models in bulk_action_registry.actions.items()
        for model, actions in models.items()
        for action, view in actions.items()
        if view.__module__.startswith("plugins.members.")
    }
    return ticked | {pattern for name, pattern, entry in entries() if is_ours(name, entry)}


def is_ours(name: str, entry: URLPattern) -> bool:
    """Whether a route is the plugin's: by its name, by the module of its view, or by what Wagtail's view is about."""
    view = view_of(entry)
    model = getattr(entry.callback, "view_initkwargs", {}).get("model") or getattr(view, "model", None)
    about = getattr(getattr(model, "_meta", None), "app_label", "")
    return (
        bool(re.match(r"members(_\w+)?:", name)) or view.__module__.startswith("plugins.members.") or about == "members"
    )


def letter(response: HttpResponse) -> str:
    """Return what became of a request, as the rows write it."""
    refused = {403: "x", 404: "-", 405: "m"}
    if response.status_code in refused:
        return refused[response.status_code]
    where = response.headers.get("Location", "")
    if response.status_code == 302 and "/login/" in where:
        return "l"
    return "c" if response.status_code == 302 and where == reverse("mail:code") else "o"


def body(response: HttpResponse) -> str:
    content = response.getvalue() if response.streaming else response.content
    return content.decode("utf-8", "replace")


def stored() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the plugin and of people, seats and organisations."""
    models = [*apps.get_app_config("members").get_models(), *apps.get_app_config("accounts").get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def ask(client: Client, method: str, url: str, typed: dict[str, Any]) -> tuple[str, str]:
    """Return letter and text of an answer; what somebody was allowed to do is undone."""
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url, typed)
        told = letter(response), body(response)
        transaction.set_rollback(method == "GET" or told[0] not in REFUSED)
    return told


def test_every_address_has_its_row() -> None:
    found = addresses()
    of_a_member = {pattern for pattern in found if pattern.startswith("/members/") and arguments(pattern)}

    assert {row for row in EXPECTED if not row.endswith(OF_B)} == found
    assert {row.removesuffix(OF_B) for row in EXPECTED if row.endswith(OF_B)} == of_a_member
    assert {len(cells) for row in EXPECTED.values() for cells in row} == {len(READERS)}


def test_route_is_found_by_its_view_or_by_what_it_is_about_whatever_it_is_called() -> None:
    ours, about = path("x/", StatusView.as_view()), path("x/", IndexView.as_view(model=Withdrawal), name="x")
    wrapped = path("x/", functools.wraps(applied)(lambda request: applied(request)), name="x")

    assert [is_ours("", ours), is_ours("x", about), is_ours("x", wrapped)] == [True] * 3
    assert not is_ours("x", path("x/", IndexView.as_view(model=User), name="x"))


@pytest.mark.parametrize("reader", READERS)
def test_reader_gets_what_is_theirs_changes_nothing_else_and_reads_no_word_of_the_other(
    client: Client, reader: str
) -> None:
    site = Site()
    person = site.person(reader)
    if person:
        client.force_login(person)
    before, got, told = stored(), {}, {}
    for row in EXPECTED:
        typed = TYPED.get(row.removesuffix(OF_B), {})
        answers = [ask(client, method, site.address(row), typed) for method in ("GET", "POST")]
        got[row] = tuple(one for one, _text in answers)
        told[row] = "".join(text for _one, text in answers)

    place = READERS.index(reader)
    assert stored() == before
    assert got == {row: (get[place], post[place]) for row, (get, post) in EXPECTED.items()}
    theirs = {"administrator": set(SECRETS), "viewer": set(SECRETS), "head of B": {"B"}}.get(
        reader, {"A"} if " of " in reader else set()
    )
    for side, word in SECRETS.items():
        assert any(word in text for text in told.values()) is (side in theirs), side
