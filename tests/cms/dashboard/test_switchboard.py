"""The switchboard: who may use it, what it shows, how it switches."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone, translation

from cms.plugin_api import errors, is_enabled, remains
from cms.plugin_api.errors import record_error
from cms.plugin_api.models import ContributionError, PluginToggle
from cms.plugin_api.registry import get_plugin
from cms.plugin_api.services import plugin_toggle, plugins_remember
from tests.dummy_plugin.models import Thing
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
LIST, DETAIL, ENABLE, DISABLE = (f"/admin/plugins/{path}" for path in ("", "dummy/", "dummy/enable/", "dummy/disable/"))


@pytest.fixture(autouse=True)
def _errors_are_stored_at_once(monkeypatch) -> None:
    """Forget which errors other tests have stored a moment ago."""
    monkeypatch.setattr(errors, "_waiting", {})


@pytest.fixture
def administrator(client: Client):
    """Somebody with the permission, and nothing else but the admin, logged in."""
    user = UserFactory()
    codenames = ["access_admin", "toggle_plugin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return user


@pytest.fixture
def editor(client: Client):
    """Somebody who may enter the admin, logged in."""
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(user)
    return user


def test_list_shows_name_purpose_state_version_and_numbers(client, administrator):
    Thing.objects.create(name="one")

    page = client.get(LIST).content.decode()

    for text in ("Dummy", "Uses every extension point.", "有効", "1.2", "Things"):
        assert text in page


def test_list_shows_who_switched_last(client, administrator):
    plugin_toggle(slug="dummy", on=False, by=administrator)

    page = client.get(LIST).content.decode()

    assert str(administrator) in page
    assert "無効" in page


def test_list_says_that_a_dormant_plugin_is_not_switched_here(client, administrator, settings):
    settings.CMS_PLUGINS_DORMANT = ["dummy"]

    page = client.get(LIST).content.decode()

    assert "休止" in page
    assert DISABLE not in page
    assert ENABLE not in page


def test_detail_shows_log_and_errors(client, administrator):
    plugin_toggle(slug="dummy", on=False, by=administrator)
    record_error("dummy", "point menu_items", RuntimeError("the menu broke"))

    page = client.get(DETAIL).content.decode()

    assert "the menu broke" in page
    assert "point menu_items" in page
    assert "有効 → 無効" in page


@pytest.mark.parametrize(("days", "shown"), [(29, True), (31, False)])
def test_an_error_that_has_not_come_back_for_a_month_is_not_shown(client, administrator, days, shown):
    record_error("dummy", "impact", RuntimeError("long ago"))
    ContributionError.objects.update(last_at=timezone.now() - timedelta(days=days))

    assert ("long ago" in client.get(DETAIL).text) is shown


@pytest.mark.parametrize("switches", [1, 30])
def test_list_costs_the_same_however_long_the_log_is(client, administrator, django_assert_num_queries, switches):
    for number in range(switches):
        plugin_toggle(slug="dummy", on=bool(number % 2), by=administrator)
    plugin_toggle(slug="dummy", on=True, by=administrator)
    client.get(LIST)

    # The session and its person 4, the admin's frame 4, state, log, errors, which plugins were ever known, and for
    # each plugin what it counts.
    with django_assert_num_queries(12 + 2 + 5):
        client.get(LIST)


def test_list_shows_the_last_error_by_its_plugin(client, administrator):
    record_error("dummy", "impact", RuntimeError("the older"))
    record_error("dummy", "point menu_items", LookupError("the newer"))

    row = next(row for row in client.get(LIST).text.split("<tr") if "/plugins/dummy/" in row)

    assert "エラー2種類" in row
    assert "LookupError: the newer" in row
    assert "the older" not in row


def test_list_names_a_plugin_that_is_gone_though_its_content_is_here(client, administrator, monkeypatch):
    Thing.objects.create(name="left")
    plugins_remember()
    monkeypatch.setattr(remains, "get_plugin", lambda slug: None if slug == "dummy" else get_plugin(slug))

    page = client.get(LIST).text

    notice = page[page.index("switchboard__absent") : page.index("</section>")]
    for text in ("dummy", "不在", "テーブルの行", "CMS_PLUGINS_DORMANT"):
        assert text in notice


def test_list_names_no_plugin_as_gone_while_all_are_here(client, administrator):
    plugins_remember()

    assert "不在" not in client.get(LIST).text


@pytest.mark.parametrize(("language", "label"), [("ja", "公開中のページ"), ("en", "Live pages")])
def test_log_speaks_the_language_of_whoever_reads_it(client, administrator, settings, language, label):
    with translation.override("en"):
        plugin_toggle(slug="dummy", on=False, by=None)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    log = client.get(DETAIL).text.split("</dl>")[1]

    assert label in log


def test_what_plugins_say_is_escaped(client, administrator):
    record_error("dummy", "impact", RuntimeError("<script>alert(1)</script>"))

    assert "<script>alert(1)" not in client.get(DETAIL).content.decode()


def test_asking_shows_the_impact_and_changes_nothing(client, administrator):
    Thing.objects.create(name="one")

    page = client.get(DISABLE).content.decode()

    assert "Things" in page
    assert is_enabled("dummy")


def test_post_switches_and_is_logged(client, administrator):
    response = client.post(DISABLE)

    assert response.status_code == 302
    assert response.url == LIST
    assert not is_enabled("dummy")
    assert PluginToggle.objects.get().by == administrator


def test_post_switches_back(client, administrator):
    client.post(DISABLE)

    client.post(ENABLE)

    assert is_enabled("dummy")
    assert PluginToggle.objects.count() == 2


def test_second_of_two_posts_changes_nothing_more(client, administrator):
    client.post(DISABLE)

    page = client.post(DISABLE, follow=True).content.decode()

    assert "既に無効" in page
    assert PluginToggle.objects.count() == 1


def test_refusal_names_what_is_in_the_way(client, administrator, monkeypatch, dummy_off_by_command):
    monkeypatch.setattr(type(get_plugin("dummy")), "requires", ("nowhere",))

    page = client.post(ENABLE, follow=True).content.decode()

    assert "nowhere" in page
    assert not is_enabled("dummy")


@pytest.fixture
def dummy_off_by_command(db):
    """The dummy plugin is off, and was switched from the command line."""
    plugin_toggle(slug="dummy", on=False, by=None)


@pytest.mark.parametrize("url", [ENABLE, DISABLE])
def test_put_and_delete_switch_nothing(client, administrator, url):
    assert client.put(url).status_code == 405
    assert client.delete(url).status_code == 405


def test_post_without_token_is_refused(administrator):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(administrator)

    assert strict.post(DISABLE).status_code == 403
    assert is_enabled("dummy")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("url", [LIST, DETAIL, ENABLE, DISABLE])
def test_an_editor_without_the_permission_is_refused(client, editor, method, url):
    client.raise_request_exception = False

    response = getattr(client, method)(url)

    assert response.status_code in {302, 403}
    assert is_enabled("dummy")
    assert not PluginToggle.objects.exists()


def test_only_those_who_may_see_it_in_the_menu(client, administrator):
    assert LIST in client.get("/admin/").content.decode()


def test_an_editor_does_not_see_it_in_the_menu(client, editor):
    assert LIST not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("url", ["/admin/plugins/nowhere/", "/admin/plugins/nowhere/enable/"])
def test_unknown_plugin_is_not_found(client, administrator, url):
    assert client.get(url).status_code == 404


def test_permission_can_be_given_to_a_group(client, superuser):
    client.force_login(superuser)
    permission = Permission.objects.get(codename="toggle_plugin")

    assert f'value="{permission.pk}"' in client.get("/admin/groups/new/").content.decode()


@pytest.fixture
def superuser(django_user_model):
    """Somebody who may do everything."""
    return django_user_model.objects.create_superuser("root", "root@example.com", "secret")
