"""Two files at once, or a file beside a hand-over: one of them is told, nothing is lost, and nothing is doubled."""

import csv
import io
from threading import Event

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, Organisation, User
from cms.calendar import today
from plugins.members.enums import ImportKind
from plugins.members.models import Membership, RegisterImport
from plugins.members.services import imports as imports_service
from plugins.members.services.handovers import handover_announce
from plugins.members.services.imports import PlanChangedError, import_plan, import_upload, import_write
from plugins.members.services.seats import PersonData
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory
from tests.factories.members import MembershipFactory
from tests.races import at_once, only_postgres

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def held():
    """The lead contact of a member, on a seat without a note."""
    organisation = MembershipFactory().organisation
    return AffiliationFactory(seat=SeatFactory(organisation=organisation, role=SeatRole.LEAD, label=""))


def announce(held):
    person = PersonData(last_name="見本", first_name="乙", email="a@example.jp")
    handover_announce(seat=held.seat, successor=person, on=today(), by=None)


def uploaded(kind, *rows):
    headings = (
        ["団体コード", "団体名", "加入日"] if kind == ImportKind.ORGANISATIONS else ["団体コード", "役割", "氏名"]
    )
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *rows])
    content = text.getvalue().encode()
    return import_upload(kind=kind, file=io.BytesIO(content), size=len(content), name="名簿.csv", by=None)


def written(made, digest):
    return lambda: import_write(register_import=made, digest=digest, by=None)


@pytest.mark.parametrize("same", [False, True], ids=["two uploads", "one upload"])
@pytest.mark.parametrize("kind", list(ImportKind))
def test_two_who_write_the_same_file_at_once_write_it_once(held, kind, same):
    code = held.organisation.code
    rows = {
        ImportKind.ORGANISATIONS: [["382019", "松山市", "2009-04-01"], ["011002", "札幌市", "2009-04-01"]],
        ImportKind.PEOPLE: [[code, "副担当者", "見本 甲"], [code, "主管課長", "見本 乙"]],
    }[kind]
    mine = uploaded(kind, *rows)
    theirs = mine if same else uploaded(kind, *rows)
    digest = import_plan(register_import=mine).digest
    before = counts()

    errors = at_once(written(mine, digest), written(theirs, digest))

    assert [type(error) for error in errors] == [ValidationError if same else PlanChangedError]
    expected = (2, 2, 0, 0) if kind == ImportKind.ORGANISATIONS else (0, 0, 2, 2)
    assert [now - then for now, then in zip(counts(), before, strict=True)] == list(expected)
    assert RegisterImport.objects.filter(written_at__isnull=False).count() == 1


def counts():
    return [model.objects.count() for model in (Organisation, Membership, Affiliation, User)]


def test_import_beside_a_hand_over_of_the_same_seat_leaves_one_successor(held):
    made = uploaded(ImportKind.PEOPLE, [held.organisation.code, "正担当者", "見本 甲"])
    digest = import_plan(register_import=made).digest

    errors = at_once(written(made, digest), lambda: announce(held))

    assert len(errors) == 1
    assert isinstance(errors[0], PlanChangedError | ValidationError)
    rows = Affiliation.objects.filter(seat=held.seat).order_by("starts_on")
    assert [(row.starts_on, row.ends_on) for row in rows] == [(held.starts_on, today()), (today(), None)]
    assert User.objects.filter(last_name="見本", first_name__in=["甲", "乙"]).count() == 1


@only_postgres
def test_without_the_lock_on_the_organisation_an_import_overtakes_a_hand_over(held, monkeypatch):
    """The import has looked before the hand-over is written: only the rule of the database keeps the seat to one."""
    made = uploaded(ImportKind.PEOPLE, [held.organisation.code, "正担当者", "見本 甲"])
    digest = import_plan(register_import=made).digest
    looked, announced = Event(), Event()
    plan_of = imports_service.import_plan

    def plan_early(**kwargs):
        plan = plan_of(**kwargs)
        looked.set()
        announced.wait(10)
        return plan

    def announce_meanwhile():
        looked.wait(10)
        announce(held)
        announced.set()

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    monkeypatch.setattr(imports_service, "import_plan", plan_early)

    (error,) = at_once(written(made, digest), announce_meanwhile)

    assert isinstance(error.__cause__, IntegrityError)


def test_new_organisation_of_a_file_that_somebody_else_makes_at_once_is_one_sentence():
    """No lock holds a row that isn't there yet: the rule of the database does, and nothing of the file is written."""
    made = uploaded(ImportKind.ORGANISATIONS, ["382019", "松山市", ""], ["011002", "札幌市", ""])
    digest = import_plan(register_import=made).digest
    planned, added = Event(), Event()
    plan_of = imports_service.import_plan

    def plan_then_wait(**kwargs):
        plan = plan_of(**kwargs)
        planned.set()
        added.wait(5 if connection.vendor == "postgresql" else 0)
        return plan

    def add():
        planned.wait(10)
        OrganisationFactory(code="011002", name="札幌市")
        added.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports_service, "import_plan", plan_then_wait)
        errors = at_once(written(made, digest), add)

    assert len(errors) == 1
    assert Organisation.objects.filter(code="011002").count() == 1
    if connection.vendor == "postgresql":
        assert isinstance(errors[0], PlanChangedError)
        assert not Organisation.objects.filter(code="382019").exists()
