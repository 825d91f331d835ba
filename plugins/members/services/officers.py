"""Keeps the reader group of the officers: who is in it follows from their terms, day by day."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cms.access.models import Group
from cms.access.services import group_keep
from plugins.members.models import OfficerTerm

OFFICERS = "members-officers"
"""The key of the group."""


def officers_group() -> Group:
    """Return the group to which pages and files can be limited; made where it is not."""
    with translation.override(settings.LANGUAGE_CODE):
        return group_keep(key=OFFICERS, name=_("Current officers"))


@transaction.atomic
def officer_term_record(*, term: OfficerTerm) -> OfficerTerm:
    """Store a term, and see to it that the group is there. Raises `ValidationError` with what speaks against it."""
    term.full_clean()
    term.save()
    officers_group()
    return term
