"""The status page: what it counts, what it leads to, and that its price does not grow."""

import datetime as dt

import pytest

from cms.accounts.enums import OrganisationKind, Prefecture
from plugins.members.enums import Change, LeaveReason
from plugins.members.models import DeclaredCount
from plugins.members.selectors.register import changes_until, register_on
from plugins.members.selectors.status import MembershipStatus
from tests.factories.accounts import OrganisationFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

FEBRUARY = dt.date(2010, 2, 1)
STATUS = "/members/status/"
REGISTER = "/members/register/"


def member(name="見本市", **values):
    membership = {key: values.pop(key) for key in ("starts_on", "ends_on", "leave_reason") if key in values}
    return MembershipFactory(organisation=OrganisationFactory(name=name, **values), **membership).organisation


@pytest.fixture
def four():
    """Two that stay, one that came in the year, one that left in it; and one that is no member."""
    member("古参市", starts_on=dt.date(2005, 4, 1))
    member("古参村", starts_on=dt.date(2005, 4, 1), kind=OrganisationKind.VILLAGE, prefecture=Prefecture.NARA)
    member("新入町", starts_on=dt.date(2009, 6, 1), kind=OrganisationKind.TOWN)
    member(
        "退会市",
        starts_on=dt.date(2005, 4, 1),
        ends_on=dt.date(2009, 10, 1),
        leave_reason=LeaveReason.WITHDREW,
    )
    OrganisationFactory(name="未加入市")


def test_status_counts_by_kind_and_prefecture_on_the_day(four):
    status = MembershipStatus(FEBRUARY)

    assert status.total == 3
    assert dict(status.by_kind) == {OrganisationKind.CITY: 1, OrganisationKind.TOWN: 1, OrganisationKind.VILLAGE: 1}
    lines = {line.key: line.total for line in status.by_prefecture if line.total}
    assert lines == {Prefecture.EHIME: 2, Prefecture.NARA: 1}
    assert len(status.by_prefecture) == 47


def test_change_adds_up_and_names_who(four):
    status = MembershipStatus(FEBRUARY)

    assert (status.before, status.total_before) == (dt.date(2009, 3, 31), 3)
    assert (status.joined, status.left, status.change) == (1, 1, 0)
    assert [one.name for one in changes_until(FEBRUARY, Change.JOINED)] == ["新入町"]
    assert [one.name for one in changes_until(FEBRUARY, Change.LEFT)] == ["退会市"]


def test_every_figure_leads_to_as_many_records(four, client):
    import re

    page = client.get(STATUS, {"on": "平成22年2月1日"}).text
    figures = re.findall(r'<a href="(/members/register/[^"]*)">(?:<span[^>]*>)?[+−]?([\d,]+)', page)

    assert len(figures) > 8
    for address, figure in figures:
        listed = client.get(address.replace("&amp;", "&")).context["page_obj"].paginator.count
        assert listed == int(figure.replace(",", "")), address


def test_declared_figures_stand_beside_with_their_source(four, client):
    for kind, count in {"": 1238, "city": 691}.items():
        DeclaredCount.objects.create(as_of=FEBRUARY, kind=kind, count=count, source="平成21年度事業実施について")
    DeclaredCount.objects.create(as_of=dt.date(2011, 2, 1), count=9999, source="後の資料")

    page = client.get(STATUS, {"on": "2010-02-01"}).text

    assert "平成21年度事業実施について、平成22年2月1日" in page
    assert '<td class="number">1,238</td>' in page
    assert '<td class="number">691</td>' in page
    assert "9,999" not in page


def test_document_that_is_silent_about_a_kind_prints_nothing_for_it(four):
    DeclaredCount.objects.create(as_of=FEBRUARY, count=1238, source="資料")

    assert MembershipStatus(FEBRUARY).declared_by_kind == [None, None, None]


def test_day_that_cannot_be_read_is_said_and_kept(four, client):
    answer = client.get(STATUS, {"on": "平成22年2月30日"})

    assert answer.status_code == 200
    assert "平成22年2月30日" in answer.text
    assert "error-summary" in answer.text


@pytest.mark.parametrize("query", ["kind=castle", "prefecture=99", "change=x", "page=999", "on=%00"])
def test_addresses_that_mean_nothing_do_no_harm(four, client, query):
    assert client.get(f"{REGISTER}?{query}").status_code == 200


def test_visitors_see_names_and_no_contacts(client):
    member("見本市", email="joho@secret.example.jp", telephone="03-9999-0000", starts_on=dt.date(2005, 4, 1))

    page = client.get(REGISTER).text

    assert "見本市" in page
    assert "secret" not in page
    assert "9999" not in page


@pytest.mark.parametrize(("address", "most"), [(STATUS, 6), (REGISTER, 4)])
def test_status_and_register_take_as_many_queries_for_thirty_as_for_one(client, address, most, queries_of):
    member()
    one = queries_of(lambda: client.get(address, {"on": "2010-02-01"}))
    for number in range(29):
        member(f"見本第{number}市")
    thirty = queries_of(lambda: client.get(address, {"on": "2010-02-01"}))

    assert one == thirty <= most


def test_register_tells_members_from_former_and_never(four):
    standings = {one.name: one.standing for one in register_on(FEBRUARY)}

    assert standings == {
        "古参市": "member",
        "古参村": "member",
        "新入町": "member",
        "退会市": "former",
        "未加入市": "never",
    }
