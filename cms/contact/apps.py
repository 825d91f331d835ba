from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cms.jobs.conf import RecurringJob
from cms.mail.conf import MailKind


class ContactConfig(AppConfig):
    name = "cms.contact"
    verbose_name = _("Enquiries")
    recurring_jobs = (RecurringJob("cms.contact.tasks.tidy", at=time(4, 20)),)
    mail_kinds = (
        MailKind(
            slug="contact.enquiry",
            label=_("Enquiry to the secretariat"),
            template="contact/mail/enquiry",
            context={"number": 12, "admin_url": "https://www.example.jp/admin/contact/edit/12/"},
            placeholders={
                "sender_name": "見本 太郎",
                "sender_organisation": "見本市",
                "sender_address": "taro@example.jp",
                "sender_telephone": "00-0000-0000",
                "sender_subject": "総会の資料について",
                "sender_text": "総会の資料の掲載場所を教えてください。",
            },
            # What somebody wrote to the secretariat stays in one place, and is deleted there by rule.
            confidential=True,
        ),
        MailKind(
            slug="contact.receipt",
            label=_("Receipt to the sender of an enquiry"),
            template="contact/mail/receipt",
            context={"number": 12, "received_at": "平成21年6月9日（火）11:45"},
        ),
    )
