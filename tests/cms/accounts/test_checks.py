"""A public site doesn't start while anybody can log in with the password that the README prints."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cms.accounts.checks import check_no_demo_account_opens
from cms.accounts.demo import DEMO_PASSWORD, DEMO_USERNAMES, load
from cms.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def found():
    return check_no_demo_account_opens(None, databases=["default"])


@pytest.fixture
def demo(db):
    load(SimpleNamespace(report=[].append))


def test_public_site_with_demo_accounts_is_refused_by_name(demo):
    (error,) = found()

    assert error.id == "accounts.E001"
    assert all(name in error.msg for name in DEMO_USERNAMES)
    assert "changepassword" in error.hint


def test_check_command_refuses_to_go_on(demo):
    with pytest.raises(SystemCheckError, match=r"accounts\.E001"):
        call_command("check", databases=["default"])


def test_demo_itself_starts(demo, settings):
    settings.DEMO_ACCOUNTS_ALLOWED = True

    assert found() == []


@pytest.mark.parametrize("cure", [{"is_active": False}, {"password": "!"}])
def test_site_starts_once_every_demo_account_is_shut(demo, cure):
    User.objects.filter(username__in=DEMO_USERNAMES).update(**cure)

    assert found() == []


def test_one_open_account_is_enough(db):
    UserFactory(username="staff-a", password=DEMO_PASSWORD)
    UserFactory(username="admin")

    assert [error.msg for error in found()] == ["Demo accounts can log in with the published demo password: staff-a."]


def test_without_database_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert check_no_demo_account_opens(None) == []
