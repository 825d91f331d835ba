import datetime as dt
from collections.abc import Sequence
from typing import Any

from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cms.jobs.conf import RecurringJob
from cms.plugin_api import HandedOver, Impact, PersonalRecords

from .conf import CodePurpose, MailKind
from .enums import Urgency


class MailConfig(AppConfig):
    """The durable outbox."""

    name = "cms.mail"
    verbose_name = _("Mail")
    recurring_jobs = (
        RecurringJob("cms.mail.tasks.send_outbox", every=dt.timedelta(minutes=1)),
        RecurringJob("cms.mail.tasks.send_notices", every=dt.timedelta(minutes=1)),
        RecurringJob("cms.mail.tasks.read_bounces", every=dt.timedelta(minutes=5)),
        RecurringJob("cms.mail.tasks.delete_confidential", every=dt.timedelta(minutes=5)),
        RecurringJob("cms.mail.tasks.delete_old", at=dt.time(4, 10)),
    )
    mail_kinds = (
        MailKind(
            slug="mail.test",
            label=_("Test mail"),
            template="mail/test",
            context={"sent_by": "見本 管理者", "sent_at": dt.datetime(2009, 6, 9, 2, 45, tzinfo=dt.UTC)},
            urgency=Urgency.URGENT,
        ),
        MailKind(
            slug="mail.confirm_address",
            label=_("Confirmation of an address"),
            template="mail/confirm_address",
            context={
                "code_url": "https://www.example.jp/code/",
                "expires": dt.datetime(2009, 6, 23, 2, 45, tzinfo=dt.UTC),
            },
            placeholders={"code": "ACDE-F346"},
            urgency=Urgency.URGENT,
            confidential=True,
        ),
        MailKind(
            slug="mail.notice",
            label=_("Official notice"),
            template="mail/notice",
            context={
                "notice_subject": _("First meeting of the officers (invitation)"),
                "notice_text": _(
                    "{{organisation_name}}\n{{recipient_name}}\n\nThe officers meet. Please come.\nhttps://www.example.jp/"
                ),
            },
            placeholders={"organisation_name": "見本市"},
            told=_("What the secretariat writes to members: meetings, papers, inquiries."),
        ),
    )
    code_purposes = (
        CodePurpose(
            slug="mail.confirm_address",
            label=_("Confirm a mail address"),
            view="mail:confirm_address",
            lifetime=dt.timedelta(days=14),
        ),
    )

    def personal_data(self, person: Any) -> Sequence[PersonalRecords]:
        """Say which mails went to the person, what they left, and when their address was suspended."""
        from .services.privacy import declined_of, deliveries_of, opt_outs_of, suspensions_of

        return [
            PersonalRecords("mail", _("Mail that was sent to you"), deliveries_of(person=person)),
            PersonalRecords("mail.lists", _("Mailing lists that you left"), opt_outs_of(person=person)),
            PersonalRecords("mail.declined", _("Mail that you turned off"), declined_of(person=person)),
            PersonalRecords("mail.suspensions", _("When your address was suspended"), suspensions_of(person=person)),
        ]

    def erase_person(self, person: Any, *, neutral_name: str) -> Sequence[Impact]:
        """Take name and address out of the record of what was sent."""
        from .services.privacy import person_forget

        count = person_forget(person=person, neutral_name=neutral_name)
        return [Impact(_("Records of mails without name and address"), count)]

    def hand_over_desk(self, person: Any, to: Any) -> Sequence[HandedOver]:
        """Pass on notices that have not been sent."""
        from .services.notices import notices_hand_over

        return notices_hand_over(person=person, to=to)

    def ready(self) -> None:
        """Register the checks and listen to the mail services' webhooks."""
        from . import checks  # noqa: F401  registers the checks
        from .contrib import receive_tracking
        from .signals import mail_queued
        from .tasks import wake

        mail_queued.connect(wake)
        tracking.connect(receive_tracking, dispatch_uid="cms.mail")
