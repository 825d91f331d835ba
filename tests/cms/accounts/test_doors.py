"""One door opens a session; every other one is shut, and nobody is sent in circles."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ADMIN = reverse("wagtailadmin_home")
LOGIN = reverse("account_login")
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000001"}


@pytest.fixture
def member():
    return UserFactory(username="member")


@pytest.fixture
def administrator():
    return UserFactory(username="boss", is_superuser=True)


@pytest.fixture
def editor():
    person = UserFactory(username="editor")
    person.groups.add(Group.objects.get(name="編集者"))
    return person


def every_path(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Yield one address for each pattern of the urlconf, with sample values for its arguments."""
    for entry in resolver.url_patterns:
        piece = prefix + sample(str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield piece.replace("//", "/")
        else:
            yield from every_path(entry, piece)


def sample(pattern: str) -> str:
    """Return text that the pattern matches, for the kinds of pattern that this site has."""
    pattern = re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES[match[1] or "str"], pattern)
    pattern = re.sub(r"\(\?P<\w+>[^()]*(?:\([^()]*\))?[^()]*\)", "1", pattern)
    pattern = re.sub(r"\((?!\?)[^()]*\)", "1", pattern)
    return re.sub(r"[\^$]|\\Z|\.\*|\(\(.*\)\*\)", "", pattern).replace("\\", "")


def test_walk_knows_every_kind_of_door():
    paths = set(every_path(get_resolver()))

    assert {LOGIN, "/admin/login/", "/_util/login/", "/admin/password_reset/"} <= paths
    assert "/files/authenticate_with_password/1/" in paths
    assert len(paths) > 150


@pytest.mark.filterwarnings("ignore")
def test_only_allauth_opens_a_session(client, administrator):
    client.raise_request_exception = False
    credentials = {
        "login": "boss",
        "username": "boss",
        "email": administrator.email,
        "password": PASSWORD,
        "next": "/",
    }
    opened = set()
    for path in sorted(set(every_path(get_resolver()))):
        client.cookies.clear()
        client.post(path, credentials)
        if SESSION_KEY in client.session:
            opened.add(path)

    assert opened == {LOGIN}


@pytest.mark.parametrize("path", ["/admin/login/", "/_util/login/"])
def test_old_login_addresses_lead_to_the_door_and_keep_the_way_back(client, path):
    response = client.get(f"{path}?next=/admin/pages/")

    assert response.headers["Location"] == f"{LOGIN}?next=/admin/pages/"


@pytest.mark.parametrize(
    "path",
    [
        "/_util/authenticate_with_password/1/1/",
        "/files/authenticate_with_password/1/",
        "/admin/password_reset/confirm/x/x/",
        "/admin/password_reset/done/",
    ],
)
def test_shut_doors_are_not_there(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_visitor_of_the_admin_logs_in_and_comes_back(client, administrator):
    sent = client.get("/admin/pages/")
    assert sent.headers["Location"] == f"{LOGIN}?next=/admin/pages/"

    back = client.post(LOGIN, {"login": "boss", "password": PASSWORD, "next": "/admin/pages/"}, follow=True)

    assert back.status_code == 200
    assert back.request["PATH_INFO"].startswith("/admin/pages/")


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/users/", "/admin/account/"])
def test_member_in_the_admin_reads_whom_to_ask(client, member, path):
    client.force_login(member)

    response = client.get(path, follow=True)

    assert response.redirect_chain == []
    assert response.status_code == 403
    assert "事務局" in response.content.decode()
    assert member.username in response.content.decode()


def test_member_sent_through_the_old_login_ends_at_the_refusal(client, member):
    client.force_login(member)

    response = client.get(f"{LOGIN}?next=/admin/", follow=True)

    assert response.status_code == 403
    assert len(response.redirect_chain) == 1


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/sites/", "/admin/pages/1/privacy/"])
def test_editor_without_that_permission_reads_whom_to_ask(client, editor, path):
    client.force_login(editor)

    response = client.get(path, follow=True)

    assert (response.status_code, response.redirect_chain) == (403, [])
    assert "事務局" in response.content.decode()


def test_denied_editor_is_not_told_again_on_the_next_page(client, editor):
    client.force_login(editor)
    client.get("/admin/users/")

    assert not list(client.get("/admin/").context["messages"])


def test_background_request_without_permission_is_refused(client, member):
    client.force_login(member)

    assert client.get("/admin/", headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403


@pytest.fixture
def closed_page():
    """A page for a group of its own."""
    page = Page.objects.get(depth=2)
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.create(name="officers"))
    return page


def test_visitor_of_a_closed_page_logs_in_and_comes_back(client, closed_page):
    response = client.get(closed_page.url)

    assert response.headers["Location"] == f"{LOGIN}?next={closed_page.url}"


def test_person_outside_the_pages_group_reads_whom_to_ask(client, closed_page, editor):
    client.force_login(editor)

    response = client.get(closed_page.url, follow=True)

    assert (response.status_code, response.redirect_chain) == (403, [])


def test_restriction_of_wagtails_by_itself_lets_not_even_its_group_in(client, closed_page, member):
    """Who reads is said by a rule of `cms.access`; without one the lists are closed, and so is the address."""
    member.groups.add(Group.objects.get(name="officers"))
    client.force_login(member)

    assert client.get(closed_page.url).status_code == 403


def test_page_with_a_shared_password_stays_closed(client, closed_page):
    PageViewRestriction.objects.update(restriction_type=PageViewRestriction.PASSWORD, password="open")

    response = client.get(closed_page.url)

    assert response.status_code == 403
    assert b'type="password"' not in response.content


def test_document_of_a_closed_collection_is_refused(client, editor, django_user_model):
    from django.core.files.base import ContentFile

    from cms.media.models import SiteDocument

    collection = Collection.get_first_root_node()
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="officers"))
    document = SiteDocument.objects.create(title="議事録", file=ContentFile(b"x", "a.txt"), collection=collection)
    client.force_login(editor)

    response = client.get(document.url, follow=True)

    assert (response.status_code, response.redirect_chain) == (403, [])


def test_get_of_the_admin_logout_keeps_the_session(client, administrator):
    client.force_login(administrator)

    response = client.get("/admin/logout/")

    assert response.status_code == 200
    assert SESSION_KEY in client.session
    assert client.get(ADMIN).status_code == 200


@pytest.mark.parametrize("person", ["administrator", "member"])
def test_post_to_the_admin_logout_ends_the_session(client, request, person):
    client.force_login(request.getfixturevalue(person))

    client.post("/admin/logout/")

    assert SESSION_KEY not in client.session


def test_sign_up_is_closed(client, django_user_model):
    client.post(
        reverse("account_signup"), {"username": "new", "password1": "r3ally-long-one", "password2": "r3ally-long-one"}
    )

    assert not django_user_model.objects.filter(username="new").exists()


def test_wagtails_account_page_offers_no_password_and_no_mail_address(client, editor):
    client.force_login(editor)

    page = client.get("/admin/account/").content.decode()

    assert 'type="password"' not in page
    assert 'type="email"' not in page


def test_admin_asks_no_server_outside(client, administrator):
    client.force_login(administrator)

    page = client.get(ADMIN).content.decode()

    assert "gravatar" not in page
    assert "releases.wagtail" not in page


def test_staff_without_second_factor_set_one_up_first(client, editor, settings):
    settings.REQUIRE_STAFF_MFA = True
    client.force_login(editor)

    response = client.get(ADMIN, follow=True)

    assert response.redirect_chain == [(reverse("mfa_index"), 302)]
    assert response.status_code == 200
    assert client.get(reverse("wagtailadmin_logout")).status_code == 200


@pytest.mark.parametrize(("kind", "opens"), [("totp", True), ("webauthn", True), ("recovery_codes", False)])
def test_admin_opens_with_a_real_second_factor(client, editor, settings, kind, opens):
    from allauth.mfa.models import Authenticator

    settings.REQUIRE_STAFF_MFA = True
    Authenticator.objects.create(user=editor, type=kind, data={})
    client.force_login(editor)

    assert (client.get(ADMIN).status_code == 200) is opens


def test_members_need_no_second_factor(client, member, settings):
    settings.REQUIRE_STAFF_MFA = True
    client.force_login(member)

    assert client.get(reverse("account_home")).status_code == 200
