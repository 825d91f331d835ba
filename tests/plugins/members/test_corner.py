"""The members' corner: who gets in, what waits there, what is new, and whom one finds."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model

from cms.access.enums import Audience
from cms.access.services import access_rule_set
from cms.accounts.enums import OrganisationKind, Prefecture, SeatRole
from cms.plugin_api.services import plugin_toggle
from plugins.members.enums import PopulationBand
from plugins.members.models import CornerVisitor, DirectoryEntry
from plugins.members.services.corner import directory_entry_set, visit_record
from plugins.members.services.privacy import person_forget, personal_records
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

CORNER = "/members/"
PEERS = "/members/peers/"
ENTRY = "/members/directory/"
NOON = dt.datetime(2009, 11, 10, 3, tzinfo=dt.UTC)


def people(count):
    return {"population": count, "population_on": dt.date(2009, 3, 31)} if count else {}


def seated(organisation, *, role=SeatRole.SECTION_HEAD, **person):
    seat = SeatFactory(organisation=organisation, role=role)
    return AffiliationFactory(seat=seat, person=UserFactory(**person), starts_on=dt.date(2009, 4, 1)).person


@pytest.fixture
def city():
    return MembershipFactory(organisation=OrganisationFactory(name="見本市", **people(50_000))).organisation


@pytest.fixture
def person(city, client):
    person = seated(city, last_name="見本", first_name="課長")
    client.force_login(person)
    return person


def text_of(client, address, **chosen):
    answer = client.get(address, chosen)
    assert answer.status_code == 200
    return answer.content.decode()


def test_card_of_the_own_organisation_leaves_out_whose_account_is_closed(client, city, person):
    seated(city, role=SeatRole.LEAD, last_name="見本", first_name="退職者", is_active=False)

    page = text_of(client, CORNER)

    assert "見本 課長" in page
    assert "見本 退職者" not in page


@pytest.mark.parametrize("address", [CORNER, PEERS, ENTRY])
def test_visitor_logs_in_and_comes_back(client, address):
    answer = client.get(f"{address}?q=1")

    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}%3Fq%3D1")


@pytest.mark.parametrize("address", [CORNER, PEERS, ENTRY])
def test_a_person_of_no_member_reads_why_not(client, address):
    client.force_login(seated(OrganisationFactory(name="未加入市")))

    answer = client.get(address)

    assert answer.status_code == 403
    assert "会員団体" in answer.content.decode()
    assert "事務局" in answer.content.decode()


@pytest.mark.parametrize("address", [CORNER, PEERS, ENTRY])
def test_access_ends_with_the_seat_on_its_day(client, city, address):
    person = seated(city)
    person.affiliations.update(ends_on=timezone.localdate())
    client.force_login(person)

    assert client.get(address).status_code == 302


def test_answers_come_by_deadline_and_then_those_without(client, person):
    text = text_of(client, CORNER)

    assert text.index("Urgent question") < text.index("Open question to 見本市")
    assert "平成21年11月20日" in text


def test_a_plugin_that_is_off_adds_nothing(client, person):
    assert "dummy card of 見本 課長" in text_of(client, CORNER)

    plugin_toggle(slug="dummy", on=False, by=None)

    text = text_of(client, CORNER)
    assert "dummy card" not in text
    assert "question" not in text


def test_corner_ends_with_the_plugin(client, person):
    plugin_toggle(slug="members", on=False, by=None)

    assert client.get(CORNER).status_code == 404


def test_what_was_new_stays_so_during_a_visit_and_not_longer(person):
    first = visit_record(person=person, at=NOON)
    reading = visit_record(person=person, at=NOON + dt.timedelta(minutes=29))
    next_time = visit_record(person=person, at=NOON + dt.timedelta(days=1))

    assert first == reading == NOON - dt.timedelta(days=30)
    assert next_time == NOON


def test_new_pages_and_documents_are_those_one_may_read(client, person):
    home = home_page()
    SectionPageFactory(parent=home, title="公開の頁", last_published_at=timezone.now())
    SectionPageFactory(parent=home, title="古い頁", last_published_at=timezone.now() - dt.timedelta(days=40))
    closed = SectionPageFactory(parent=home, title="会員の頁", last_published_at=timezone.now())
    access_rule_set(subject=closed, audience=Audience.MEMBERS)
    other = SectionPageFactory(parent=home, title="限られた頁", last_published_at=timezone.now())
    access_rule_set(subject=other, audience=Audience.GROUPS)
    get_document_model().objects.create(title="公開の資料", file=ContentFile(b"text", name="a.txt"))

    text = text_of(client, CORNER)

    assert [word in text for word in ("公開の頁", "会員の頁", "公開の資料")] == [True, True, True]
    assert [word in text for word in ("古い頁", "限られた頁")] == [False, False]
    material = text[text.index("会員限定") :]
    assert "会員の頁" in material
    assert "公開の頁" not in material


def test_peers_by_prefecture_kind_population_and_name(client, person):
    for name, kind, prefecture, population in [
        ("近い町", OrganisationKind.TOWN, Prefecture.NARA, 26_000),
        ("大きい市", OrganisationKind.CITY, Prefecture.NARA, 500_000),
        ("不明の村", OrganisationKind.VILLAGE, Prefecture.TOKYO, None),
    ]:
        other = OrganisationFactory(name=name, kind=kind, prefecture=prefecture, **people(population))
        MembershipFactory(organisation=other)
    OrganisationFactory(name="未加入市")

    def names(**chosen):
        return [organisation.name for organisation, _people in client.get(PEERS, chosen).context["rows"]]

    assert set(names()) == {"見本市", "近い町", "大きい市", "不明の村"}
    assert set(names(prefecture=Prefecture.NARA)) == {"近い町", "大きい市"}
    assert names(kind=OrganisationKind.VILLAGE) == ["不明の村"]
    assert set(names(population=PopulationBand.NEAR)) == {"見本市", "近い町"}
    assert names(population=PopulationBand.OVER_300K) == ["大きい市"]
    assert names(q="近い") == ["近い町"]
    assert names(q="何処にもない") == []


@pytest.mark.parametrize(
    ("band", "own", "bounds"),
    [
        (PopulationBand.NEAR, 50_001, (25_001, 100_003)),
        (PopulationBand.NEAR, None, (0, 0)),
        (PopulationBand.TO_10K, 5, (0, 10_000)),
        (PopulationBand.OVER_300K, 5, (300_000, None)),
    ],
)
def test_bounds_of_a_population(band, own, bounds):
    assert band.bounds(own) == bounds


def test_nobody_is_found_by_name_who_did_not_ask_for_it(client, person, city):
    deputy = seated(city, role=SeatRole.DEPUTY, last_name="見本", first_name="副担当", email="fuku@example.jp")

    assert "副担当者" not in text_of(client, PEERS)
    directory_entry_set(person=deputy, is_listed=True, about="住民記録")
    listed = text_of(client, PEERS)
    assert "見本 副担当（副担当者）" in listed
    assert "住民記録" in listed
    assert "fuku@example.jp" not in listed
    directory_entry_set(person=deputy, is_listed=True, shows_email=True)
    assert "fuku@example.jp" in text_of(client, PEERS)
    directory_entry_set(person=deputy, is_listed=False)
    assert "見本 副担当" not in text_of(client, PEERS)


def test_who_left_the_seat_is_not_found(client, person, city):
    gone = seated(city, role=SeatRole.DEPUTY, last_name="前任", first_name="者")
    directory_entry_set(person=gone, is_listed=True)
    gone.affiliations.update(ends_on=timezone.localdate())

    assert "前任 者" not in text_of(client, PEERS)


def test_a_person_lists_themselves_and_nobody_else(client, person):
    other = UserFactory()

    answer = client.post(ENTRY, {"is_listed": "on", "about": "BCP", "person": other.pk}, follow=True)

    assert answer.redirect_chain == [(CORNER, 302)]
    assert [(entry.person, entry.about) for entry in DirectoryEntry.objects.all()] == [(person, "BCP")]
    assert 'value="BCP"' in text_of(client, ENTRY)
    client.post(ENTRY, {"about": "BCP"})
    assert not DirectoryEntry.objects.exists()


def test_too_long_an_entry_is_kept_in_the_form(client, person):
    answer = client.post(ENTRY, {"is_listed": "on", "about": "字" * 101})

    assert answer.status_code == 422
    assert "字" * 101 in answer.content.decode()
    assert not DirectoryEntry.objects.exists()


def test_corner_and_peers_cost_the_same_at_one_and_at_thirty(client, person, city, queries_of):
    visit_record(person=person, at=timezone.now())
    home = home_page()
    SectionPageFactory(parent=home, title="頁", last_published_at=timezone.now())
    corner, peers = (queries_of(lambda address=address: client.get(address)) for address in (CORNER, PEERS))

    for number in range(29):
        other = MembershipFactory(organisation=OrganisationFactory(name=f"他{number}市")).organisation
        directory_entry_set(person=seated(other), is_listed=True, about="BCP")
        SectionPageFactory(parent=home, title=f"頁{number}", last_published_at=timezone.now())

    assert queries_of(lambda: client.get(CORNER)) == corner
    assert queries_of(lambda: client.get(PEERS)) == peers + 1  # the seats of those who are listed
    assert CornerVisitor.objects.count() == 1


def test_corner_says_that_nothing_waits(client, person, monkeypatch):
    assert "回答が必要なものはありません" not in text_of(client, CORNER)

    monkeypatch.setattr("tests.dummy_plugin.contrib.awaited_answers", lambda visit: ())

    assert "回答が必要なものはありません" in text_of(client, CORNER)


def test_close_to_an_unknown_number_finds_nobody_and_says_why(client, person, city):
    MembershipFactory(organisation=OrganisationFactory(**people(50_000)))
    city.population = city.population_on = None
    city.save()

    assert "人口が名簿に登録されていない" in text_of(client, PEERS, population=PopulationBand.NEAR)


def test_person_gets_and_loses_what_the_corner_keeps(person):
    directory_entry_set(person=person, is_listed=True, about="住民記録")
    visit_record(person=person, at=NOON)

    kept = {records.name: list(records.rows) for records in personal_records(person=person)}
    person_forget(person=person, neutral_name="退任者")

    assert "住民記録" in kept["members.directory"][0].values()
    assert len(kept["members.visits"]) == 1
    assert not DirectoryEntry.objects.exists()
    assert not CornerVisitor.objects.exists()


def test_corner_leads_to_the_seats_and_their_pages_lead_back(client, person):
    corner = text_of(client, CORNER)
    adding = text_of(client, "/members/organisation/add/")

    assert '<a href="/members/organisation/">' in corner
    assert '<li><a href="/members/">会員専用コーナー</a></li>' in adding
    assert '<li><a href="/members/organisation/">席と担当者</a></li>' in adding
