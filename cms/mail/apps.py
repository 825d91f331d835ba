from datetime import time, timedelta

from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cms.jobs.conf import RecurringJob

from .conf import CodePurpose, MailKind
from .enums import Urgency


class MailConfig(AppConfig):
    """The durable outbox."""

    name = "cms.mail"
    verbose_name = _("Mail")
    recurring_jobs = (
        RecurringJob("cms.mail.tasks.send_outbox", every=timedelta(minutes=1)),
        RecurringJob("cms.mail.tasks.read_bounces", every=timedelta(minutes=5)),
        RecurringJob("cms.mail.tasks.delete_old", at=time(4, 10)),
    )
    mail_kinds = (
        MailKind(
            slug="mail.test",
            label=_("Test mail"),
            template="mail/test",
            context={"sent_by": "見本 管理者", "sent_at": "平成21年6月9日（火）11:45"},
            urgency=Urgency.URGENT,
        ),
        MailKind(
            slug="mail.confirm_address",
            label=_("Confirmation of an address"),
            template="mail/confirm_address",
            context={"code_url": "https://www.example.jp/code/", "expires": "平成21年6月23日（火）11:45"},
            placeholders={"code": "ACDE-F346"},
            urgency=Urgency.URGENT,
            confidential=True,
        ),
    )
    code_purposes = (
        CodePurpose(
            slug="mail.confirm_address",
            label=_("Confirm a mail address"),
            view="mail:confirm_address",
            lifetime=timedelta(days=14),
        ),
    )

    def ready(self) -> None:
        """Register the checks and listen to the mail services' webhooks."""
        from . import checks  # noqa: F401  registers the checks
        from .contrib import receive_tracking
        from .signals import mail_queued
        from .tasks import wake

        mail_queued.connect(wake)
        tracking.connect(receive_tracking, dispatch_uid="cms.mail")
