from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """What is kept about a person: given to them, and taken out when they ask. Apps say what they keep."""

    name = "cms.privacy"
    verbose_name = _("Personal data")
