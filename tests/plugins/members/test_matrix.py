"""Who gets what at every address of the plugin: the addresses are walked, and what is expected stands here by letter.

An address without a row, a row without an address, and a row that is shorter than the readers are many fail.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import GroupPagePermission

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, User
from cms.calendar import today
from plugins.members.models import DeclaredCount, RegisterImport, RosterEntry, Withdrawal
from plugins.members.services.rosters import roster_start
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import ApplicationFactory, MembershipFactory, OfficerTermFactory, SeatClaimFactory
from tests.factories.pages import home_page

pytestmark = pytest.mark.django_db

READERS = ("visitor", "head of A", "lead of A", "head of B", "former", "editor", "administrator", "clerk")
# o: gets it; l: is sent to log in; c: is asked for a code; x: refused; -: not found; m: no such method.
# In the order of the readers, GET before POST. The clerk enters the admin without a right of the register.
EXPECTED: dict[str, tuple[str, str]] = {
    "bulk:accounts:affiliation:invite_by_letter": ("lxxxlxox", "lxxxlxox"),
    "bulk:accounts:affiliation:invite_by_mail": ("lxxxlxox", "lxxxlxox"),
    "bulk:accounts:affiliation:withdraw_invitations": ("lxxxlxox", "lxxxlxox"),
    "bulk:accounts:organisation:members_admit": ("lxxxlxox", "lxxxlxox"),
    "bulk:members:rosterentry:remind_silent": ("lxxxlxox", "lxxxlxox"),
    "members:accept": ("cccccccc", "cccccccc"),
    "members:application_answer": ("cccccccc", "cccccccc"),
    "members:application_confirm": ("cccccccc", "cccccccc"),
    "members:applied": ("oooooooo", "oooooooo"),
    "members:apply": ("oooooooo", "oooooooo"),
    "members:claim": ("oooooooo", "oooooooo"),
    "members:claim_confirm": ("cccccccc", "cccccccc"),
    "members:claimed": ("oooooooo", "oooooooo"),
    "members:corner": ("looolxxx", "lmmmlxxx"),
    "members:directory_entry": ("looolxxx", "looolxxx"),
    "members:leave": ("looolxxx", "looolxxx"),
    "members:officers": ("oooooooo", "mmmmmmmm"),
    "members:organisation": ("looolxxx", "lmmmlxxx"),
    "members:peers": ("looolxxx", "lmmmlxxx"),
    "members:register": ("oooooooo", "mmmmmmmm"),
    "members:roster": ("cccccccc", "cccccccc"),
    "members:roster_answer": ("loo-lxxx", "loo-lxxx"),
    "members:roster_answer of B": ("l--olxxx", "l--olxxx"),
    "members:seat_add": ("looolxxx", "looolxxx"),
    "members:seat_cancel": ("loo-lxxx", "loo-lxxx"),
    "members:seat_cancel of B": ("l--olxxx", "l--olxxx"),
    "members:seat_change": ("loo-lxxx", "loo-lxxx"),
    "members:seat_change of B": ("l--olxxx", "l--olxxx"),
    "members:seat_end": ("loo-lxxx", "loo-lxxx"),
    "members:seat_end of B": ("l--olxxx", "l--olxxx"),
    "members:seat_hand_over": ("loo-lxxx", "loo-lxxx"),
    "members:seat_hand_over of B": ("l--olxxx", "l--olxxx"),
    "members:seat_invite": ("loo-lxxx", "loo-lxxx"),
    "members:seat_invite of B": ("l--olxxx", "l--olxxx"),
    "members:seat_invite_again": ("loo-lxxx", "loo-lxxx"),
    "members:seat_invite_again of B": ("l--olxxx", "l--olxxx"),
    "members:status": ("oooooooo", "mmmmmmmm"),
    "members:welcome": ("looolooo", "lmmmlmmm"),
    "members_access:index": ("lxxxlxox", "lxxxlxmx"),
    "members_access:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:admit": ("lxxxlxox", "lxxxlxox"),
    "members_admin:application": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:application_accept": ("lxxxlxox", "lxxxlxox"),
    "members_admin:application_ask": ("lxxxlxox", "lxxxlxox"),
    "members_admin:application_decline": ("lxxxlxox", "lxxxlxox"),
    "members_admin:application_letter": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:cancel_handover": ("lxxxlxox", "lxxxlxox"),
    "members_admin:claim": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:claim_approve": ("lxxxlxox", "lxxxlxox"),
    "members_admin:claim_decline": ("lxxxlxox", "lxxxlxox"),
    "members_admin:close": ("lxxxlxox", "lxxxlxox"),
    "members_admin:export": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:hand_over": ("lxxxlxox", "lxxxlxox"),
    "members_admin:import": ("lxxxlxox", "lxxxlxox"),
    "members_admin:import_absent": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:organisation": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:people": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:people_results": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:register": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:register_results": ("lxxxlxox", "lxxxlxmx"),
    "members_admin:roster_entered": ("lxxxlxox", "lxxxlxox"),
    "members_admin:roster_record": ("lxxxlxox", "lxxxlxox"),
    "members_admin:roster_remind": ("lxxxlxox", "lxxxlxox"),
    "members_admin:roster_start": ("lxxxlxox", "lxxxlxox"),
    "members_admin:upload": ("lxxxlxox", "lxxxlxox"),
    "members_admin:withdraw": ("lxxxlxox", "lxxxlxox"),
    "members_admin:withdrawal": ("lxxxlxox", "lxxxlxox"),
    "members_applications:history": ("lxxxlxox", "lxxxlxmx"),
    "members_applications:history_results": ("lxxxlxox", "lxxxlxmx"),
    "members_applications:index": ("lxxxlxox", "lxxxlxmx"),
    "members_applications:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_claims:history": ("lxxxlxox", "lxxxlxmx"),
    "members_claims:history_results": ("lxxxlxox", "lxxxlxmx"),
    "members_claims:index": ("lxxxlxox", "lxxxlxmx"),
    "members_claims:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_declared:add": ("lxxxlxox", "lxxxlxox"),
    "members_declared:delete": ("lxxxlxox", "lxxxlxox"),
    "members_declared:edit": ("lxxxlxox", "lxxxlxox"),
    "members_declared:history": ("lxxxlxox", "lxxxlxmx"),
    "members_declared:history_results": ("lxxxlxox", "lxxxlxmx"),
    "members_declared:index": ("lxxxlxox", "lxxxlxmx"),
    "members_declared:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_declared:usage": ("lxxxlxox", "lxxxlxmx"),
    "members_imports:index": ("lxxxlxox", "lxxxlxmx"),
    "members_imports:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_memberships:add": ("lxxxlxox", "lxxxlxox"),
    "members_memberships:delete": ("lxxxlxox", "lxxxlxox"),
    "members_memberships:edit": ("lxxxlxox", "lxxxlxox"),
    "members_memberships:history": ("lxxxlxox", "lxxxlxmx"),
    "members_memberships:history_results": ("lxxxlxox", "lxxxlxmx"),
    "members_memberships:index": ("lxxxlxox", "lxxxlxmx"),
    "members_memberships:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_memberships:usage": ("lxxxlxox", "lxxxlxmx"),
    "members_officers:add": ("lxxxlxox", "lxxxlxox"),
    "members_officers:delete": ("lxxxlxox", "lxxxlxox"),
    "members_officers:edit": ("lxxxlxox", "lxxxlxox"),
    "members_officers:history": ("lxxxlxox", "lxxxlxmx"),
    "members_officers:history_results": ("lxxxlxox", "lxxxlxmx"),
    "members_officers:index": ("lxxxlxox", "lxxxlxmx"),
    "members_officers:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_officers:usage": ("lxxxlxox", "lxxxlxmx"),
    "members_roster_entries:index": ("lxxxlxox", "lxxxlxmx"),
    "members_roster_entries:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_rosters:index": ("lxxxlxox", "lxxxlxmx"),
    "members_rosters:index_results": ("lxxxlxox", "lxxxlxmx"),
    "members_withdrawals:index": ("lxxxlxox", "lxxxlxmx"),
    "members_withdrawals:index_results": ("lxxxlxox", "lxxxlxmx"),
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
            "head": head.person,
            "lead": self._seated(organisation, SeatRole.LEAD, secret).person,
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
        if reader in {"head of A", "lead of A", "head of B"}:
            role, _of, side = reader.partition(" of ")
            return self.sides[side][role]
        return {
            "visitor": lambda: None,
            "former": lambda: self.sides["A"]["former"],
            "editor": self._editor,
            "administrator": lambda: UserFactory(is_superuser=True),
            "clerk": self._clerk,
        }[reader]()

    def _clerk(self) -> User:
        person = UserFactory()
        person.user_permissions.add(Permission.objects.get(codename="access_admin"))
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
        name = row.removesuffix(OF_B)
        own = self.sides["A" if name.startswith("members:") and row == name else "B"]
        if name.startswith("bulk:"):
            _bulk, app, model, action = name.split(":")
            keys = {
                "affiliation": own["deputy"].pk,
                "rosterentry": own["entry"].pk,
                "organisation": own["organisation"].pk,
            }
            return reverse("wagtail_bulk_action", args=[app, model, action]) + f"?id={keys[model]}"
        return self._reverse(name, own)

    def _reverse(self, name: str, own: dict[str, Any]) -> str:
        seat, namespace, plain = own["deputy"].seat_id, *name.split(":")
        of_name = {
            "roster_answer": [own["entry"].pk], "roster_remind": [self.roster.pk], "roster_record": [own["entry"].pk],
            "roster_entered": [own["entry"].pk], "hand_over": [seat], "cancel_handover": [seat],
            "import": [self.read.pk], "import_absent": [self.read.pk], "export": ["people", "csv"],
            "application_letter": [self.declined.pk],
            "withdrawal": [own["withdrawal"].pk],
        }  # fmt: skip
        beginnings = {"seat_": seat, "application": self.application.pk, "claim": own["claim"].pk}
        of_namespace = {
            "members_memberships": own["membership"].pk, "members_officers": own["term"].pk,
            "members_claims": own["claim"].pk, "members_applications": self.application.pk,
            "members_declared": self.declared.pk, "members_admin": own["organisation"].pk,
        }  # fmt: skip
        begun = [key for beginning, key in beginnings.items() if plain.startswith(beginning)]
        keys = of_name.get(plain) or begun or [of_namespace.get(namespace)]
        try:
            return reverse(name)
        except NoReverseMatch:
            return reverse(name, args=keys)


PERSON = {"last_name": "見本", "first_name": "後任", "email": "new@example.jp"}
TYPED: dict[str, dict[str, Any]] = {
    "members:directory_entry": {"is_listed": "on"},
    "members:leave": {"ends_on": NEXT_YEAR.isoformat()},
    "members:seat_add": {**PERSON, "role": "deputy", "label": "追加"},
    "members:seat_invite": PERSON,
    "members:seat_hand_over": {**PERSON, "on": SOON.isoformat()},
    "members:seat_end": {"on": SOON.isoformat()},
    "members:seat_change": {"role": "deputy", "label": "変更"},
    "members:roster_answer": {"answer": "unchanged"},
    "members_admin:hand_over": {**PERSON, "on": SOON.isoformat()},
    "members_admin:roster_start": {"title": "二度目", "deadline": SOON.isoformat()},
    "members_admin:roster_remind": {"shown_at": "2099-01-01T00:00:00+09:00"},
    "members_admin:roster_record": {"answer": "unchanged"},
    "members_admin:application_accept": {"starts_on": today().isoformat()},
    "members_admin:application_ask": {"question": "課の人数は。"},
    "members_admin:application_decline": {"letter": "受付終了"},
    "members_admin:claim_decline": {"reason": "受付終了"},
    "members_admin:withdrawal": {"revoke": "1"},
    "members_admin:admit": {"starts_on": today().isoformat(), "join_reason": "joined"},
    "members_admin:withdraw": {"ends_on": NEXT_YEAR.isoformat(), "leave_reason": "withdrew"},
    "members_admin:close": {"on": NEXT_YEAR.isoformat(), "confirmed": "1"},
    "members_declared:add": {"as_of": "2010-02-01", "count": "1", "source": "見本"},
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
    return ticked | set(_named(get_resolver()))


def _named(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _named(pattern, pattern.namespace or namespace)
        elif namespace == "members" or namespace.startswith("members_"):
            yield f"{namespace}:{pattern.name}"


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


def ask(client: Client, method: str, address: str, typed: dict[str, Any]) -> tuple[str, str]:
    """Return letter and text of an answer; what somebody was allowed to do is undone."""
    with transaction.atomic():
        response = client.get(address) if method == "GET" else client.post(address, typed)
        told = letter(response), body(response)
        transaction.set_rollback(method == "GET" or told[0] not in REFUSED)
    return told


def test_every_address_has_its_row() -> None:
    assert {row.removesuffix(OF_B) for row in EXPECTED} == addresses()
    assert {len(cells) for row in EXPECTED.values() for cells in row} == {len(READERS)}


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
    theirs = {"administrator": set(SECRETS), "head of B": {"B"}}.get(reader, {"A"} if " of " in reader else set())
    for side, word in SECRETS.items():
        assert any(word in text for text in told.values()) is (side in theirs), side
