"""`manage.py search`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cms.pages.models import HomePage
from cms.search.models import Entry


def test_check_fails_until_the_index_is_rebuilt(home: HomePage) -> None:
    with pytest.raises(CommandError, match="索引にありません"):
        call_command("search", "check")

    call_command("search", "rebuild", stdout=StringIO())

    said = StringIO()
    call_command("search", "check", stdout=said)
    assert said.getvalue().strip() == "索引に誤りはありません。"
    assert Entry.objects.filter(page=home).exists()
