"""What allauth tells us."""

from typing import Any

from .models import User
from .services import password_reset_codes_use


def use_reset_codes(user: User, **_arguments: Any) -> None:
    """A password that was chosen by the link leaves no code that still opens the same door."""
    password_reset_codes_use(person=user)
