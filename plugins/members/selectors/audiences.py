"""Who is written to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, Organisation
from cms.plugin_api.points import Addressee
from plugins.members.enums import WrittenTo

if TYPE_CHECKING:
    from cms.accounts.querysets import OrganisationQuerySet


def narrowed(organisations: OrganisationQuerySet, chosen: Mapping[str, Any]) -> OrganisationQuerySet:
    """Keep the kinds, prefectures and populations that were chosen; nothing chosen keeps all."""
    wanted = {
        "kind__in": chosen.get("kind"),
        "prefecture__in": chosen.get("prefecture"),
        "population__gte": chosen.get("population_min"),
        "population__lte": chosen.get("population_max"),
    }
    return organisations.filter(**{name: value for name, value in wanted.items() if value not in (None, [])})


def addressees(organisations: OrganisationQuerySet, *, to: WrittenTo, on: dt.date) -> Iterator[Addressee]:
    """Yield who of the organisations is written to, from north to south: two queries.

    An organisation that has nobody on such a seat is written to at its representative address.
    """
    rows = Affiliation.objects.none() if to == WrittenTo.ORGANISATION else _people_of(organisations, to, on)
    people: dict[int, list[Affiliation]] = defaultdict(list)
    for row in rows:
        people[row.organisation_id].append(row)
    for organisation in organisations.order_by("prefecture", "code", "name"):
        if organisation.pk not in people:
            yield Addressee(organisation.email, str(organisation), organisation_id=organisation.pk)
        for row in people[organisation.pk]:
            yield _person_addressee(row, organisation)


def newcomers(organisations: OrganisationQuerySet, *, on: dt.date) -> Iterator[Addressee]:
    """Yield the people on seats of the organisations who have never logged in: one query."""
    rows = _people_of(organisations, WrittenTo.PEOPLE, on).filter(person__last_login__isnull=True)
    for row in rows.select_related("person", "organisation"):
        yield _person_addressee(row, row.organisation)


def _people_of(organisations: OrganisationQuerySet, to: WrittenTo, on: dt.date) -> QuerySet[Affiliation]:
    rows = Affiliation.objects.in_charge_on(on).filter(organisation__in=organisations.order_by().values("pk"))
    if to == WrittenTo.SECTION_HEADS:
        rows = rows.filter(seat__role=SeatRole.SECTION_HEAD)
    ordered = rows.order_by("organisation__prefecture", "organisation__code", "-seat__role", "seat__label")
    return ordered.select_related("person")


def _person_addressee(row: Affiliation, organisation: Organisation) -> Addressee:
    person = row.person
    address = person.email or organisation.email
    return Addressee(address, person.display_name, person_id=person.pk, organisation_id=organisation.pk)
