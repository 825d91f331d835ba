"""Rules and groups by themselves: what is stored, and who meets what on which day."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from wagtail.models import Collection, CollectionViewRestriction, Page, PageLogEntry, PageViewRestriction

from cms.access.enums import Audience
from cms.access.models import AccessRule, AccessRuleGroup, Group, GroupMembership
from cms.access.selectors import VISITOR, Reader, current_reader, readable_pages, reader_for, reading_as, seats_in
from cms.access.services import access_rule_set, access_rules_copy, group_keep, group_seat_add, group_seat_end
from cms.accounts.models import Organisation, Seat, User
from cms.pages.models import HomePage
from cms.plugin_api.services import plugin_toggle
from cms.plugin_api.testing import plugin_disabled
from tests.factories.access import for_everyone, for_groups, for_members, make_group
from tests.factories.accounts import AffiliationFactory, SeatFactory, UserFactory
from tests.factories.pages import SectionPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAY = dt.date(2010, 4, 1)
BEFORE = dt.date(2010, 3, 31)


class TestRule:
    def test_stands_on_a_restriction_of_wagtails_and_takes_it_along(self, home: HomePage) -> None:
        rule = for_members(home)

        floor = PageViewRestriction.objects.get()
        assert rule is not None
        assert (rule.page_floor, floor.restriction_type, floor.page_id) == (floor, "login", home.pk)

        for_everyone(home)
        assert not AccessRule.objects.exists()
        assert not PageViewRestriction.objects.exists()

    def test_of_a_collection_too(self, db: None) -> None:
        collection = Collection.get_first_root_node().add_child(name="会員")
        for_members(collection)
        assert CollectionViewRestriction.objects.get().collection == collection

        for_everyone(collection)
        assert not CollectionViewRestriction.objects.exists()

    def test_goes_with_its_page(self, home: HomePage) -> None:
        page = SectionPageFactory(parent=home)
        for_groups(page, make_group())

        page.delete()

        assert not AccessRule.objects.exists()
        assert not PageViewRestriction.objects.exists()
        assert Group.objects.count() == 1

    def test_set_again_replaces_audience_and_groups(self, home: HomePage) -> None:
        officers, auditors = make_group("役員"), make_group("監事")
        for_groups(home, officers, auditors)

        rule = for_groups(home, auditors)
        assert rule is not None
        assert list(rule.groups.all()) == [auditors]

        rule = for_members(home)
        assert rule is not None
        assert (rule.audience, rule.groups.count()) == (Audience.MEMBERS, 0)
        assert AccessRule.objects.count() == PageViewRestriction.objects.count() == 1

    def test_is_one_a_page_and_always_on_a_floor(self, home: HomePage) -> None:
        for_members(home)
        for wrong in (
            {"page": home},
            {"page": None},
            {"collection": Collection.get_first_root_node(), "page": SectionPageFactory(parent=home)},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                AccessRule(audience=Audience.MEMBERS, **wrong).save()

    def test_for_everyone_is_never_stored(self, home: HomePage) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessRule(audience=Audience.EVERYONE, page=home).save()

    def test_keeps_its_groups_from_being_deleted(self, home: HomePage) -> None:
        group = make_group()
        for_groups(home, group)
        with pytest.raises(ProtectedError):
            group.delete()

    def test_without_a_group_lets_nobody_in(self, home: HomePage, person: User) -> None:
        rule = for_groups(home)
        assert rule is not None
        assert not Reader(person).meets(rule)

    def test_change_is_in_the_history_with_the_person(self, home: HomePage, person: User) -> None:
        access_rule_set(subject=home, audience=Audience.GROUPS, groups=[make_group()], by=person)

        entry = PageLogEntry.objects.get(action="access.rule_set")
        assert (entry.user, entry.data) == (person, {"audience": "groups", "groups": ["役員"]})
        assert "役員" in str(entry.message)

    def test_copy_of_a_branch_has_the_same_rules(self, home: HomePage) -> None:
        section = SectionPageFactory(parent=home)
        SectionPageFactory(parent=section, slug="open")
        child = SectionPageFactory(parent=section, slug="closed")
        for_members(section)
        for_groups(child, make_group())

        copied = section.copy(recursive=True, update_attrs={"slug": "copy"})

        rules = {
            rule.page.slug: rule.audience for rule in AccessRule.objects.filter(page__path__startswith=copied.path)
        }
        assert rules == {"copy": "member", "closed": "groups"}
        assert list(AccessRuleGroup.objects.values_list("group__name", flat=True)) == ["役員", "役員"]
        access_rules_copy(source=home, copy=home)  # nothing of its own: nothing changes
        assert AccessRule.objects.count() == 4


class TestGroup:
    @pytest.mark.parametrize(
        ("day", "inside"), [(BEFORE, False), (DAY, True), (dt.date(2012, 3, 31), True), (dt.date(2012, 4, 1), False)]
    )
    def test_first_day_counts_and_the_day_of_the_end_no_longer_does(
        self, home: HomePage, seat: Seat, person: User, day: dt.date, inside: bool
    ) -> None:
        rule = for_groups(home, make_group("役員", seat, starts_on=DAY, ends_on=dt.date(2012, 4, 1)))
        assert rule is not None

        assert Reader(person, on=day).meets(rule) is inside
        assert GroupMembership.objects.get().is_active_on(day) is inside

    def test_is_of_the_seat_so_the_successor_reads_and_the_predecessor_no_longer(
        self, home: HomePage, seat: Seat
    ) -> None:
        rule = for_groups(home, make_group("役員", seat))
        old = AffiliationFactory(seat=seat, ends_on=DAY).person
        new = AffiliationFactory(seat=seat, starts_on=DAY).person
        assert rule is not None

        met = {
            (name, day): Reader(who, on=day).meets(rule)
            for name, who in (("old", old), ("new", new))
            for day in (BEFORE, DAY)
        }
        assert met == {("old", BEFORE): True, ("old", DAY): False, ("new", BEFORE): False, ("new", DAY): True}

    def test_period_must_go_forward(self, seat: Seat) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make_group("役員", seat, starts_on=DAY, ends_on=DAY)

    def test_plugin_finds_its_own_again_and_ends_a_term(self, home: HomePage, seat: Seat, person: User) -> None:
        group = group_keep(key="officers", name="役員")
        assert group_keep(key="officers", name="別の名") == group
        rule = for_groups(home, group)
        group_seat_add(group=group, seat=seat, starts_on=BEFORE)
        group_seat_add(group=group, seat=seat, starts_on=dt.date(2011, 4, 1))
        assert rule is not None

        group_seat_end(group=group, seat=seat, ends_on=DAY)

        assert GroupMembership.objects.get().ends_on == DAY
        assert Reader(person, on=BEFORE).meets(rule)
        assert not Reader(person, on=DAY).meets(rule)

    def test_group_that_a_plugin_keeps_lets_in_whom_the_plugin_names_while_it_is_on(
        self, home: HomePage, seat: Seat, person: User
    ) -> None:
        rule = for_groups(home, group_keep(key="dummy-kept", name="役員"))
        assert rule is not None
        assert not Reader(person, on=DAY).meets(rule)

        Organisation.objects.filter(pk=seat.organisation_id).update(name="Kept")

        assert Reader(person, on=DAY).meets(rule)
        assert list(seats_in(rule.groups.all(), DAY)) == [seat]
        with plugin_disabled("dummy"):
            assert not Reader(person, on=DAY).meets(rule)
            assert list(seats_in(rule.groups.all(), DAY)) == []


class TestReader:
    def test_member_is_who_sits_for_a_member_on_that_day(self, home: HomePage, seat: Seat) -> None:
        person = AffiliationFactory(seat=seat, starts_on=DAY).person
        rule = for_members(home)
        assert rule is not None

        assert Reader(person, on=DAY).meets(rule)
        assert not Reader(person, on=BEFORE).meets(rule)
        assert not Reader(UserFactory()).meets(rule)
        assert not VISITOR.meets(rule)

    def test_nobody_is_a_member_while_no_plugin_says_so(self, home: HomePage, person: User) -> None:
        rule = for_members(home)
        plugin_toggle(slug="dummy", on=False, by=None)
        assert rule is not None
        assert not Reader(person).meets(rule)

    def test_nobody_is_a_member_while_the_plugin_that_says_so_fails(
        self, home: HomePage, person: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tests.dummy_plugin import contrib

        def broken(*args: Any) -> bool:
            raise RuntimeError

        rule = for_members(home)
        monkeypatch.setattr(contrib.EverybodyIsMember, "is_member", broken)
        assert rule is not None
        assert not Reader(person).meets(rule)

    def test_account_that_is_switched_off_is_a_visitors(self, home: HomePage, person: User) -> None:
        person.is_active = False
        assert Reader(person).person is None

    def test_one_of_the_request_is_used_again_for_the_same_person_only(self, person: User) -> None:
        with reading_as(Reader(person)):
            assert reader_for(person) is current_reader()
            assert reader_for(UserFactory()) is not current_reader()
            assert reader_for(AnonymousUser()).person is None
        assert current_reader().person is None

    def test_visitor_outside_of_a_request_remembers_nothing(self, home: HomePage) -> None:
        collection = Collection.get_first_root_node().add_child(name="会員")
        assert current_reader().closed_collections == {}
        for_members(collection)
        assert current_reader().closed_collections == {collection.pk: Audience.MEMBERS}
        with reading_as(VISITOR):
            assert current_reader().closed_collections == {collection.pk: Audience.MEMBERS}
        for_everyone(collection)
        with reading_as(VISITOR):
            assert current_reader().closed_collections == {}

    def test_all_rules_on_the_way_hold_together(self, home: HomePage, seat: Seat, person: User) -> None:
        section = SectionPageFactory(parent=home, slug="corner")
        inner = SectionPageFactory(parent=section, slug="officers")
        for_members(section)
        for_groups(inner, make_group("役員", SeatFactory()))
        widened = SectionPageFactory(parent=inner, slug="members-again")
        for_members(widened)

        def read(who: User | None) -> set[str]:
            pages = readable_pages(Page.objects.descendant_of(home), Reader(who))
            return set(pages.values_list("slug", flat=True))

        assert read(None) == set()
        assert read(person) == {"corner"}
        make_group("役員", seat)
        assert read(person) == {"corner", "officers", "members-again"}
        assert read(UserFactory(is_superuser=True)) == {"corner", "officers", "members-again"}

    def test_restriction_without_a_rule_shuts_out_of_every_list(self, home: HomePage, person: User) -> None:
        """Whoever made it, by whatever way: it is not known to let anybody in."""
        PageViewRestriction.objects.create(page=home, restriction_type=PageViewRestriction.LOGIN)
        assert not readable_pages(Page.objects.filter(pk=home.pk), Reader(person)).exists()

    def test_alias_is_closed_with_its_source(self, home: HomePage, person: User) -> None:
        section, elsewhere = SectionPageFactory(parent=home), SectionPageFactory(parent=home)
        page = SectionPageFactory(parent=section, title="秘密")
        for_members(section)
        alias = page.create_alias(parent=elsewhere, update_slug="alias")
        shown = Page.objects.filter(pk=alias.pk)

        assert not readable_pages(shown, VISITOR).exists()
        assert readable_pages(shown, Reader(person)).exists()
