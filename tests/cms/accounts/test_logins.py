"""Logging in, forgotten passwords, second factors: what a person does, and what a stranger may not learn."""

import re
import statistics
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from cms.mail.models import Delivery, Message
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = reverse("account_login")
RESET = reverse("account_reset_password")
NEW_PASSWORD = "another horse 88 battery"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def person():
    return UserFactory(username="yamada", email="yamada@example.jp")


@pytest.fixture
def sharing():
    """Two people behind one mailbox."""
    return [UserFactory(username=name, email="joho@example.jp") for name in ("suda", "yano")]


def log_in(client, login, password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def log_in_and_confirm(client, login):
    """Log in and give the password again, as sensitive pages ask for."""
    log_in(client, login)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def logged_in(client):
    return int(client.session[SESSION_KEY]) if SESSION_KEY in client.session else None


def mailed():
    """What waits in the outbox, as pairs of address and text."""
    return [(row.address, row.message.text) for row in Delivery.objects.select_related("message").order_by("pk")]


def links():
    return re.findall(r"https?://\S+/password/reset/key/\S+", mailed()[-1][1])


def codes():
    return re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", mailed()[-1][1])


def path_of(link):
    return re.sub(r"^https?://[^/]+", "", link)


@pytest.mark.parametrize("login", ["yamada", "YAMADA", "ｙａｍａｄａ", "yamada@example.jp", "Yamada@Example.JP"])
def test_person_logs_in_by_id_or_address(client, person, login):
    log_in(client, login)

    assert logged_in(client) == person.pk


def test_people_who_share_an_address_log_in_by_id_only(client, sharing):
    log_in(client, "joho@example.jp")
    assert logged_in(client) is None

    log_in(client, "yano")
    assert logged_in(client) == sharing[1].pk


def test_shared_address_with_one_active_person_is_that_persons(client, sharing):
    sharing[0].is_active = False
    sharing[0].save()

    log_in(client, "joho@example.jp")

    assert logged_in(client) == sharing[1].pk


def test_editor_lands_at_the_desk_and_member_on_the_site(client, person):
    assert log_in(client, "yamada").headers["Location"] == "/"
    client.logout()
    person.groups.add(Group.objects.get(name="編集者"))

    assert log_in(client, "yamada").headers["Location"] == reverse("wagtailadmin_home")


def test_way_back_leads_to_no_other_site(client, person):
    response = client.post(LOGIN, {"login": "yamada", "password": PASSWORD, "next": "https://evil.example/"})

    assert response.headers["Location"] == "/"


def test_what_was_typed_is_kept_and_the_error_is_told(client, person):
    page = log_in(client, "yamada", "wrong").content.decode()

    assert 'value="yamada"' in page
    assert "error-summary" in page
    assert "wrong" not in page


def test_suspended_person_is_told_so_only_with_the_right_password(client, person):
    person.is_active = False
    person.save()

    assert log_in(client, "yamada").headers["Location"] == reverse("account_inactive")
    assert log_in(client, "yamada", "wrong").status_code == 200
    assert logged_in(client) is None


def without_what_was_typed(response):
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r'value="[^"]*"', "", page)


@pytest.mark.parametrize("known", ["yamada", "yamada@example.jp", "joho@example.jp", "gone", "invited"])
def test_failed_login_says_the_same_of_known_and_unknown(client, person, sharing, known):
    UserFactory(username="gone", is_active=False)
    UserFactory(username="invited").set_unusable_password()

    pages = [without_what_was_typed(log_in(client, login, "wrong")) for login in (known, "nobody")]

    assert pages[0] == pages[1]


@pytest.mark.parametrize("known", ["yamada", "yamada@example.jp", "invited"])
def test_failed_login_takes_the_same_time_for_known_and_unknown(client, person, settings, known):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1000/m/ip"}
    person.set_password(PASSWORD)
    person.save()
    invited = UserFactory(username="invited")
    invited.set_unusable_password()
    invited.save()

    def seconds(login):
        start = time.perf_counter()
        log_in(client, login, "wrong")
        return time.perf_counter() - start

    seconds("warm-up")
    taken = [(seconds(known), seconds(f"nobody-{number}")) for number in range(9)]

    ratio = statistics.median(a for a, _ in taken) / statistics.median(b for _, b in taken)
    # An unhashed answer would take a tenth of the time.
    assert 0.5 < ratio < 2


def test_passwords_are_hashed_by_argon2(settings):
    from django.contrib.auth.hashers import make_password

    from cms.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS

    assert make_password("x").startswith("argon2$argon2id$")


@pytest.mark.parametrize("typed", ["JOHO@example.jp", "ｊｏｈｏ＠example.jp"])
def test_reset_mail_lists_every_id_of_the_address_with_its_link(client, sharing, typed):
    client.post(RESET, {"email": typed})

    ((address, text),) = mailed()
    assert address == "joho@example.jp"
    assert "suda" in text
    assert "yano" in text
    assert len(set(links())) == 2
    assert len(set(codes())) == 2
    assert Message.objects.get().confidential


def test_reset_link_changes_that_persons_password_once_and_ends_the_sessions(client, sharing):
    log_in(client, "yano")
    visitor = type(client)()
    visitor.post(RESET, {"email": "joho@example.jp"})
    body = mailed()[0][1]
    link = path_of(links()[0 if body.index("yano") < body.index("suda") else 1])
    chosen = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    form = visitor.get(visitor.get(link).headers["Location"])
    visitor.post(form.request["PATH_INFO"], chosen)

    assert log_in(visitor, "yano", NEW_PASSWORD).status_code == 302
    assert log_in(type(client)(), "suda").status_code == 302
    assert client.get(reverse("account_home")).status_code == 302
    again = type(client)().get(link, follow=True)
    assert b'type="password"' not in again.content


def test_opening_a_reset_link_twice_uses_nothing_up(client, person):
    client.post(RESET, {"email": person.email})
    link = path_of(links()[0])
    for visit in (client.head, client.get, type(client)().get):
        visit(link, follow=True)

    assert b'name="password1"' in type(client)().get(link, follow=True).content


def enter(client, code):
    return client.post(reverse("mail:code"), {"code": code}, follow=True)


def test_reset_by_code_works_where_links_are_dead_and_uses_it_up(client, sharing):
    client.post(RESET, {"email": "joho@example.jp"})
    text = mailed()[0][1]
    code = codes()[0 if text.index("yano") < text.index("suda") else 1]
    for visit in (client.head, client.get):
        visit(reverse("account_reset_password_by_code"), follow=True)

    form = enter(client, code)
    form = enter(client, code)
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert log_in(client, "yano", NEW_PASSWORD).status_code == 302
    assert log_in(type(client)(), "suda").status_code == 302
    assert enter(type(client)(), code).status_code == 422


def test_reset_by_link_leaves_no_code_that_still_opens(client, person):
    client.post(RESET, {"email": person.email})
    (code,) = codes()
    form = client.get(path_of(links()[0]), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert enter(type(client)(), code).status_code == 422


def test_code_of_somebody_suspended_meanwhile_opens_nothing(client, person):
    client.post(RESET, {"email": person.email})
    person.is_active = False
    person.save()

    assert enter(client, codes()[0]).request["PATH_INFO"] == reverse("mail:code")


def test_reset_link_is_bound_to_the_configured_host(client, person, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.BASE_URL = "https://kairan.example.jp"

    client.post(RESET, {"email": person.email}, headers={"host": "evil.example"})

    assert links()[0].startswith("https://kairan.example.jp/")
    assert "evil.example" not in mailed()[0][1]


def test_reset_answers_the_same_for_an_unknown_address_and_writes_to_nobody(client, person):
    known, unknown = (client.post(RESET, {"email": email}, follow=True) for email in (person.email, "x@example.jp"))

    assert known.redirect_chain == unknown.redirect_chain
    assert without_what_was_typed(known) == without_what_was_typed(unknown)
    assert [address for address, _text in mailed()] == [person.email]


def test_reset_asks_the_database_nothing_about_the_address(client, person, monkeypatch, django_assert_num_queries):
    """The mail is a job's work, so neither its time nor a dead mail server tells whether anybody has the address."""
    queued = []
    monkeypatch.setattr(
        "cms.accounts.forms.password_reset_mail_send",
        type("Job", (), {"enqueue": lambda *args: queued.append(args[1:])})(),
    )
    with django_assert_num_queries(0):
        client.post(RESET, {"email": person.email})
        client.post(RESET, {"email": "x@example.jp"})

    assert [args[0] for args in queued] == [person.email, "x@example.jp"]


def test_suspended_person_gets_no_reset_mail(client, person):
    person.is_active = False
    person.save()

    client.post(RESET, {"email": person.email})

    assert mailed() == []


def never_opened(**values):
    person = UserFactory(**values)
    person.set_unusable_password()
    person.save()
    return person


def test_account_that_was_never_opened_gets_neither_link_nor_code_by_a_reset(client):
    never_opened(username="invited-1", email="joho@example.jp")

    known = client.post(RESET, {"email": "joho@example.jp"}, follow=True)
    unknown = client.post(RESET, {"email": "x@example.jp"}, follow=True)

    ((address, text),) = mailed()
    assert (address, links(), codes()) == ("joho@example.jp", [], [])
    assert "新しい案内" in text
    assert "invited-1" not in text
    assert without_what_was_typed(known) == without_what_was_typed(unknown)


def test_reset_mail_of_a_shared_address_leaves_out_who_never_came(client, sharing):
    never_opened(username="invited-1", email="joho@example.jp")

    client.post(RESET, {"email": "joho@example.jp"})

    text = mailed()[0][1]
    assert (len(links()), len(codes())) == (2, 2)
    assert "新しい案内" in text
    assert "invited-1" not in text


def test_reset_mail_speaks_of_no_invitation_where_everybody_has_come(client, sharing):
    client.post(RESET, {"email": "joho@example.jp"})

    assert "案内" not in mailed()[0][1]


def test_new_person_of_the_secretariat_chooses_the_first_password_by_a_reset(client):
    """Nobody invites them; who makes the account also says that they may enter the admin."""
    clerk = never_opened(username="clerk", email="jimu@example.jp")
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))

    client.post(RESET, {"email": "jimu@example.jp"})

    assert len(links()) == 1


def test_weak_new_password_is_refused_with_the_reason(client, person):
    client.post(RESET, {"email": person.email})
    form = client.get(path_of(links()[0]), follow=True)

    response = client.post(form.request["PATH_INFO"], {"password1": "password", "password2": "password"})

    assert response.context["form"].errors["password1"]


def test_password_change_ends_the_other_sessions(client, person):
    other = type(client)()
    for browser in (client, other):
        log_in(browser, "yamada")

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert client.get(reverse("account_home")).status_code == 200
    assert other.get(reverse("account_home")).status_code == 302


def test_person_sees_the_sessions_and_ends_the_others(client, person):
    other = type(client)()
    for browser in (client, other):
        log_in(browser, "yamada")
    sessions = reverse("usersessions_list")

    assert client.get(sessions).context["session_count"] == 2
    client.post(sessions)

    assert UserSession.objects.filter(user=person).count() == 1
    assert other.get(reverse("account_home")).status_code == 302
    assert client.get(reverse("account_home")).status_code == 200


def test_person_ends_one_session_of_their_own_and_nobody_elses(client, person):
    others = [type(client)() for _number in range(2)]
    for browser in (client, *others):
        log_in(browser, "yamada")
    keys = [UserSession.objects.get(session_key=browser.session.session_key).pk for browser in others]
    ends = [reverse("account_session_end", args=[key]) for key in keys]
    page = client.get(reverse("usersessions_list")).content.decode()
    stranger = type(client)()
    stranger.force_login(UserFactory())

    assert all(end in page for end in ends)
    assert client.get(ends[0]).status_code == 405
    assert stranger.post(ends[0]).status_code == 404
    assert client.post(ends[0]).headers["Location"] == reverse("usersessions_list")
    assert [browser.get(reverse("account_home")).status_code for browser in (client, *others)] == [200, 302, 200]


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/confirm-email/key/"])
def test_people_cannot_change_the_address_that_the_secretariat_has_on_file(client, person, path):
    log_in_and_confirm(client, "yamada")

    assert client.post(path, {"email": "new@example.jp", "action_add": "1"}).status_code == 404


def code_of(secret):
    counter = next(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counter))


def test_password_alone_opens_nothing_once_a_second_factor_is_set_up(client, person):
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)

    response = log_in(client, "yamada")
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert logged_in(client) is None
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert logged_in(client) is None
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert logged_in(client) == person.pk


def test_authenticator_app_is_set_up_after_the_password_again(client, person):
    log_in(client, "yamada")
    assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith(reverse("account_reauthenticate"))
    log_in_and_confirm(client, "yamada")
    form = client.get(reverse("mfa_activate_totp"))
    secret = form.context["form"].secret

    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

    assert client.get(reverse("mfa_index")).context["authenticators"]["totp"]
    assert "recovery_codes" in client.get(reverse("mfa_index")).context["authenticators"]


def test_recovery_codes_are_all_on_the_page_and_print(client, person):
    log_in_and_confirm(client, "yamada")
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    client.post(reverse("mfa_generate_recovery_codes"))

    page = client.get(reverse("mfa_view_recovery_codes"))

    assert len(re.findall(r"^\D*[0-9]{8}$", page.text, re.MULTILINE)) == 10
    assert "<textarea" not in page.text
    assert "10個のうち、10個が未使用です" in page.text


@pytest.mark.parametrize(("used", "sentence"), [(None, "まだ使っていません"), (timezone.now(), "最後に使った日")])
def test_keys_are_listed_in_japanese_with_their_use(client, person, used, sentence):
    log_in_and_confirm(client, "yamada")
    data = {"name": "職場のキー", "passwordless": True, "credential": {}}
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data, last_used_at=used)

    page = client.get(reverse("mfa_list_webauthn")).text

    assert "職場のキー" in page
    assert sentence in page
    assert "Not used" not in page


def test_second_factor_has_one_name_on_all_its_pages(client, person):
    log_in_and_confirm(client, "yamada")
    pages = [client.get(reverse(name)).text for name in ("mfa_activate_totp", "mfa_add_webauthn")]
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    names = ("mfa_index", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "account_reauthenticate")
    pages += [client.get(reverse(name)).text for name in names]
    visitor = type(client)()
    log_in(visitor, "yamada")
    pages.append(visitor.get(reverse("mfa_authenticate")).text)

    for page in pages:
        assert re.findall("多要素|リカバリー|シークレット|セキュリティーキー|有効化|無効化|本当に", page) == []


@pytest.mark.parametrize(
    "name",
    [
        "account_home",
        "account_change_password",
        "account_logout",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_generate_recovery_codes",
        "usersessions_list",
        "account_reauthenticate",
    ],
)
def test_account_page_stands_in_the_sites_frame_in_japanese(client, person, name):
    log_in_and_confirm(client, "yamada")
    if name == "mfa_generate_recovery_codes":
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")

    response = client.get(reverse(name))
    page = response.content.decode()

    assert response.status_code == 200
    assert re.findall(r"<h1[^>]*>\s*([^<]*)", page)[0].strip().isascii() is False
    main = page.split("<main", 1)[1].split("</main>")[0]
    assert "style=" not in main
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", main)


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup", "account_inactive"])
def test_entrance_page_is_japanese_and_runs_nothing_inline(client, name):
    page = client.get(reverse(name)).content.decode()

    assert re.search(r"<h1[^>]*>[^<]*[ぁ-んァ-ン一-龥]", page)
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
