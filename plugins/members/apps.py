"""The manifest of the register of members and their corner."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.jobs.conf import RecurringJob
from cms.mail.conf import CodePurpose, MailKind
from cms.plugin_api import Impact, PersonalRecords, Plugin

CODE_OUTCOME = "plugins.members.services.outcomes:code_outcome"


def _mail(name: str, label: str | Promise, **values: Any) -> MailKind:
    """Declare the mail of that name: its slug and its templates are called so, too."""
    return MailKind(slug=f"members.{name}", label=label, template=f"members/mail/{name}", **values)


def _code_mail(
    name: str, label: str | Promise, /, *, context: Mapping[str, Any] | None = None, **sample: str
) -> MailKind:
    """Declare a mail with a code that lets its reader in; `sample` are its placeholders besides the code."""
    return _mail(
        name,
        label,
        context={"code_url": "https://www.example.jp/code/", **(context or {})},
        placeholders={"code": "ACDE-F346", **sample},
        confidential=True,
    )


def _code(name: str, label: str | Promise, *, days: int, view: str = "") -> CodePurpose:
    """Declare what the code of the mail of that name is for; without a `view` the page is called so, too."""
    return CodePurpose(
        slug=f"members.{name}",
        label=label,
        view=f"members:{view or name}",
        lifetime=dt.timedelta(days=days),
        outcome=CODE_OUTCOME,
    )


class MembersConfig(Plugin):
    name = "plugins.members"
    slug = "members"
    title = _("Membership administration")
    summary = _("Keeps the register of members, and lets their people log in to a corner of their own.")
    version = "1.0.0"
    icon = "group"
    recurring_jobs = (RecurringJob("plugins.members.tasks.forget_imports", at=dt.time(4, 20)),)
    mail_kinds = (
        _code_mail("application_confirm", _("Confirmation of an application to join"), name="見本市"),
        _code_mail(
            "application_answer",
            _("Question about an application to join"),
            name="見本市",
            question="担当課の電話番号を教えてください。",
        ),
        _mail(
            "application_accepted",
            _("Acceptance of an application to join"),
            context={"day": dt.date(2010, 4, 1)},
            placeholders={"name": "見本市"},
        ),
        _mail(
            "application_declined",
            _("Letter that declines an application"),
            placeholders={"name": "見本市", "letter": "規約により、現在は新しい会員を受け付けていません。"},
        ),
        _code_mail("claim", _("Claim of a seat"), organisation="見本第1市", name="見本 後任"),
        _mail(
            "claim_declined",
            _("Claim of a seat declined"),
            placeholders={"name": "見本 後任", "reason": "担当課にお電話で確認しました。"},
        ),
        _code_mail(
            "invitation",
            _("Invitation to an account"),
            context={"expires": dt.date(2010, 4, 15)},
            organisation="見本第1市",
            seat="正担当者",
        ),
        _code_mail(
            "roster",
            _("Roster confirmation"),
            context={"title": _("Roster confirmation of fiscal year 2010"), "deadline": dt.date(2010, 4, 23)},
            organisation="見本第1市",
        ),
        _mail(
            "arrived",
            _("Somebody you invited has come"),
            context={"person": "見本 後任", "seat": "見本第1市 正担当者"},
            official=False,
            told=_("When a colleague whom you invited has an account."),
        ),
        _mail(
            "handover",
            _("Hand-over of a seat"),
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
        _code("application_confirm", _("Confirm an application to join"), days=7),
        _code("application_answer", _("Answer a question about an application"), days=14),
        _code("claim", _("Claim of a seat"), view="claim_confirm", days=7),
        _code("roster", _("Roster confirmation"), days=60),
        _code("invitation", _("Invitation to an account"), view="accept", days=14),
    )
    receivers = {"people_seen": "plugins.members.contrib:people_seen"}
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
