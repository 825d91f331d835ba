"""The suite's own database fixture: what it promises to every other test."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Locale, Page

pytestmark = pytest.mark.postgres


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_committed_rows_are_gone_and_migrated_rows_are_back_after_a_transactional_test(turn: str) -> None:
    assert Locale.objects.exists()
    assert not ContentType.objects.filter(app_label="left_behind").exists()

    ContentType.objects.create(app_label="left_behind", model=turn)
    Page.objects.all().delete()
    Locale.objects.all().delete()


@pytest.mark.django_db
def test_a_test_with_rollback_sees_the_rows_that_migrations_made() -> None:
    assert Page.objects.filter(depth=1).count() == 1


@pytest.mark.django_db
def test_the_database_is_not_the_one_that_is_configured() -> None:
    assert "kairan" in str(connection.settings_dict["NAME"])
    assert "var/kairan.sqlite3" not in str(connection.settings_dict["NAME"])
