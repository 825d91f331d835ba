"""Whom a rule lets read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Everyone is the absence of a rule; the other two are stored."""

    EVERYONE = "everyone", _("Everyone")
    MEMBERS = "member", _("Members of the association")
    GROUPS = "groups", _("Named groups")
