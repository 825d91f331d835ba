"""Groups and rules for tests, made by the services of the product."""

import datetime as dt
from typing import Any

from wagtail.models import Collection, Page

from cms.access.enums import Audience
from cms.access.models import AccessRule, Group
from cms.access.services import access_rule_set, group_seat_add
from cms.accounts.models import Seat

LONG_AGO = dt.date(2009, 4, 1)


def make_group(name: str = "役員", *seats: Seat, **period: Any) -> Group:
    """Return a group with these seats in it since the first day of FY2009, or for another period."""
    group, _created = Group.objects.get_or_create(name=name)
    for seat in seats:
        group_seat_add(group=group, seat=seat, **{"starts_on": LONG_AGO, **period})
    return group


def for_members(subject: Page | Collection) -> AccessRule | None:
    """Let only members read."""
    return access_rule_set(subject=subject, audience=Audience.MEMBERS)


def for_groups(subject: Page | Collection, *groups: Group) -> AccessRule | None:
    """Let only these groups read."""
    return access_rule_set(subject=subject, audience=Audience.GROUPS, groups=groups)


def for_everyone(subject: Page | Collection) -> None:
    """Take the rule away."""
    access_rule_set(subject=subject, audience=Audience.EVERYONE)
