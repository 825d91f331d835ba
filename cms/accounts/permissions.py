"""Who may do what. One function a question, asked by views, templates, hooks and tests alike."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser

CHANGE_PEOPLE = "accounts.change_user"
CHOOSE_PEOPLE = {CHANGE_PEOPLE, "accounts.add_organisation", "accounts.change_organisation"}
"""Rights whose forms ask for a person."""
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def can_enter_admin(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the person works for the secretariat: may open the admin at all."""
    return user.has_perm("wagtailadmin.access_admin")


def must_set_up_second_factor(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the admin stays shut until the person has a second factor (setting `REQUIRE_STAFF_MFA`)."""
    return settings.REQUIRE_STAFF_MFA and can_enter_admin(user) and not is_mfa_enabled(user, SECOND_FACTORS)


def can_choose_people(user: AbstractUser | AnonymousUser) -> bool:
    """Whether the person has a form in which to choose somebody, and so sees names, IDs and mail addresses."""
    return any(user.has_perm(right) for right in CHOOSE_PEOPLE)
