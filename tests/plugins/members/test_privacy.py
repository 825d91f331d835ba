"""What the register tells a person about themselves, and what is left after they are erased."""

import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.accounts.models import Affiliation, Seat, User
from cms.calendar import today
from cms.mail.models import Code, Delivery, Message
from cms.privacy.selectors import personal_data
from cms.privacy.services import erasure_plan, names_of, person_erase
from plugins.members.enums import RegisterUse, RosterAnswer
from plugins.members.models import (
    Application,
    Handover,
    Invitation,
    OfficerTerm,
    RegisterAccess,
    RegisterImport,
    RosterEntry,
    RosterRound,
    SeatClaim,
)
from plugins.members.services.claims import claim_approve, claim_code_send, claim_confirm, claim_decline
from plugins.members.services.handovers import handover_announce, handover_cancel, seat_end
from plugins.members.services.imports import import_plan, import_upload, import_write
from plugins.members.services.invitations import invitation_accept, invitation_issue
from plugins.members.services.rosters import roster_record
from plugins.members.services.seats import PersonData
from plugins.members.services.uses import use_record, uses_forget
from tests.factories.accounts import AffiliationFactory, SeatFactory, UserFactory
from tests.factories.members import ApplicationFactory, MembershipFactory, OfficerTermFactory, SeatClaimFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def staff():
    return UserFactory(is_superuser=True, last_name="事務", first_name="局員")


@pytest.fixture
def row():
    """A seat whose person hands it over."""
    row = AffiliationFactory(
        person__last_name="個人", person__first_name="花子", seat__organisation__email="joho@example.jp"
    )
    MembershipFactory(organisation=row.organisation)
    return row


@pytest.fixture
def known(row, staff):
    """The same person after they were invited, answered for the roster, and handed the seat over today."""
    Invitation.objects.create(
        seat=row.seat, person=row.person, channel="mail", issued_at=timezone.now(), expires_at=timezone.now(),
        issued_by=row.person, issued_by_name="個人 花子",
    )  # fmt: skip
    entry = RosterEntry.objects.create(
        round=RosterRound.objects.create(title="確認", deadline=today()), organisation=row.organisation
    )
    roster_record(entry=entry, answer=RosterAnswer.CHANGED, note="個人花子から見本へ交代", by=staff)
    RosterEntry.objects.update(answered_by_name="個人　花子", recorded_by=None)
    ApplicationFactory(
        code=row.organisation.code,
        organisation=row.organisation,
        lead_name="個人花子",
        state="accepted",
        decided_at=timezone.now(),
    )
    handover_announce(seat=row.seat, successor=UserFactory(), on=today(), by=row.person)
    return row.person


def rows_of(person):
    return {one.name: one.rows for one in personal_data(person)}


def test_person_is_told_of_invitations_handovers_and_answers(known, row):
    rows = rows_of(known)

    assert rows["members.invitations"][0]["担当"] == str(row.seat)
    assert rows["members.handovers"][0]["立場"] == "前任者"
    assert rows["members.roster"][0]["回答"] == "変更あり"


def test_answer_of_a_namesake_elsewhere_is_told_and_forgotten_to_nobody(known, staff):
    elsewhere = RosterEntry.objects.create(
        round=RosterRound.objects.get(),
        organisation=MembershipFactory().organisation,
        answer="unchanged",
        answered_at=timezone.now(),
        answered_by_name="個人 花子",
    )

    assert len(rows_of(known)["members.roster"]) == 1
    person_erase(person=known, by=staff)

    elsewhere.refresh_from_db()
    assert elsewhere.answered_by_name == "個人 花子"


def test_erased_person_is_named_nowhere_in_the_register(known, staff):
    person_erase(person=known, by=staff)

    entry, application, invitation = RosterEntry.objects.get(), Application.objects.get(), Invitation.objects.get()
    histories = [str(one.data) for one in ModelLogEntry.objects.all()]
    written = [entry.answered_by_name, entry.note, application.lead_name, invitation.issued_by_name, *histories]
    assert not [text for text in written if "花子" in text]
    assert entry.note == "元担当者から見本へ交代"


def test_handover_stays_and_names_nobody_who_is_erased(known, staff):
    person_erase(person=known, by=staff)

    handover = Handover.objects.get()
    assert str(handover.predecessor) == handover.announced_by_name == "元担当者"
    assert handover.on == today()


def test_office_with_a_typed_name_is_told_and_forgotten(known, row, staff):
    term = OfficerTermFactory(organisation=row.organisation, representative_name="個人花子", representative_role="課長")
    namesake = OfficerTermFactory(representative_name="個人 花子")
    assert len(rows_of(known)["members.offices"]) == 1

    person_erase(person=known, by=staff)

    term.refresh_from_db()
    namesake.refresh_from_db()
    assert (term.representative_name, term.representative_role) == ("元担当者", "課長")
    assert namesake.representative_name == "個人 花子"


@pytest.mark.parametrize("is_renamed", [True, False])
def test_mails_about_a_claim_forget_its_name(row, staff, is_renamed):
    claim = SeatClaimFactory(
        organisation=None, state="unconfirmed", code=row.organisation.code, last_name="珍名", first_name="一郎"
    )
    claim_code_send(pk=claim.pk)
    claim_confirm(code=Code.objects.get())
    claim.refresh_from_db()
    person = claim_approve(claim=claim, seat=row.seat, holder=row.person, by=staff)
    other = SeatClaimFactory(organisation=row.organisation, last_name="珍名", first_name="次郎")
    claim_decline(claim=other, reason="電話で確認", by=staff)
    Delivery.objects.update(state="sent", finished_at=timezone.now())
    Affiliation.objects.filter(person=person).delete()
    if is_renamed:
        person.last_name = "新姓"
        person.save()

    person_erase(person=person, by=staff)

    values = " ".join(str(values) for values in Delivery.objects.values_list("values", flat=True))
    assert "一郎" not in values
    assert "次郎" in values


def test_erasure_says_which_mails_to_others_go_on_naming_the_person(row, staff):
    seat = SeatFactory(organisation=row.organisation, role="deputy")
    newcomer = PersonData("珍名", "一郎", "ichiro@example.jp")
    invited = invitation_issue(seat=seat, person=newcomer, by=row.person)
    invitation_accept(invitation=invited.invitation, username="ichiro", password="correct horse 77 battery")
    Delivery.objects.update(state="sent", finished_at=timezone.now())
    Affiliation.objects.filter(person=invited.person).delete()
    told = "本人の氏名を記載した他の方宛てのメール（本文の保存期間が過ぎるまで残ります。）"

    lines = {str(line.label): line.count for line in person_erase(person=invited.person, by=staff)}

    assert lines[told] == 1
    assert "珍名 一郎" in Message.objects.get(kind="members.arrived").text


def histories():
    """What the histories hold beside days and numbers, as text."""
    return " ".join(str(data) for data in ModelLogEntry.objects.values_list("data", flat=True))


def test_successor_of_a_cancelled_handover_is_named_nowhere(row, staff):
    newcomer = PersonData("珍名", "一郎", "ichiro@example.jp")
    announced = handover_announce(seat=row.seat, successor=newcomer, on=today() + dt.timedelta(days=1), by=row.person)
    handover_cancel(handover=announced.handover, by=row.person)
    assert "珍名" in histories()

    person_erase(person=announced.handover.successor, by=staff)

    assert "珍名" not in histories()


@pytest.mark.parametrize("are_keys_kept", [True, False])
def test_invited_person_who_never_sat_is_named_nowhere(row, staff, are_keys_kept):
    seat = SeatFactory(organisation=row.organisation, role="deputy")
    invited = invitation_issue(seat=seat, person=PersonData("珍名", "一郎", "ichiro@example.jp"), by=row.person).person
    Affiliation.objects.filter(person=invited).delete()
    if not are_keys_kept:
        for entry in ModelLogEntry.objects.all():
            entry.data.pop("person_id", None)
            entry.save()

    person_erase(person=invited, by=staff)

    assert "珍名" not in histories()


def test_person_is_found_in_histories_under_an_earlier_name(row, staff):
    seat = SeatFactory(organisation=row.organisation, role="deputy")
    married = invitation_issue(seat=seat, person=PersonData("珍名", "次郎", "jiro@example.jp"), by=row.person).person
    married.last_name = "新姓"
    married.save()
    seat_end(seat=row.seat, on=today(), by=staff)
    Affiliation.objects.filter(person=married).update(starts_on=dt.date(2009, 4, 1))
    handover_announce(seat=seat, successor=UserFactory(), on=today(), by=staff)
    assert "珍名 次郎" in histories()

    person_erase(person=married, by=staff)

    assert "次郎" not in histories()


def test_namesake_in_the_same_organisation_keeps_the_name_in_histories(row, staff):
    others = [SeatFactory(organisation=row.organisation, role="deputy") for _number in range(2)]
    namesake = PersonData("同姓", "同名", "a@example.jp")
    gone, stays = [invitation_issue(seat=seat, person=namesake, by=None).person for seat in others]
    Affiliation.objects.filter(person=gone).delete()

    person_erase(person=gone, by=staff)

    assert {data["person"] for data in entries_of(gone)} == {"元担当者"}
    assert {data["person"] for data in entries_of(stays)} == {"同姓 同名"}


def entries_of(person):
    return ModelLogEntry.objects.filter(data__person_id=person.pk).values_list("data", flat=True)


def test_staff_member_who_wrote_an_answer_down_is_forgotten_too(row, staff):
    clerk = UserFactory(last_name="臨時", first_name="職員")
    entry = RosterEntry.objects.create(
        round=RosterRound.objects.create(title="確認", deadline=today()), organisation=row.organisation
    )
    roster_record(entry=entry, answer=RosterAnswer.UNCHANGED, note="", by=clerk)
    assert len(rows_of(clerk)["members.roster"]) == 1

    person_erase(person=clerk, by=staff)

    entry.refresh_from_db()
    assert entry.answered_by_name == "元担当者"
    assert not [one for one in ModelLogEntry.objects.all() if "臨時" in str(one.data)]


def test_searches_and_claims_that_name_the_person_are_forgotten(known, row, staff):
    claim = SeatClaimFactory(organisation=row.organisation, last_name="個人", first_name="花子")
    other = SeatClaimFactory(organisation=row.organisation, last_name="個人", first_name="次郎")
    for words in ("担当者と招待: 個人　花子", f"個人を選択: {known.username}", f"担当者と招待: x{known.username}"):
        use_record(person=staff, use=RegisterUse.LIST, detail=words)

    person_erase(person=known, by=staff)

    claim.refresh_from_db()
    other.refresh_from_db()
    assert (claim.name, other.name) == ("元担当者", "個人 次郎")
    told = list(RegisterAccess.objects.order_by("pk").values_list("detail", flat=True))
    assert told == ["担当者と招待: 元担当者", "個人を選択: 元担当者", f"担当者と招待: x{known.username}"]


@pytest.fixture
def renamed(row, staff, client):
    """The person of the seat, whose name was corrected in their form after they left traces under the old one."""
    entry = RosterEntry.objects.create(
        round=RosterRound.objects.create(title="確認", deadline=today()), organisation=row.organisation
    )
    roster_record(entry=entry, answer=RosterAnswer.CHANGED, note="個人花子が異動", by=row.person)
    ApplicationFactory(
        code=row.organisation.code, organisation=row.organisation, lead_name="個人花子", state="accepted",
        decided_at=timezone.now(),
    )  # fmt: skip
    OfficerTermFactory(organisation=row.organisation, representative_name="個人　花子")
    use_record(person=staff, use=RegisterUse.LIST, detail="担当者と招待: 個人 花子")
    SeatClaimFactory(
        organisation=row.organisation, last_name="個人", first_name="花子", state="declined",
        decided_at=timezone.now(), reason="個人花子様は退職",
    )  # fmt: skip
    client.force_login(staff)
    form = {"last_name": "新姓", "first_name": "花子", "username": "hanako", "email": "h@example.jp", "is_active": "on"}
    assert client.post(reverse("wagtailusers_users:edit", args=[row.person.pk]), form).status_code == 302
    handover_announce(seat=row.seat, successor=UserFactory(), on=today(), by=staff)
    row.person.refresh_from_db()
    return row.person


def traces():
    models = (ModelLogEntry, RosterEntry, Application, OfficerTerm, RegisterAccess, SeatClaim)
    return {model.__name__: str(list(model.objects.values())) for model in models}


def test_person_whose_name_was_corrected_is_named_nowhere_by_the_earlier_one(renamed, staff):
    assert all("個人" in text for text in traces().values())
    assert len(rows_of(renamed)["members.offices"]) == 1

    person_erase(person=renamed, by=staff)

    assert [name for name, text in traces().items() if "個人" in text or "花子" in text] == []


def test_earlier_name_of_who_was_corrected_by_a_file_or_on_their_own_page_is_forgotten(row, staff, client):
    term = OfficerTermFactory(organisation=row.organisation, representative_name="個人花子")
    line = f"{row.organisation.code},正担当者,旧姓 花子,h@example.jp,{row.person.username}"
    file = f"団体コード,役割,氏名,メール,ID\n{line}\n".encode()
    Seat.objects.filter(pk=row.seat_id).update(role="lead", label="")
    made = import_upload(kind="people", file=BytesIO(file), size=len(file), name="a.csv", by=staff)
    import_write(register_import=made, digest=import_plan(register_import=made).digest, by=staff)
    row.person.refresh_from_db()
    assert row.person.last_name == "旧姓"
    User.objects.filter(pk=row.person.pk).update(is_superuser=True)
    client.force_login(row.person)
    page = {"name_email-last_name": "新姓", "name_email-first_name": "花子", "name_email-email": "h@example.jp"}
    looks = {"theme-theme": "system", "theme-contrast": "system", "theme-density": "default"}
    assert client.post(reverse("wagtailadmin_account"), page | looks).status_code == 302
    row.person.refresh_from_db()
    assert row.person.last_name == "新姓"
    User.objects.filter(pk=row.person.pk).update(is_superuser=False)
    seat_end(seat=row.seat, on=today(), by=staff)
    assert names_of(person=row.person) == {"個人 花子", "旧姓 花子", "新姓 花子"}

    person_erase(person=row.person, by=staff)

    term.refresh_from_db()
    assert term.representative_name == "元担当者"


HEADINGS = ["団体コード", "氏", "名", "備考", "メール"]


def waiting(*cells, **values):
    """A file that nobody has confirmed yet, with a row that is empty and one of these cells."""
    return RegisterImport.objects.create(
        kind="people", file_name="名簿.csv", headings=HEADINGS, rows=[[""] * 5, list(cells)], **values
    )


@pytest.mark.parametrize(
    "cells",
    [
        ["382019", "個人", "花子", "", ""],
        ["382019", "個人　花子", "", "", ""],
        ["382019", "", "", "後任（前任 個人花子）", ""],
        ["382019", "", "", "HANAKO-K", ""],
        ["382019", "", "", "", "Hanako@example.jp"],
    ],
)
def test_file_that_waits_and_names_the_person_is_deleted_and_counted(known, staff, cells):
    known.username, known.email = "hanako-k", "hanako@example.jp"
    known.save()
    file = waiting(*cells)
    told = "取込みを確定していないファイルで、本人の氏名等を含むもの（削除）"
    assert (told, 1) in {(str(one.label), one.count) for one in erasure_plan(person=known, by=staff)}
    assert RegisterImport.objects.filter(pk=file.pk).exists()

    person_erase(person=known, by=staff)

    assert not RegisterImport.objects.exists()


def test_file_whose_first_line_names_the_person_instead_of_columns_is_deleted_too(known, staff):
    RegisterImport.objects.create(kind="people", file_name="名簿.csv", headings=["382019", "個人 花子", "メール"])

    person_erase(person=known, by=staff)

    assert not RegisterImport.objects.exists()


@pytest.mark.parametrize("address", ["person", "organisation"])
def test_file_that_names_others_or_was_written_stays(known, row, staff, address):
    known.email = "joho@example.jp"
    known.save()
    if address == "person":
        UserFactory(email="joho@example.jp")
        row.organisation.email = ""
        row.organisation.save()
    files = [
        waiting("382019", "個人", "次郎", "花子市", "joho@example.jp"),
        waiting(written_at=timezone.now()),
    ]

    person_erase(person=known, by=staff)

    assert set(RegisterImport.objects.all()) == set(files)


@pytest.mark.parametrize("names", [{"first_name": ""}, {"first_name": "", "last_name": ""}])
def test_file_is_not_deleted_for_a_name_that_is_none(known, staff, names):
    for name, value in names.items():
        setattr(known, name, value)
    known.save()
    waiting("382019", "個人的な市", "", "", "")

    person_erase(person=known, by=staff)

    assert RegisterImport.objects.exists()


def test_uses_of_the_register_go_after_three_years(staff):
    for days in (3 * 365 - 1, 3 * 365 + 1):
        use_record(person=staff, use=RegisterUse.LIST, detail=f"{days}")
        RegisterAccess.objects.filter(detail=f"{days}").update(at=timezone.now() - dt.timedelta(days=days))

    assert uses_forget() == 1
    assert RegisterAccess.objects.get().detail == f"{3 * 365 - 1}"
