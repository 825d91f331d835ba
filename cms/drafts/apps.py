from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DraftsConfig(AppConfig):
    """How a draft is shown to those who decide about it."""

    name = "cms.drafts"
    verbose_name = _("Drafts")
