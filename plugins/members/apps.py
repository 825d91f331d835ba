"""The manifest of the register of members and their corner."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.jobs.conf import RecurringJob
from cms.mail.conf import CodePurpose, MailKind
from cms.plugin_api import Impact, PersonalRecords, Plugin

CODE_OUTCOME = "plugins.members.services.outcomes:code_outcome"


class MembersConfig(Plugin):
    name = "plugins.members"
    slug = "members"
    title = _("Membership administration")
    summary = _("Keeps the register of members, and lets their people log in to a corner of their own.")
    version = "1.0.0"
    icon = "group"
    recurring_jobs = (RecurringJob("plugins.members.tasks.forget_imports", at=dt.time(4, 20)),)
    mail_kinds = (
        MailKind(
            slug="members.application_confirm",
            label=_("Confirmation of an application to join"),
            template="members/mail/application_confirm",
            context={"code_url": "https://www.example.jp/code/"},
            placeholders={"code": "ACDE-F346", "name": "見本市"},
            confidential=True,
        ),
        MailKind(
            slug="members.application_answer",
            label=_("Question about an application to join"),
            template="members/mail/application_answer",
            context={"code_url": "https://www.example.jp/code/"},
            placeholders={"code": "ACDE-F346", "name": "見本市", "question": "担当課の電話番号を教えてください。"},
            confidential=True,
        ),
        MailKind(
            slug="members.application_accepted",
            label=_("Acceptance of an application to join"),
            template="members/mail/application_accepted",
            context={"day": dt.date(2010, 4, 1)},
            placeholders={"name": "見本市"},
        ),
        MailKind(
            slug="members.application_declined",
            label=_("Letter that declines an application"),
            template="members/mail/application_declined",
            context={},
            placeholders={"name": "見本市", "letter": "規約により、現在は新しい会員を受け付けていません。"},
        ),
        MailKind(
            slug="members.claim",
            label=_("Claim of a seat"),
            template="members/mail/claim",
            context={"code_url": "https://www.example.jp/code/"},
            placeholders={"code": "ACDE-F346", "organisation": "見本第1市", "name": "見本 後任"},
            confidential=True,
        ),
        MailKind(
            slug="members.claim_declined",
            label=_("Claim of a seat declined"),
            template="members/mail/claim_declined",
            context={},
            placeholders={"name": "見本 後任", "reason": "担当課にお電話で確認しました。"},
        ),
        MailKind(
            slug="members.invitation",
            label=_("Invitation to an account"),
            template="members/mail/invitation",
            context={"code_url": "https://www.example.jp/code/", "expires": dt.date(2010, 4, 15)},
            placeholders={"code": "ACDE-F346", "organisation": "見本第1市", "seat": "正担当者"},
            confidential=True,
        ),
        MailKind(
            slug="members.roster",
            label=_("Roster confirmation"),
            template="members/mail/roster",
            context={
                "title": _("Roster confirmation of fiscal year 2010"),
                "code_url": "https://www.example.jp/code/",
                "deadline": dt.date(2010, 4, 23),
            },
            placeholders={"code": "ACDE-F346", "organisation": "見本第1市"},
            confidential=True,
        ),
        MailKind(
            slug="members.arrived",
            label=_("Somebody you invited has come"),
            template="members/mail/arrived",
            context={"person": "見本 後任", "seat": "見本第1市 正担当者"},
            official=False,
            told=_("When a colleague whom you invited has an account."),
        ),
        MailKind(
            slug="members.handover",
            label=_("Hand-over of a seat"),
            template="members/mail/handover",
            context={
                "seat": "見本第1市 正担当者",
                "successor": "見本 後任",
                "day": dt.date(2010, 4, 1),
                "by": "見本 課長",
            },
            told=_("When somebody takes your seat over."),
        ),
    )
    code_purposes = (
        CodePurpose(
            slug="members.application_confirm",
            label=_("Confirm an application to join"),
            view="members:application_confirm",
            lifetime=dt.timedelta(days=7),
            outcome=CODE_OUTCOME,
        ),
        CodePurpose(
            slug="members.application_answer",
            label=_("Answer a question about an application"),
            view="members:application_answer",
            lifetime=dt.timedelta(days=14),
            outcome=CODE_OUTCOME,
        ),
        CodePurpose(
            slug="members.claim",
            label=_("Claim of a seat"),
            view="members:claim_confirm",
            lifetime=dt.timedelta(days=7),
            outcome=CODE_OUTCOME,
        ),
        CodePurpose(
            slug="members.roster",
            label=_("Roster confirmation"),
            view="members:roster",
            lifetime=dt.timedelta(days=60),
            outcome=CODE_OUTCOME,
        ),
        CodePurpose(
            slug="members.invitation",
            label=_("Invitation to an account"),
            view="members:accept",
            lifetime=dt.timedelta(days=14),
            outcome=CODE_OUTCOME,
        ),
    )
    contributions = {
        "membership": "plugins.members.contrib:RegisteredMembership",
        "account_ways": "plugins.members.contrib:account_ways",
        "menu_items": "plugins.members.contrib:menu_items",
        "to_dos": "plugins.members.contrib:to_dos",
        "audiences": "plugins.members.contrib:audiences",
        "reader_groups": "plugins.members.contrib:reader_groups",
        "awaited_answers": "plugins.members.contrib:awaited_answers",
        "corner_cards": "plugins.members.contrib:corner_cards",
        "corner_news": "plugins.members.contrib:corner_news",
        "demo_content": "plugins.members.demo:load",
    }

    def ready(self) -> None:
        """Withdraw the invitation of whoever has chosen a password in another way."""
        from . import signals  # noqa: F401  connects the receivers

    def personal_data(self, person: Any) -> Sequence[PersonalRecords]:
        """Say which offices the person represented, and how they used the register."""
        from .services.privacy import personal_records

        return personal_records(person=person)

    def erase_person(self, person: Any, *, neutral_name: str) -> Sequence[Impact]:
        """Take the name out of rosters, logs and histories."""
        from .services.privacy import person_forget

        return person_forget(person=person, neutral_name=neutral_name)

    def impact(self) -> Sequence[Impact]:
        """Who is no member any more while the plugin is off."""
        from .selectors.register import impact

        return impact()
