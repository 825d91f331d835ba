"""What allauth tells us."""

from typing import Any

from allauth.account.signals import password_reset

from cms.accounts.models import User
from cms.plugin_api.signals import receiver

from .models import Invitation
from .services.invitations import invitations_withdraw


@receiver(password_reset)
def withdraw_invitations(user: User, **_arguments: Any) -> None:
    """Who has chosen a password by themselves has come: no code of an invitation shall open the account any more."""
    invitations_withdraw(invitations=Invitation.objects.filter(person=user), by=user)
