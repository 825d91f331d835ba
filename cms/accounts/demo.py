"""Sample organisations and accounts for the demo. All of them say that they are samples; none is a real municipality.

Loaded once: where a sample is found, nothing is written, so that what a person changed or deleted stays so.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from .enums import OrganisationKind, Prefecture, SeatRole
from .models import Affiliation, Organisation, Seat, User
from .validators import municipal_check_digit

DEMO_PASSWORD = "kairan-demo"  # noqa: S105  # published on purpose; checks.py keeps it out of a public site
DEMO_USERNAMES = ("admin", "editor", "writer", "member-a", "staff-a", "member-b")

SAMPLE_COUNTS = {OrganisationKind.CITY: 691, OrganisationKind.TOWN: 455, OrganisationKind.VILLAGE: 92}
"""As many of each kind as the association had on 1 February 2010."""

_SUFFIXES = {
    OrganisationKind.CITY: ("市", "し"),
    OrganisationKind.TOWN: ("町", "ちょう"),
    OrganisationKind.VILLAGE: ("村", "むら"),
}
_SMALLEST = {OrganisationKind.CITY: 30_000, OrganisationKind.TOWN: 4_000, OrganisationKind.VILLAGE: 700}
_RANGE = {OrganisationKind.CITY: 370_003, OrganisationKind.TOWN: 40_009, OrganisationKind.VILLAGE: 7_001}
_FIRST_DAY = dt.date(2009, 4, 1)
SECRETARIAT = "事務局"
NEWS_DESK = "お知らせ担当"
"""Of this group is who writes the news, and nothing else; the secretariat approves (see `cms.pages.demo`)."""


def load(context: Any) -> None:
    """Load the samples unless some are there; `context.report` is told what was done."""
    with transaction.atomic():
        organisations = _load_organisations()
        accounts = _load_accounts()
    if organisations:
        context.report(f"{organisations} sample organisations")
    if accounts:
        context.report(f"{accounts} demo accounts")


def sample_municipal_code(number: int) -> str:
    """Return the code of the sample organisation `number` (1 to 1,999), with a right check digit.

    The first two digits of a municipal code are its prefecture's JIS X 0401 number, 01 to 47. Samples begin with 98
    or 99, so that no municipality has their codes, now or after a merger.
    """
    if not 1 <= number <= 1999:
        raise ValueError(f"sample organisations are numbered 1 to 1999, not {number}")
    first_five = str(98000 + number)
    return first_five + municipal_check_digit(first_five)


def _load_organisations() -> int:
    if Organisation.objects.filter(code__gte="980000").exists():
        return 0
    kinds = [(kind, number) for kind, count in SAMPLE_COUNTS.items() for number in range(1, count + 1)]
    samples = [sample_organisation(kind, number, position) for position, (kind, number) in enumerate(kinds, start=1)]
    return len(Organisation.objects.bulk_create(samples, batch_size=500))


def sample_organisation(kind: OrganisationKind, number: int, position: int) -> Organisation:
    """Return, unsaved, the sample organisation that is the `number`th of its kind and the `position`th of all.

    Everything follows from the numbers: the prefectures in turn, a population that looks spread.
    """
    suffix, kana = _SUFFIXES[kind]
    code = sample_municipal_code(position)
    return Organisation(
        code=code,
        name=f"見本第{number}{suffix}",
        kana=f"みほんだい{number}{kana}",
        kind=kind,
        prefecture=Prefecture.values[position % len(Prefecture)],
        section="情報政策課",
        postcode="000-0000",
        address=f"見本{number}丁目1番地",
        telephone=f"00-{position:04}-0000",
        email=f"joho@m{code}.example.jp",
        population=_SMALLEST[kind] + number * number * 37 % _RANGE[kind],
        population_on=dt.date(2009, 3, 31),
    )


def _load_accounts() -> int:
    if User.objects.filter(username__in=DEMO_USERNAMES).exists():
        return 0
    User.objects.create_superuser("admin", "admin@example.jp", DEMO_PASSWORD, last_name="見本", first_name="管理者")
    _person("editor", "editor@example.jp", "編集者").groups.add(Group.objects.get(name="編集者"), _secretariat_group())
    _person("writer", "writer@example.jp", "お知らせ担当").groups.add(_news_group())
    city_a, city_b = Organisation.objects.filter(code__in=map(sample_municipal_code, (1, 2))).order_by("code")
    # The two share their section's mailbox, as sections do, so they log in by ID.
    _seat(city_a, SeatRole.SECTION_HEAD, _person("member-a", "joho@a.example.jp", "課長A"))
    _seat(city_a, SeatRole.LEAD, _person("staff-a", "joho@a.example.jp", "担当者A"))
    _seat(city_b, SeatRole.SECTION_HEAD, _person("member-b", "joho@b.example.jp", "課長B"))
    return len(DEMO_USERNAMES)


def _person(username: str, email: str, first_name: str) -> User:
    return User.objects.create_user(username, email, DEMO_PASSWORD, last_name="見本", first_name=first_name)


def _seat(organisation: Organisation, role: SeatRole, person: User) -> None:
    seat, _created = Seat.objects.get_or_create(organisation=organisation, role=role, label="")
    Affiliation.objects.create(seat=seat, person=person, starts_on=_FIRST_DAY)


def _secretariat_group() -> Group:
    """Return the secretariat's group: what Wagtail's moderators may do, everything else of an office's day."""
    group, created = Group.objects.get_or_create(name=SECRETARIAT)
    if not created:
        return group
    moderators = Group.objects.get(name="承認者")
    register = Permission.objects.filter(
        content_type__app_label="accounts", content_type__model__in=["organisation", "seat", "affiliation"]
    )
    mail = Permission.objects.filter(content_type__app_label="mail").exclude(codename__startswith="delete")
    desk = Permission.objects.filter(content_type__app_label__in=["announcements", "contact", "wagtailredirects"])
    group.permissions.set([*moderators.permissions.all(), *register, *mail, *desk])
    for page_permission in GroupPagePermission.objects.filter(group=moderators):
        GroupPagePermission.objects.create(
            group=group, page=page_permission.page, permission=page_permission.permission
        )
    _copy_collections(moderators, group)
    return group


def _news_group() -> Group:
    """Return the group of those who write the news, with pictures and documents. Its pages come later."""
    group, created = Group.objects.get_or_create(name=NEWS_DESK)
    if created:
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        _copy_collections(Group.objects.get(name="編集者"), group)
    return group


def _copy_collections(source: Group, group: Group) -> None:
    """Let a group do with pictures and documents what another may."""
    for given in GroupCollectionPermission.objects.filter(group=source):
        GroupCollectionPermission.objects.create(group=group, collection=given.collection, permission=given.permission)
