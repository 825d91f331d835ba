"""`manage.py plugins`."""

import pytest
from django.core.management import CommandError, call_command

from cms.plugin_api import is_enabled
from cms.plugin_api.models import PluginToggle

pytestmark = pytest.mark.django_db


def test_list_names_state_and_version(capsys):
    call_command("plugins", "list")

    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("dummy "))
    assert line.split() == ["dummy", "on", "1.2", "Dummy"]


def test_disable_with_yes_shows_the_impact_and_switches(capsys):
    call_command("plugins", "disable", "dummy", "--yes")

    out = capsys.readouterr().out
    assert "公開中のページ: 0" in out
    assert "dummy is off." in out
    assert not is_enabled("dummy")
    assert PluginToggle.objects.get().who == "コマンド操作"


@pytest.mark.parametrize(("answer", "switched"), [("y", True), ("yes", True), ("", False), ("n", False)])
def test_disable_asks_first(monkeypatch, answer, switched):
    monkeypatch.setattr("builtins.input", lambda prompt: answer)

    if switched:
        call_command("plugins", "disable", "dummy")
    else:
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("plugins", "disable", "dummy")
    assert is_enabled("dummy") is not switched


def test_disable_without_a_terminal_changes_nothing(monkeypatch):
    def closed(prompt):
        raise EOFError

    monkeypatch.setattr("builtins.input", closed)

    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("plugins", "disable", "dummy")


def test_enable_switches_without_asking(dummy_off, capsys):
    call_command("plugins", "enable", "dummy")

    assert is_enabled("dummy")
    assert "dummy is on." in capsys.readouterr().out


def test_what_is_already_so_is_said(capsys):
    call_command("plugins", "enable", "dummy")

    assert "dummy was already on." in capsys.readouterr().out


def test_an_unknown_plugin_is_one_sentence():
    with pytest.raises(CommandError, match="「nowhere」"):
        call_command("plugins", "enable", "nowhere")
