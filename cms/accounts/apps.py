from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "cms.accounts"
    verbose_name = _("People and organisations")

    def ready(self) -> None:
        """Register the checks."""
        from . import checks  # noqa: F401  registers the checks


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's users with our forms. Stands in INSTALLED_APPS in the place of `wagtail.users`."""

    user_viewset = "cms.accounts.viewsets.PersonViewSet"
