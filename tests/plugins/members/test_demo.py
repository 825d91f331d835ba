"""The demo's register: as many members as the document says, all visibly samples, loaded once."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from wagtail.models import Page

from cms.accounts import demo as accounts_demo
from cms.accounts.models import Organisation, User
from cms.calendar import today
from cms.mail.models import Delivery
from cms.media.models import SiteDocument
from cms.plugin_api.points import DemoContext
from plugins.members import demo
from plugins.members.demo.register import NON_MEMBERS
from plugins.members.enums import ApplicationState, Arrival, RosterAnswer, WithdrawalState
from plugins.members.models import Application, Handover, Membership, RosterEntry, RosterRound, SeatClaim, Withdrawal
from plugins.members.selectors.people import people_on_seats
from plugins.members.selectors.register import register_on
from plugins.members.selectors.status import MembershipStatus

pytestmark = pytest.mark.django_db
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@pytest.fixture
def loaded():
    said: list[str] = []
    context = DemoContext(fixtures=FIXTURES, report=said.append, home=Page.get_first_root_node())
    accounts_demo.load(context)
    said.clear()
    demo.load(context)
    return said, context


def test_register_agrees_with_the_facts(loaded):
    facts = yaml.safe_load((FIXTURES / "facts-fy2009.yaml").read_text(encoding="utf-8"))["membership"]

    status = MembershipStatus(facts["as_of"])
    counted = {str(kind.label): count for kind, count in status.by_kind}

    assert {"total": status.total, **counted} == {key: facts[key] for key in ("total", "市", "町", "村")}
    assert (status.declared.as_of, status.declared.total) == (facts["as_of"], facts["total"])
    assert {str(kind.label): count for kind, count in status.declared.by_kind} == counted


def test_organisations_that_are_no_members_have_contacts(loaded):
    others = register_on(dt.date(2010, 2, 1)).filter(standing="never")

    assert others.count() == sum(NON_MEMBERS.values())
    assert not others.filter(email="").exists()
    assert not others.filter(telephone="").exists()


def test_everything_is_visibly_a_sample(loaded):
    assert not Organisation.objects.exclude(name__startswith="見本", code__gte="980000").exists()
    assert set(Membership.objects.values_list("note", flat=True)) == {"見本データ"}


def test_loading_again_leaves_what_a_person_changed(loaded):
    said, context = loaded
    Membership.objects.all()[0].delete()
    said.clear()

    demo.load(context)

    assert Membership.objects.count() == 1238
    assert said == []


def test_every_list_of_the_desk_has_a_sample_of_each_state(loaded):
    assert set(Application.objects.values_list("state", flat=True)) == set(ApplicationState)
    assert set(Withdrawal.objects.values_list("state", flat=True)) == set(WithdrawalState)
    assert set(RosterEntry.objects.values_list("answer", flat=True)) == {"", *RosterAnswer}
    assert set(people_on_seats(today()).values_list("arrival", flat=True)) == set(Arrival)
    assert Handover.objects.pending_on(today()).count() == SeatClaim.objects.to_decide().count() == 1
    assert RosterRound.objects.get().title.startswith("見本")
    assert not Delivery.objects.exists()


def test_members_of_today_are_as_many_as_in_the_document(loaded):
    facts = yaml.safe_load((FIXTURES / "facts-fy2009.yaml").read_text(encoding="utf-8"))["membership"]

    status = MembershipStatus(today())

    assert {"total": status.total, **{str(kind.label): count for kind, count in status.by_kind}} == {
        key: facts[key] for key in ("total", "市", "町", "村")
    }
    in_spring = MembershipStatus(dt.date(2010, 5, 1))
    assert (in_spring.change, in_spring.joined, in_spring.left) == (0, 1, 1)


def test_document_for_members_is_shut_to_visitors(loaded, client):
    document = SiteDocument.objects.get()

    assert client.get(document.url).status_code == 302
    client.force_login(User.objects.get(username="member-a"))
    answer = client.get(document.url)
    assert "見本第1市".encode() in answer.getvalue()

    assert answer.status_code == 200
    assert document.title in client.get("/members/").text
