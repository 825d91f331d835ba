"""Official notices: written to an audience that a plugin knows, looked at, released, sent once."""

import email
import email.policy
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.accounts.models import Organisation
from cms.mail.contrib import to_dos
from cms.mail.enums import DeliveryState, NoticeState, Reason, SuspensionCause
from cms.mail.models import Delivery, Message, Notice
from cms.mail.services.notices import notice_reach, notice_release, notice_unschedule, notices_send_due
from cms.mail.services.retention import bodies_delete
from cms.mail.services.sending import outbox_send
from cms.mail.services.suspensions import address_suspend
from cms.mail.tasks import send_notices
from cms.plugin_api.services import plugin_toggle
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

AUDIENCE = "dummy.organisations"
TEXT = "{{organisation_name}} {{recipient_name}} 様\n{{thing}}\n<b>太字</b> https://www.example.jp/a\n"


@pytest.fixture(autouse=True)
def organisations():
    """Three to write to: one by mail, one whose address breaks the rules, one by telephone only."""
    for name, address in (("見本市", "joho@example.jp"), ("見本町", "a..b@docomo.ne.jp"), ("手本村", "")):
        Organisation.objects.create(name=name, kind="other", email=address)


@pytest.fixture
def staff(client):
    """Somebody of the secretariat, logged in."""
    person = UserFactory(last_name="見本", first_name="事務局")
    names = ["view_notice", "add_notice", "change_notice", "delete_notice", "add_message", "view_message"]
    person.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *names]))
    client.force_login(person)
    return person


def make_notice(**values) -> Notice:
    values = {"audience": AUDIENCE, "subject": "{{thing}}について", "text": TEXT, **values}
    return Notice.objects.create(**values)


def later(**delta):
    return timezone.now() + timedelta(**delta)


def typed(**values):
    return {"subject": "ご案内", "text": "本文です。", "reply_to": "", "due_at": "", "criteria-begins": "", **values}


def add_url(audience=AUDIENCE):
    return f"{reverse('mail_notices:add')}?audience={audience}"


def test_reach_names_everybody_once_and_what_is_in_the_way():
    address_suspend(address="joho@example.jp", cause=SuspensionCause.MANUAL)

    reach = notice_reach(notice=make_notice())

    assert [(one.organisation, bool(one.problem)) for one in reach] == [
        ("手本村", True), ("見本市", True), ("見本町", True)
    ]  # fmt: skip


def test_released_notice_is_a_message_with_a_row_for_each_and_their_own_words(transport):
    notice, staff = make_notice(), UserFactory()

    message = notice_release(notice=notice, by=staff)
    outbox_send(transport=transport)

    notice.refresh_from_db()
    assert (notice.state, notice.message, notice.confirmed_by) == (NoticeState.SENT, message, staff)
    assert transport.recipients == ["joho@example.jp"]
    assert message.created_by == staff
    states = dict(message.deliveries.values_list("name", "state"))
    assert states == {"見本市": "sent", "見本町": "failed", "手本村": "failed"}
    assert set(message.deliveries.exclude(state="sent").values_list("reason", flat=True)) == {Reason.ADDRESS_REFUSED}
    text, html = _parts(transport.handed[0][2])
    assert "見本市 見本市 様\nthing of 見本市" in text
    assert "&lt;b&gt;" in html
    assert 'href="https://www.example.jp/a"' in html
    assert "List-Unsubscribe" not in transport.handed[0][2].decode("ascii")


def _parts(octets):
    message = email.message_from_bytes(octets, policy=email.policy.default)
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    return text.replace("\r\n", "\n"), html


def test_several_organisations_without_an_address_have_a_row_each():
    Organisation.objects.create(name="手本町", kind="other")

    message = notice_release(notice=make_notice(), by=UserFactory())

    assert message.deliveries.filter(address="").count() == 2


def test_released_once_however_often_it_is_pressed():
    notice, staff = make_notice(), UserFactory()
    notice_release(notice=notice, by=staff)

    with pytest.raises(ValidationError):
        notice_release(notice=notice, by=staff)

    assert Message.objects.count() == 1


def test_notice_that_would_reach_nobody_is_refused():
    Organisation.objects.filter(email="joho@example.jp").delete()
    notice = make_notice()

    with pytest.raises(ValidationError):
        notice_release(notice=notice, by=UserFactory())

    assert Notice.objects.get().is_draft
    assert not Message.objects.exists()


def test_scheduled_notice_goes_to_whom_its_audience_is_then():
    notice = make_notice(due_at=later(days=1))
    assert notice_release(notice=notice, by=UserFactory()) is None
    Organisation.objects.create(name="新市", kind="other", email="new@example.jp")
    assert notices_send_due() == 0

    Notice.objects.update(due_at=later(seconds=-1))
    send_notices.call()
    send_notices.call()

    assert set(Message.objects.get().deliveries.values_list("name", flat=True)) == {
        "見本市",
        "見本町",
        "手本村",
        "新市",
    }


def test_scheduled_notice_is_taken_back():
    notice = make_notice(due_at=later(days=1))
    notice_release(notice=notice, by=UserFactory())

    assert notice_unschedule(notice=notice)
    assert not notice_unschedule(notice=notice)
    Notice.objects.update(due_at=later(seconds=-1))

    assert notices_send_due() == 0


def test_notice_waits_and_is_told_of_while_its_plugin_is_off():
    notice = make_notice(due_at=later(days=1))
    notice_release(notice=notice, by=UserFactory())
    Notice.objects.update(due_at=later(minutes=-20))
    plugin_toggle(slug="dummy", on=False, by=None)

    assert notices_send_due() == 0
    assert 1 in [one.count for one in to_dos(UserFactory(is_superuser=True))]

    plugin_toggle(slug="dummy", on=True, by=None)
    assert notices_send_due() == 1


def test_words_of_an_old_notice_go_with_the_body(transport, settings):
    notice = make_notice()
    notice_release(notice=notice, by=UserFactory())
    outbox_send(transport=transport)

    bodies_delete(at=later(days=settings.MAIL_KEEP_BODIES_DAYS + 1))

    notice.refresh_from_db()
    assert (notice.text, notice.state) == ("", NoticeState.SENT)


def test_staff_write_look_and_release(client, staff):
    assert AUDIENCE in client.get(reverse("mail_admin:audiences")).content.decode()
    data = typed(subject="{{thing}}", text="{{organisation_name}}へ", **{"criteria-begins": "見本"})

    page = client.post(add_url(), data, follow=True)

    notice = Notice.objects.get()
    assert notice.criteria == {"criteria-begins": ["見本"]}
    assert (notice.created_by, notice.created_by_name) == (staff, "見本 事務局")
    words = page.content.decode()
    assert reverse("mail_admin:notice_recipients", args=[notice.pk]) in words
    assert "thing of 見本市" in words
    assert "Begins with: 見本" in words
    shown = client.get(reverse("mail_admin:notice_recipients", args=[notice.pk])).content.decode()
    assert "joho@example.jp" in shown
    assert "手本村" not in shown
    assert "見本市へ" in client.get(reverse("mail_admin:notice_html", args=[notice.pk])).content.decode()

    client.post(reverse("mail_admin:notice_release", args=[notice.pk]))

    assert Delivery.objects.filter(state=DeliveryState.QUEUED).get().address == "joho@example.jp"
    assert client.get(reverse("mail_admin:notice", args=[notice.pk])).status_code == 200


def test_button_counts_those_who_can_be_mailed(client, staff):
    notice = make_notice()

    words = client.get(reverse("mail_admin:notice", args=[notice.pk])).content.decode()

    assert "1件の宛先に今すぐ送る" in words
    assert "うち2件は送信できません" in words


def test_draft_is_changed_and_what_is_released_is_not(client, staff):
    notice = make_notice(criteria={"criteria-begins": ["見本"]})
    edit = reverse("mail_notices:edit", args=[notice.pk])
    assert 'value="見本"' in client.get(edit).content.decode()

    client.post(edit, typed(subject="改めてご案内", due_at="2999-06-09 09:00"))
    notice.refresh_from_db()
    assert (notice.subject, notice.criteria) == ("改めてご案内", {"criteria-begins": [""]})

    client.post(reverse("mail_admin:notice_release", args=[notice.pk]))
    client.post(edit, typed(subject="もう変えられない"))
    notice.refresh_from_db()
    assert (notice.subject, notice.state) == ("改めてご案内", NoticeState.SCHEDULED)

    client.post(reverse("mail_admin:notice_unschedule", args=[notice.pk]))
    client.post(reverse("mail_notices:delete", args=[notice.pk]))
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("subject", "{{code}}", "organisation_name"),
        ("text", "{{unsubscribe_url}}", "thing"),
        ("due_at", "2009-06-09 09:00", ""),
        ("reply_to", "a..b@docomo.ne.jp", ""),
        ("criteria-begins", "長すぎる名前の初めの部分", ""),
    ],
)
def test_bad_input_is_explained_and_nothing_is_lost(client, staff, field, value, words):
    page = client.post(add_url(), typed(**{field: value}))

    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert words in str(page.context["form"].errors[field])
    assert "本文です。" in page.content.decode() or field == "text"
    assert not Notice.objects.exists()


def test_audience_that_nobody_knows_leads_to_those_on_offer(client, staff):
    assert client.get(add_url("nobody.knows")).headers["Location"] == reverse("mail_admin:audiences")


def test_notice_of_a_missing_audience_says_so(client, staff):
    notice = make_notice(audience="gone.away")

    for name in ("notice", "notice_recipients"):
        assert 'role="alert"' in client.get(reverse(f"mail_admin:{name}", args=[notice.pk])).content.decode()
    assert client.get(reverse("mail_admin:notice_html", args=[notice.pk])).status_code == 409
    client.post(reverse("mail_admin:notice_release", args=[notice.pk]))
    assert Notice.objects.get().is_draft


def test_list_costs_the_same_at_one_and_at_thirty(client, staff):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("mail_notices:index")).status_code == 200
        return len(queries)

    make_notice()
    client.get(reverse("mail_notices:index"))
    one = cost()
    for _number in range(29):
        make_notice()

    assert one == cost() == QUERIES


QUERIES = 11


def test_who_may_only_write_releases_nothing(client, staff):
    staff.user_permissions.remove(Permission.objects.get(codename="add_message"))
    notice = make_notice()

    client.post(reverse("mail_admin:notice_release", args=[notice.pk]))

    assert Notice.objects.get().is_draft
