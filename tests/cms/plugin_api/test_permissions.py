"""Permissions on a plugin's models are worth nothing while it is off."""

import re

import pytest
from django.contrib.auth.models import Group, Permission

from cms.plugin_api.services import plugin_toggle
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    """Somebody with a permission on the dummy plugin's things."""
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="add_thing"))
    return user


def test_permissions_hold_while_on(keeper, superuser):
    assert keeper.has_perm("dummy.add_thing")
    assert superuser.has_perm("dummy.add_thing")


def test_permissions_are_refused_while_off_to_the_superuser_too(keeper, superuser, dummy_off):
    assert not keeper.has_perm("dummy.add_thing")
    assert not superuser.has_perm("dummy.add_thing")


@pytest.fixture
def things():
    """The permissions on the dummy plugin's things that can be given to a group."""
    return set(Permission.objects.filter(codename__in=["add_thing", "change_thing", "delete_thing"]))


def offered(client, url):
    """Return the permissions that a group's form offers."""
    return set(client.get(url).context["form"].fields["permissions"].queryset)


def test_the_form_of_a_group_offers_permissions_while_on_only(client, superuser, things):
    client.force_login(superuser)

    assert things <= offered(client, "/admin/groups/new/")
    plugin_toggle(slug="dummy", on=False, by=None)
    assert not things & offered(client, "/admin/groups/new/")
    plugin_toggle(slug="dummy", on=True, by=None)
    assert things <= offered(client, "/admin/groups/new/")


def test_a_group_saved_while_off_keeps_them(client, superuser, things, dummy_off):
    client.force_login(superuser)
    access = Permission.objects.get(codename="access_admin")
    group = Group.objects.create(name="係")
    group.permissions.set(things)
    url = f"/admin/groups/edit/{group.pk}/"
    fields = {f"{prefix}-{name}": "0" for prefix in prefixes(client, url) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}

    response = client.post(url, {"name": "担当", "permissions": [access.pk], **fields})

    assert response.status_code == 302
    group.refresh_from_db()
    assert group.name == "担当"
    assert set(group.permissions.all()) == {access, *things}


def prefixes(client, url):
    """Return the prefixes of the forms that stand below a group's."""
    return re.findall(r'name="([^"]+)-TOTAL_FORMS"', client.get(url).text)


def test_permissions_of_the_core_read_no_state(superuser, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert superuser.has_perm("wagtailadmin.access_admin")
