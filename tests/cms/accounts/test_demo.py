"""The samples: counted as the association counts, visibly samples, and loaded once."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.accounts.demo import DEMO_PASSWORD, DEMO_USERNAMES, load, sample_municipal_code
from cms.accounts.enums import OrganisationKind, SeatRole
from cms.accounts.models import Affiliation, Organisation, User
from cms.accounts.validators import validate_municipal_code

TODAY = dt.date(2026, 11, 22)


@given(st.integers(min_value=1, max_value=1999))
def test_sample_code_is_valid_and_of_no_prefecture(number):
    code = sample_municipal_code(number)

    validate_municipal_code(code)
    assert int(code[:2]) > 47


@pytest.mark.parametrize("number", [0, 2000])
def test_sample_code_outside_the_range_is_refused(number):
    with pytest.raises(ValueError, match="1 to 1999"):
        sample_municipal_code(number)


@pytest.fixture
def reported(db):
    lines = []
    load(SimpleNamespace(report=lines.append))
    return lines


def test_there_are_as_many_samples_as_members(reported):
    counts = {
        kind: Organisation.objects.of_kind(kind).active_on(TODAY).filter(name__startswith="見本第").count()
        for kind in (OrganisationKind.CITY, OrganisationKind.TOWN, OrganisationKind.VILLAGE)
    }

    assert list(counts.values()) == [691, 455, 92]
    assert Organisation.objects.count() == 1238
    assert Organisation.objects.values("prefecture").distinct().count() == 47


def test_every_demo_account_logs_in_with_the_published_password(reported):
    people = User.objects.filter(username__in=DEMO_USERNAMES)

    assert all(person.check_password(DEMO_PASSWORD) for person in people)
    assert len(people) == 6


def test_demo_people_hold_their_seats(reported):
    seats = {
        affiliation.person.username: (affiliation.organisation.name, affiliation.seat.role)
        for affiliation in Affiliation.objects.active_on(TODAY).select_related("person", "organisation", "seat")
    }

    assert seats == {
        "member-a": ("見本第1市", SeatRole.SECTION_HEAD),
        "staff-a": ("見本第1市", SeatRole.LEAD),
        "member-b": ("見本第2市", SeatRole.SECTION_HEAD),
    }


def test_editor_publishes_and_member_has_no_admin(reported):
    editor, member = (User.objects.get(username=name) for name in ("editor", "member-a"))

    assert editor.has_perm("wagtailadmin.access_admin")
    assert editor.has_perm("accounts.change_organisation")
    assert not editor.has_perm("accounts.change_user")
    assert {p.permission.codename for g in editor.groups.all() for p in g.page_permissions.all()} >= {"publish_page"}
    assert not member.has_perm("wagtailadmin.access_admin")


def test_loading_again_keeps_what_a_person_changed_or_deleted(reported):
    Organisation.objects.filter(name="見本第1市").update(section="デジタル課")
    Organisation.objects.get(name="見本第9村").delete()
    User.objects.filter(username="editor").update(last_name="山田")

    again = []
    load(SimpleNamespace(report=again.append))

    assert again == []
    assert Organisation.objects.get(name="見本第1市").section == "デジタル課"
    assert not Organisation.objects.filter(name="見本第9村").exists()
    assert User.objects.get(username="editor").last_name == "山田"


def test_loading_takes_few_queries(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(200):
        load(SimpleNamespace(report=[].append))
