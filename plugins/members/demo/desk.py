"""What the secretariat has on its desk: one sample of each state. Written as rows: no mail goes out for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from cms.accounts.enums import OrganisationKind, SeatRole
from cms.accounts.models import Affiliation, Organisation, Seat, User
from cms.calendar import FiscalYear, today
from plugins.members.enums import (
    ApplicationState,
    Channel,
    ClaimState,
    ImportKind,
    LeaveReason,
    RosterAnswer,
    Standing,
    WithdrawalState,
)
from plugins.members.models import (
    Application,
    ApplicationNote,
    Handover,
    Invitation,
    Membership,
    RegisterImport,
    RosterEntry,
    RosterRound,
    SeatClaim,
    Withdrawal,
)
from plugins.members.selectors.register import members_on, register_on
from plugins.members.services.memberships import membership_begin, membership_end

NOTE = "見本データ"
CHANGED_ON = dt.date(2010, 4, 1)
"""One town joins and one leaves after the day of the document, so that the kinds stay as it says."""
_SECRETARIAT = "見本 編集者"
_FIRST_DAY = dt.date(2009, 4, 1)
_DAYS_TO_ANSWER = 14


def load_desk() -> None:
    """Load applications, announcements to leave, invitations, a hand-over, a claim, an import and a roster."""
    clerk = User.objects.filter(username="editor").first()
    _load_applications(clerk)
    _load_withdrawals(clerk)
    _load_people(clerk)
    _load_handover(clerk)
    _load_claim()
    RegisterImport.objects.create(
        kind=ImportKind.ORGANISATIONS, file_name="見本_団体一覧.csv", uploaded_by=clerk, written_at=timezone.now(),
        unchanged_count=Membership.objects.count(),
    )  # fmt: skip
    _load_roster(clerk)


def _load_applications(clerk: User | None) -> None:
    towns = register_on(today()).filter(standing=Standing.NEVER, kind=OrganisationKind.TOWN).order_by("code")
    for organisation, state in zip(towns, ApplicationState, strict=False):
        decided = state in (ApplicationState.ACCEPTED, ApplicationState.DECLINED)
        application = Application.objects.create(
            code=organisation.code,
            name=organisation.name,
            kind=organisation.kind,
            section=organisation.section,
            postcode=organisation.postcode,
            address=organisation.address,
            telephone=organisation.telephone,
            email=organisation.email,
            lead_name="見本 正担当者",
            head_name="見本 主管課長",
            message=f"{NOTE}：加入の手続きについて教えてください。",
            state=state,
            confirmed_at=None if state == ApplicationState.UNCONFIRMED else timezone.now(),
            decided_at=timezone.now() if decided else None,
            decided_by=clerk if decided else None,
            decided_by_name=_SECRETARIAT if decided else "",
            letter=f"{NOTE}：今回は加入をお受けできません。" if state == ApplicationState.DECLINED else "",
            organisation=organisation if state == ApplicationState.ACCEPTED else None,
        )
        if state == ApplicationState.ASKED:
            text = f"{NOTE}：担当課の直通電話番号を教えてください。"
            ApplicationNote.objects.create(application=application, by=clerk, by_name=_SECRETARIAT, text=text)
        if state == ApplicationState.ACCEPTED:
            membership_begin(organisation=organisation, starts_on=CHANGED_ON, by=clerk, note=NOTE)


def _load_withdrawals(clerk: User | None) -> None:
    leaving = members_on(CHANGED_ON).filter(kind=OrganisationKind.TOWN, memberships__starts_on__lt=CHANGED_ON)
    for organisation, state in zip(leaving.order_by("code"), WithdrawalState, strict=False):
        confirmed = state == WithdrawalState.CONFIRMED
        decided = state != WithdrawalState.ANNOUNCED
        Withdrawal.objects.create(
            organisation=organisation,
            ends_on=CHANGED_ON if confirmed else FiscalYear.current().next.start,
            reason=f"{NOTE}：他の団体との合併を予定しているため。",
            announced_by_name="見本 主管課長",
            state=state,
            decided_at=timezone.now() if decided else None,
            decided_by=clerk if decided else None,
            decided_by_name=_SECRETARIAT if decided else "",
        )
        if confirmed:
            membership = Membership.objects.get(organisation=organisation)
            membership_end(membership=membership, ends_on=CHANGED_ON, reason=LeaveReason.WITHDREW, by=clerk)


def _load_people(clerk: User | None) -> None:
    """Seat people who have not come yet: invited by mail, by a letter that ran out, or not; one left."""
    now = timezone.now()
    issued = (
        (Channel.MAIL, now),
        (Channel.LETTER, now - dt.timedelta(days=30)),
        None,
    )
    for number, (organisation, invitation) in enumerate(zip(_cities(10, 3), issued, strict=True), start=10):
        seat, person = _seated(organisation, f"担当者{number}", starts_on=_FIRST_DAY)
        if invitation is not None:
            channel, issued_at = invitation
            Invitation.objects.create(
                seat=seat, person=person, channel=channel, issued_at=issued_at, issued_by=clerk,
                issued_by_name=_SECRETARIAT, expires_at=issued_at + dt.timedelta(days=14),
            )  # fmt: skip
    (unmanned,) = _cities(13, 1)
    _seat, gone = _seated(unmanned, "退職者", starts_on=_FIRST_DAY)
    gone.is_active = False
    gone.save(update_fields=["is_active"])


def _load_handover(clerk: User | None) -> None:
    (organisation,) = _cities(20, 1)
    on = FiscalYear.current().next.start
    seat, leaving = _seated(organisation, "前任者", starts_on=_FIRST_DAY, ends_on=on)
    coming = _person("後任者", organisation)
    Affiliation.objects.create(seat=seat, person=coming, starts_on=on)
    Handover.objects.create(
        seat=seat, predecessor=leaving, successor=coming, on=on, announced_by=clerk, announced_by_name=_SECRETARIAT
    )


def _load_claim() -> None:
    (organisation,) = _cities(30, 1)
    SeatClaim.objects.create(
        organisation=organisation, code=organisation.code or "", last_name="見本", first_name="後任者",
        message=f"{NOTE}：4月から担当しています。", state=ClaimState.OPEN, confirmed_at=timezone.now(),
    )  # fmt: skip


def _load_roster(clerk: User | None) -> None:
    """Ask every member; six of ten answered that nothing changes, one that something does, and three are silent."""
    roster = RosterRound.objects.create(
        title=f"見本：{FiscalYear.current().label}担当者名簿の確認",
        deadline=today() + dt.timedelta(days=_DAYS_TO_ANSWER),
        started_by=clerk,
    )
    answers = ["", *[RosterAnswer.UNCHANGED] * 6, RosterAnswer.CHANGED, "", ""]
    now = timezone.now()
    entries = [
        RosterEntry(
            round=roster,
            organisation=organisation,
            asked_at=now,
            times_asked=1,
            answer=answer,
            note=f"{NOTE}：正担当者が交代します。" if answer == RosterAnswer.CHANGED else "",
            answered_at=now if answer else None,
            answered_by_name="見本 回答者" if answer else "",
        )
        for number, organisation in enumerate(members_on(today()).order_by("code"))
        for answer in [answers[number % len(answers)]]
    ]
    RosterEntry.objects.bulk_create(entries, batch_size=500)


def _cities(first: int, count: int) -> Sequence[Organisation]:
    """Return sample cities by their number; the demo accounts sit in the first two."""
    names = [f"見本第{number}市" for number in range(first, first + count)]
    return list(Organisation.objects.filter(name__in=names).order_by("code"))


def _seated(
    organisation: Organisation, first_name: str, *, starts_on: dt.date, ends_on: dt.date | None = None
) -> tuple[Seat, User]:
    seat, _made = Seat.objects.get_or_create(organisation=organisation, role=SeatRole.LEAD, label="")
    person = _person(first_name, organisation)
    Affiliation.objects.create(seat=seat, person=person, starts_on=starts_on, ends_on=ends_on)
    return seat, person


def _person(first_name: str, organisation: Organisation) -> User:
    username = f"sample-{organisation.code}-{User.objects.count()}"
    return User.objects.create_user(username, organisation.email, last_name="見本", first_name=first_name)
