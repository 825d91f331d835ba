"""The states in which a plugin can be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PluginState(TextChoices):
    """What holds for an installed plugin now. A plugin without code is absent and has no state."""

    ON = "on", _("On")
    OFF = "off", _("Off")
    DORMANT = "dormant", _("Dormant")
