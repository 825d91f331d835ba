from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig

from cms.jobs.conf import RecurringJob
from cms.mail.conf import CodePurpose, MailKind
from cms.mail.enums import Urgency
from cms.plugin_api import HandedOver


class AccountsConfig(AppConfig):
    default = True
    name = "cms.accounts"
    verbose_name = _("People and organisations")
    recurring_jobs = (RecurringJob("cms.accounts.tasks.end_departed_sessions", at=time(0, 5)),)
    mail_kinds = (
        MailKind(
            slug="accounts.password_reset",
            label=_("Choosing a new password"),
            template="account/email/password_reset",
            context={
                "accounts": [
                    {
                        "login_id": "yamada-t",
                        "name": "山田 太郎",
                        "url": "https://www.example.jp/accounts/password/reset/key/…",
                        "code": "ACDE-F346",
                    }
                ],
                "some_never_came": True,
                "code_url": "https://www.example.jp/code/",
                "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
            },
            urgency=Urgency.URGENT,
            confidential=True,
            told=_("When you ask for a new password."),
        ),
    )
    code_purposes = (
        CodePurpose(
            slug="accounts.password_reset",
            label=_("Choose a new password"),
            view="account_reset_password_by_code",
            lifetime=timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        ),
    )

    def hand_over_desk(self, person: Any, to: Any) -> Sequence[HandedOver]:
        """Pass on rights."""
        from .services import rights_hand_over

        return rights_hand_over(person=person, to=to)

    def ready(self) -> None:
        """Register the checks, and use codes up when what they are for is done."""
        from allauth.account.signals import password_reset

        from . import checks  # noqa: F401  registers the checks
        from .signals import use_reset_codes

        password_reset.connect(use_reset_codes, dispatch_uid="cms.accounts")


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's users with our forms. Stands in INSTALLED_APPS in the place of `wagtail.users`."""

    user_viewset = "cms.accounts.viewsets.PersonViewSet"
    group_viewset = "cms.accounts.viewsets.EditorGroupViewSet"
