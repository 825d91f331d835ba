"""A successor claims a seat through the organisation's mailbox: nobody is told anything, and staff decide."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.accounts.enums import SeatRole
from cms.accounts.models import Affiliation, Seat
from cms.calendar import today
from cms.mail.models import Code, Delivery, Message
from cms.mail.services.codes import CodeRefusedError
from cms.plugin_api.points import account_ways, to_dos
from cms.plugin_api.testing import plugin_disabled
from plugins.members.enums import ClaimState
from plugins.members.models import Handover, Invitation, SeatClaim
from plugins.members.services import claims as claims_service
from plugins.members.services.claims import (
    ALLOWED_FROM_ONE_ADDRESS,
    claim_approve,
    claim_code_send,
    claim_confirm,
    claim_decline,
    claims_forget,
)
from plugins.members.services.privacy import person_forget, personal_records
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory, SeatClaimFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

CLAIM = reverse("members:claim")
CONFIRM = reverse("members:claim_confirm")
CODE = reverse("mail:code")


def typed(code="３８２０１", **changed):
    return {
        "code": code,
        "role": "lead",
        "last_name": "見本",
        "first_name": "後任",
        "message": "前任の見本は退職しました。",
        "website": "",
        "form_token": str(uuid.uuid4()),
        **changed,
    }


def member(email="joho@example.jp"):
    return MembershipFactory(organisation=OrganisationFactory(code="382019", name="見本市", email=email)).organisation


def code_in_mail():
    return Message.objects.filter(kind="members.claim").latest("pk").deliveries.get().values["code"]


def claimed(client, **changed):
    """Claim and confirm, and return the claim."""
    client.post(CLAIM, typed(**changed))
    client.post(CODE, {"code": code_in_mail()})
    client.post(CONFIRM)
    return SeatClaim.objects.latest("pk")


@pytest.fixture
def staff():
    return UserFactory(is_superuser=True)


class TestClaiming:
    def test_counts_once_the_code_was_entered_and_confirmed(self, client):
        organisation = member()
        assert client.post(CLAIM, typed()).headers["Location"] == reverse("members:claimed")
        claim = SeatClaim.objects.get()
        assert (claim.state, claim.organisation) == (ClaimState.UNCONFIRMED, organisation)
        delivery = Message.objects.get().deliveries.get()
        assert delivery.address == "joho@example.jp"

        assert client.post(CODE, {"code": code_in_mail()}).headers["Location"] == CONFIRM
        for _ in range(2):  # looking uses nothing up
            assert "見本市" in client.get(CONFIRM).text
        assert SeatClaim.objects.get().state == ClaimState.UNCONFIRMED
        assert "申請を受け付けました" in client.post(CONFIRM).text

        assert SeatClaim.objects.get().state == ClaimState.OPEN
        assert ModelLogEntry.objects.for_instance(claim).get().action == "members.claim_received"
        with pytest.raises(CodeRefusedError):
            claim_confirm(code=Code.objects.get())

    @pytest.mark.parametrize("who", ["member", "with_people", "unknown", "no_member", "no_address"])
    def test_answer_and_queries_are_the_same_whoever_is_named(
        self, client, django_assert_num_queries, monkeypatch, who
    ):
        queued = []
        monkeypatch.setattr("plugins.members.views.claims.send_claim_code", SimpleNamespace(enqueue=queued.append))
        if who == "no_member":
            OrganisationFactory(code="382019", email="joho@example.jp")
        elif who != "unknown":
            organisation = member("" if who == "no_address" else "joho@example.jp")
            if who == "with_people":
                AffiliationFactory(seat=SeatFactory(organisation=organisation))
        client.get(CLAIM)

        with django_assert_num_queries(7):
            answer = client.post(CLAIM, typed())

        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("members:claimed"))
        claim_code_send(pk=queued[0])
        assert Message.objects.count() == (1 if who in {"member", "with_people"} else 0)

    def test_limit_for_a_code_is_the_same_whether_it_is_known_or_not(self, client):
        member()
        statuses = [[client.post(CLAIM, typed(code)).status_code for _ in range(4)] for code in ("382019", "382027")]

        assert statuses == [[302, 302, 302, 429]] * 2
        assert Message.objects.count() == 3

    @pytest.mark.parametrize("place", ["192.0.2.1", "2001:db8:0:1::{:x}"])
    def test_many_from_one_place_are_slowed_down_and_keep_what_was_typed(self, client, place):
        for number in range(ALLOWED_FROM_ONE_ADDRESS):
            client.post(CLAIM, typed(str(97000 + number)), REMOTE_ADDR=place.format(number))

        answer = client.post(CLAIM, typed(), REMOTE_ADDR=place.format(0xFFFF))
        elsewhere = client.post(CLAIM, typed(), REMOTE_ADDR="2001:db8:0:2::1")

        assert (answer.status_code, elsewhere.status_code) == (429, 302)
        assert "前任の見本は退職しました。" in answer.text

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"code": "382018"}, "検査数字"),
            ({"code": "12"}, "6桁"),
            ({"code": ""}, "必"),
            ({"last_name": ""}, "必"),
            ({"role": "mayor"}, "mayor"),
            ({"last_name": "見" * 51}, "50"),
        ],
    )
    def test_bad_input_is_a_sentence_and_keeps_what_was_typed(self, client, changed, words):
        answer = client.post(CLAIM, typed(**changed))

        assert answer.status_code == 422
        assert words in answer.text
        assert "前任の見本は退職しました。" in answer.text
        assert not SeatClaim.objects.exists()

    def test_same_form_sent_twice_and_a_job_run_twice_is_one_mail(self, client):
        member()
        form = typed()
        client.post(CLAIM, form)
        client.post(CLAIM, form)

        assert claim_code_send(pk=SeatClaim.objects.get().pk) is False
        assert Message.objects.count() == 1

    def test_program_that_fills_in_the_trap_is_told_the_same_and_leaves_nothing(self, client):
        member()
        assert client.post(CLAIM, typed(website="x")).headers["Location"] == reverse("members:claimed")
        assert not SeatClaim.objects.exists()

    def test_without_a_code_one_is_asked_for_and_an_old_one_says_so(self, client):
        assert client.get(CONFIRM).headers["Location"] == client.post(CONFIRM).headers["Location"] == CODE
        member()
        client.post(CLAIM, typed())
        client.post(CODE, {"code": code_in_mail()})
        Code.objects.update(created_at=timezone.now() - dt.timedelta(9), expires_at=timezone.now() - dt.timedelta(2))

        answer = client.post(CONFIRM)

        assert answer.status_code == 410
        assert "期限" in answer.text
        assert SeatClaim.objects.get().state == ClaimState.UNCONFIRMED

    def test_what_nobody_confirmed_is_deleted(self, client):
        client.post(CLAIM, typed())
        kept = SeatClaimFactory()
        SeatClaim.objects.update(received_at=timezone.now() - dt.timedelta(days=15))

        assert claims_forget() == 1
        assert list(SeatClaim.objects.all()) == [kept]

    def test_what_was_decided_a_year_ago_is_deleted(self):
        waiting, recent, old = (SeatClaimFactory() for _ in range(3))
        for claim in (recent, old):
            claim_decline(claim=claim, reason="電話で確認", by=UserFactory())
        SeatClaim.objects.filter(pk=old.pk).update(decided_at=timezone.now() - dt.timedelta(days=366))

        assert claims_forget() == 1
        assert set(SeatClaim.objects.all()) == {waiting, recent}

    def test_way_is_below_the_login_form_in_both_languages_and_gone_with_the_plugin(self, client):
        assert CLAIM in client.get(reverse("account_login")).text
        client.cookies["kairan_language"] = "en"
        assert "have no account" in client.get(reverse("account_login")).text
        with plugin_disabled("members"):
            assert CLAIM not in [item.url for item in account_ways.collect()]
            assert CLAIM not in client.get(reverse("account_login")).text
            assert client.get(CLAIM).status_code == client.post(CLAIM, typed()).status_code == 404

    def test_database_refuses_a_claim_that_counts_unconfirmed(self):
        claim = SeatClaimFactory()

        with pytest.raises(IntegrityError), transaction.atomic():
            SeatClaim.objects.filter(pk=claim.pk).update(confirmed_at=None)


class TestDeciding:
    def test_approval_of_an_unmanned_organisation_makes_seat_and_invitation(self, client, staff):
        organisation = member()
        claim = claimed(client)
        client.force_login(staff)
        page = client.get(reverse("members_admin:claim", args=[claim.pk])).text
        assert "担当者不明" in page

        client.post(reverse("members_admin:claim_approve", args=[claim.pk]), {"seat": "0-0"})

        claim.refresh_from_db()
        assert (claim.state, claim.decided_by_name) == (ClaimState.APPROVED, staff.display_name)
        held = Affiliation.objects.active_on(today()).get(organisation=organisation)
        assert (held.person, held.seat.role, str(held.person)) == (claim.person, SeatRole.LEAD, "見本 後任")
        mail = Message.objects.get(kind="members.invitation").deliveries.get()
        assert mail.address == "joho@example.jp"

    def test_seat_of_a_closed_account_counts_as_free_and_nothing_is_mailed_to_its_owner(self, client, staff):
        closed = AffiliationFactory(
            seat=SeatFactory(organisation=member(), role=SeatRole.LEAD, label=""), person__is_active=False
        )
        claim = claimed(client)
        client.force_login(staff)
        assert "担当者不明" in client.get(reverse("members_admin:claim", args=[claim.pk])).text
        approve = reverse("members_admin:claim_approve", args=[claim.pk])
        (key, words), *_others = client.get(approve).context["form"].fields["seat"].choices
        assert "利用停止" in words

        client.post(approve, {"seat": key})

        held = Affiliation.objects.in_charge_on(today()).get(organisation=closed.organisation)
        assert (str(held.person), held.seat) == ("見本 後任", closed.seat)
        assert not Delivery.objects.filter(address=closed.person.email).exists()

    def test_approval_may_take_over_from_who_is_gone_and_tells_them(self, staff):
        claim = SeatClaimFactory()
        gone = AffiliationFactory(seat=SeatFactory(organisation=claim.organisation))

        person = claim_approve(claim=claim, seat=gone.seat, holder=gone.person, by=staff)

        gone.refresh_from_db()
        assert gone.ends_on == today()
        assert Handover.objects.get().successor == person
        assert Message.objects.get(kind="members.handover").deliveries.get().person_id == gone.person.pk

    def test_what_fits_is_offered_first(self, client, staff):
        claim = SeatClaimFactory(role=SeatRole.DEPUTY)
        head = AffiliationFactory(seat=SeatFactory(organisation=claim.organisation, role=SeatRole.SECTION_HEAD))
        SeatFactory(organisation=claim.organisation, role=SeatRole.DEPUTY, label="空席")
        client.force_login(staff)

        page = client.get(reverse("members_admin:claim_approve", args=[claim.pk])).text

        places = [page.index(text) for text in ("副担当者（新しい席）", "空席", head.person.display_name)]
        assert places == sorted(places)

    def test_seat_that_went_meanwhile_is_a_sentence(self, client, staff):
        first, second = claim_pair()
        seat = SeatFactory(organisation=first.organisation, role=SeatRole.LEAD)
        claim_approve(claim=first, seat=seat, holder=None, by=staff)
        client.force_login(staff)
        url = reverse("members_admin:claim_approve", args=[second.pk])

        answer = client.post(url, {"seat": f"{seat.pk}-0"})

        assert "席の状況が変わりました" in answer.text
        with pytest.raises(ValidationError, match="見本 後任"):
            claim_approve(claim=second, seat=seat, holder=None, by=staff)
        second.refresh_from_db()
        assert second.is_undecided
        assert Invitation.objects.count() == 1

    def test_of_two_clerks_the_second_reads_what_the_first_decided(self, staff):
        mine = SeatClaimFactory()
        theirs = SeatClaim.objects.get(pk=mine.pk)
        claim_approve(claim=theirs, seat=None, holder=None, by=staff)

        for act in (
            lambda: claim_approve(claim=mine, seat=None, holder=None, by=staff),
            lambda: claim_decline(claim=mine, reason="x", by=staff),
        ):
            with pytest.raises(ValidationError, match=f"{staff.display_name}が.*承認"):
                act()
        assert Seat.objects.count() == Invitation.objects.count() == 1

    def test_decline_needs_a_reason_and_mails_it(self, client, staff):
        claim = SeatClaimFactory()
        client.force_login(staff)
        url = reverse("members_admin:claim_decline", args=[claim.pk])

        client.post(url, {"reason": ""})
        claim.refresh_from_db()
        assert claim.is_undecided
        client.post(url, {"reason": "{{code}} お電話で確認しました。"})

        claim.refresh_from_db()
        assert claim.state == ClaimState.DECLINED
        delivery = Message.objects.get(kind="members.claim_declined").deliveries.get()
        assert (delivery.address, delivery.values["reason"]) == ("joho@example.jp", "{{code}} お電話で確認しました。")
        assert not Affiliation.objects.exists()

    def test_what_is_not_confirmed_is_neither_seen_nor_decided(self, client, staff):
        member()
        client.post(CLAIM, typed())
        claim = SeatClaim.objects.get()
        client.force_login(staff)

        with pytest.raises(ValidationError, match="確認されていません"):
            claim_approve(claim=claim, seat=None, holder=None, by=staff)
        assert "見本 後任" not in client.get(reverse("members_claims:index")).text
        for name in ("claim", "claim_approve", "claim_decline"):
            assert client.get(reverse(f"members_admin:{name}", args=[claim.pk])).status_code == 404

    @pytest.mark.parametrize(("codename", "seen", "decided"), [("view_seatclaim", 200, 403), ("", 403, 403)])
    def test_rights(self, client, codename, seen, decided):
        claim = SeatClaimFactory()
        person = UserFactory()
        names = ["access_admin", codename] if codename else ["access_admin"]
        person.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(person)

        assert client.get(reverse("members_admin:claim", args=[claim.pk])).status_code == seen
        for name in ("claim_approve", "claim_decline"):
            assert (
                client.post(reverse(f"members_admin:{name}", args=[claim.pk]), {"seat": "0-0"}).status_code == decided
            )
        claim.refresh_from_db()
        assert claim.is_undecided
        assert not [one for one in to_dos.collect(person) if "members_claims" in one.url]

    def test_waits_on_the_home_of_who_decides_and_leads_to_it(self, client, staff):
        claim = SeatClaimFactory()
        client.force_login(staff)

        (waiting,) = [one for one in to_dos.collect(staff) if "members_claims" in one.url]

        assert waiting.count == 1
        assert f'href="{reverse("members_admin:claim", args=[claim.pk])}"' in client.get(waiting.url).text

    def test_list_takes_the_same_queries_for_one_and_for_thirty(self, client, staff, queries_of):
        client.force_login(staff)
        SeatClaimFactory()
        one = queries_of(lambda: client.get(reverse("members_claims:index")))
        SeatClaimFactory.create_batch(29)

        assert queries_of(lambda: client.get(reverse("members_claims:index"))) == one

    def test_person_reads_their_claim_and_is_forgotten_there(self, staff):
        claim = SeatClaimFactory()
        person = claim_approve(claim=claim, seat=None, holder=None, by=staff)
        records = {one.name: one.rows for one in personal_records(person=person)}
        assert claim.name in records["members.claims"][0].values()

        person_forget(person=person, neutral_name="元担当者")

        claim.refresh_from_db()
        assert (claim.name, claim.message) == ("元担当者", "")


def claim_pair():
    """Two people claim a seat of one organisation."""
    first = SeatClaimFactory(last_name="見本", first_name="後任")
    return first, SeatClaimFactory(organisation=first.organisation)


def approve_at_once(claims, seat, staff):
    """Approve each claim for the seat in a thread of its own; return the refusals."""

    def approve(claim):
        try:
            claim_approve(claim=claim, seat=seat, holder=None, by=staff)
        except (ValidationError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(claims)) as pool:
        return [error for error in pool.map(approve, claims) if error]


@pytest.mark.django_db(transaction=True)
def test_two_claims_for_one_seat_approved_at_once_leave_one_person_there():
    claims = claim_pair()
    seat = SeatFactory(organisation=claims[0].organisation)

    errors = approve_at_once(claims, seat, UserFactory(is_superuser=True))

    assert [type(error) for error in errors] == [ValidationError]
    assert Affiliation.objects.filter(seat=seat).count() == Invitation.objects.count() == 1
    assert SeatClaim.objects.filter(state=ClaimState.OPEN).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_would_run_into_the_database(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, with or without a lock of ours.")
    claims = claim_pair()
    seat = SeatFactory(organisation=claims[0].organisation)
    both_have_looked = Barrier(2, timeout=10)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_args, **_options: rows)
    issue = claims_service.invitation_issue
    monkeypatch.setattr(
        claims_service, "invitation_issue", lambda **given: both_have_looked.wait() * 0 or issue(**given)
    )

    errors = approve_at_once(claims, seat, UserFactory(is_superuser=True))

    assert [type(error) for error in errors] == [IntegrityError]
