"""Permissions on a plugin's models are worth nothing while it is off."""

import pytest
from django.contrib.auth.models import Permission

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


def test_permissions_of_the_core_read_no_state(superuser, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert superuser.has_perm("wagtailadmin.access_admin")
