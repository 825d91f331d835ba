"""Loads the register of the demo: visibly sample organisations, as many members as the association had, and some more.

Each sample is marked as one in its name, and its municipal code is of no municipality.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import yaml
from django.contrib.auth.models import Group, Permission

from cms.accounts.demo import SAMPLE_COUNTS, sample_organisation
from cms.accounts.enums import OrganisationKind, SeatRole
from cms.accounts.models import Affiliation, Organisation
from cms.pages.models import MeetingPage
from cms.plugin_api.points import DemoContext
from plugins.members.enums import JoinReason, Office
from plugins.members.models import DeclaredCount, Membership, OfficerTerm
from plugins.members.services.officers import officer_term_record

NON_MEMBERS = {OrganisationKind.CITY: 12, OrganisationKind.TOWN: 24, OrganisationKind.VILLAGE: 6}
"""Organisations that could be invited."""

_SINCE = dt.date(2005, 4, 1)
_ELECTED = dt.date(2009, 11, 25)
"""The meeting of the old and the new officers, which elected chair and vice-chair."""
_NOTE = "見本データ"
_SECRETARIAT = "事務局"
_KEYS = {
    "members": "",
    "members.city": OrganisationKind.CITY,
    "members.town": OrganisationKind.TOWN,
    "members.village": OrganisationKind.VILLAGE,
}


def load_register(context: DemoContext) -> bool:
    """Load memberships, organisations that are no members, and the declared figures; False where some are there."""
    if Membership.objects.exists() or DeclaredCount.objects.exists():
        return False
    samples = Organisation.objects.filter(code__gte="980000").order_by("code")[: sum(SAMPLE_COUNTS.values())]
    memberships = [
        Membership(organisation=one, starts_on=_SINCE, join_reason=JoinReason.RECORDED, note=_NOTE) for one in samples
    ]
    Membership.objects.bulk_create(memberships, batch_size=500)
    _load_officers(list(samples[:8]))
    others = Organisation.objects.bulk_create(_non_members())
    _load_declared(yaml.safe_load((context.fixtures / "figures.yaml").read_text(encoding="utf-8")))
    context.report(f"{len(memberships)} sample members, {len(others)} organisations that are none")
    return True


def _load_officers(samples: Sequence[Organisation]) -> None:
    """Record sample organisations as the officers elected in 2009: the document names none, so these say what they are.

    Eight held an office in February 2010, when eight came to the meeting.
    """
    meeting = MeetingPage.objects.filter(fiscal_year=2009, published_number=2, series__is_main=True).first()
    offices = [Office.CHAIR, Office.VICE_CHAIR, Office.VICE_CHAIR, *[Office.OFFICER] * 5]
    for organisation, office in zip(samples, offices, strict=False):
        held = Affiliation.objects.active_on(_ELECTED).filter(organisation=organisation)
        head = held.filter(seat__role=SeatRole.SECTION_HEAD).select_related("person").first()
        term = OfficerTerm(organisation=organisation, office=office, starts_on=_ELECTED, meeting=meeting, note=_NOTE)
        term.representative = head.person if head else None
        officer_term_record(term=term)


def _non_members() -> list[Organisation]:
    made: list[Organisation] = []
    for kind, count in NON_MEMBERS.items():
        for number in range(1, count + 1):
            position = sum(SAMPLE_COUNTS.values()) + len(made) + 1
            made.append(sample_organisation(kind, SAMPLE_COUNTS[kind] + number, position))
    return made


def _load_declared(content: dict[str, Any]) -> None:
    figures = [figure for figure in content["figures"] if figure["key"] in _KEYS]
    DeclaredCount.objects.bulk_create(
        DeclaredCount(as_of=figure["as_of"], kind=_KEYS[figure["key"]], count=figure["value"], source=content["source"])
        for figure in figures
    )


def let_secretariat_work() -> None:
    group = Group.objects.filter(name=_SECRETARIAT).first()
    if group is not None:
        rights = Permission.objects.filter(content_type__app_label="members").exclude(codename__startswith="delete")
        group.permissions.add(*rights)
