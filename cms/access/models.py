"""Groups of seats, and the rule that a page or a collection of files has."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import BaseViewRestriction, Collection, CollectionViewRestriction, Page, PageViewRestriction

from cms.accounts.models import Seat
from cms.calendar.spans import Span, runs_forward

from .enums import Audience
from .querysets import AccessRuleQuerySet, GroupMembershipQuerySet


class Group(ClusterableModel):
    """Some seats that read together, such as the officers. Django's groups say what editors may do; these don't."""

    name = models.CharField(
        _("name"),
        max_length=50,
        unique=True,
        help_text=_("Example: Officers"),
        error_messages={"unique": _("Another group has this name.")},
    )
    key = models.SlugField(max_length=50, unique=True, null=True, blank=True, editable=False)
    """By which a plugin knows the group that it keeps."""
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("What the group is for."))

    class Meta:
        verbose_name = _("reader group")
        verbose_name_plural = _("reader groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class GroupMembership(Span):
    """A seat in a group, from one day until before another. Whoever sits on the seat reads."""

    group = ParentalKey(Group, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("reader group"))
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="group_memberships", verbose_name=_("seat"))
    starts_on = models.DateField(pgettext_lazy("group", "from"), help_text=_("The first day. Example: 2010-04-01"))
    ends_on = models.DateField(
        pgettext_lazy("group", "until before"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is over. Leave empty while it goes on. Example: 2012-04-01"),
    )

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat in a reader group")
        verbose_name_plural = _("seats in reader groups")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "seat", "starts_on"],
                name="access_membership_once_a_day",
                violation_error_message=_("The seat is in the group from that day already."),
            ),
            runs_forward("access_membership_period_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.group} – {self.seat}"


class AccessRule(models.Model):
    """Who may read a page, or the files of a collection, and everything below. No rule: whoever may read what is above.

    All rules on the way down hold together, so that a rule below can only be narrower. Each stands on a restriction of
    Wagtail's, to those who are logged in: whatever of Wagtail's knows nothing of rules takes the page for private.
    """

    audience = models.CharField(_("who may read"), max_length=10, choices=Audience.choices)
    groups = models.ManyToManyField(Group, through="AccessRuleGroup", related_name="rules", verbose_name=_("groups"))
    page = models.OneToOneField(Page, on_delete=models.CASCADE, null=True, related_name="access_rule")
    page_floor = models.OneToOneField(PageViewRestriction, on_delete=models.CASCADE, null=True, related_name="rule")
    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, null=True, related_name="access_rule")
    collection_floor = models.OneToOneField(
        CollectionViewRestriction, on_delete=models.CASCADE, null=True, related_name="rule"
    )

    objects = AccessRuleQuerySet.as_manager()
    shown_to_visitors = True  # menus and lists change with it

    class Meta:
        verbose_name = _("reading rule")
        verbose_name_plural = _("reading rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=[Audience.MEMBERS, Audience.GROUPS]), name="access_rule_restricts"
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=False, page_floor__isnull=False, collection=None, collection_floor=None)
                | Q(page=None, page_floor=None, collection__isnull=False, collection_floor__isnull=False),
                name="access_rule_of_one_thing_on_its_floor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page or self.collection}: {self.get_audience_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Lay the floor first. Wagtail's own log of restrictions would name what no editor has chosen."""
        login = BaseViewRestriction.LOGIN
        with transaction.atomic():
            if self.page and not self.page_floor:
                floor = PageViewRestriction(page=self.page, restriction_type=login)
                [self.page_floor] = PageViewRestriction.objects.bulk_create([floor])
            if self.collection and not self.collection_floor:
                ground = CollectionViewRestriction(collection=self.collection, restriction_type=login)
                [self.collection_floor] = CollectionViewRestriction.objects.bulk_create([ground])
            super().save(*args, **kwargs)


class AccessRuleGroup(models.Model):
    """A group that a rule names. It cannot be deleted before the rule lets go of it."""

    rule = models.ForeignKey(AccessRule, on_delete=models.CASCADE)
    group = models.ForeignKey(Group, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "group"], name="access_rule_names_a_group_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.group}"
