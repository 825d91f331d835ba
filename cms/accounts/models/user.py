"""A person with an account."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cms.accounts.querysets import UserManager
from cms.accounts.validators import normalise_key, validate_login_id
from cms.plugin_api import is_owner_on
from cms.plugin_api.registry import owner_of_name


class User(AbstractUser):  # type: ignore[django-manager-missing]  # of media's models, whose bases are untyped
    """A person with an account. `username` is the login ID; several people may share one mail address.

    A section's people share its mailbox, so the address identifies nobody: who shares one logs in by ID.
    """

    LOGIN_ID_HINT = _("Letters, digits and . _ + - only. Example: yamada-t")

    username = models.CharField(
        _("login ID"),
        max_length=150,
        unique=True,
        validators=[validate_login_id],
        help_text=LOGIN_ID_HINT,
        error_messages={"unique": _("This ID is taken. Please choose another one.")},
    )
    last_name = models.CharField(_("family name"), max_length=150, blank=True, help_text=_("Example: 山田"))
    first_name = models.CharField(_("given name"), max_length=150, blank=True, help_text=_("Example: 太郎"))
    email = models.EmailField(
        _("mail address"),
        blank=True,
        help_text=_(
            "A section's shared address is fine; its people then log in by their IDs. Example: joho@example.jp"
        ),
    )

    objects = UserManager()  # type: ignore[misc]  # the stubs call it a class variable

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_login_id_unique",
                violation_error_message=_("This ID is taken. Please choose another one."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name in Japanese order, or the login ID of a person without one."""
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Return family name and given name, in this order."""
        return f"{self.last_name} {self.first_name}".strip()

    def get_short_name(self) -> str:
        """Return the family name, by which people are addressed."""
        return self.last_name or self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Say no for whatever belongs to a plugin that is off, to the superuser too."""
        return is_owner_on(owner_of_name(perm)) and super().has_perm(perm, obj)

    def clean(self) -> None:
        """Normalise the keys."""
        super().clean()
        self.email = normalise_key(self.email)
