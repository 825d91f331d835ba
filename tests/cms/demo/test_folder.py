import os
import socket
import sqlite3
from pathlib import Path

import pytest

from cms.demo.services import DemoError, DemoFolder
from cms.demo.services.folder import OURS, refuse_port_in_use


@pytest.fixture
def folder(tmp_path: Path) -> DemoFolder:
    return DemoFolder(tmp_path / "site", tmp_path / "site" / "kairan.sqlite3")


def test_folder_below_a_writable_one_is_accepted_and_not_made(folder: DemoFolder) -> None:
    folder.refuse_unwritable()

    assert not folder.path.exists()


def test_folder_below_a_file_is_refused_with_both_names(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(DemoError, match=r"file/site, but .*/file is a file"):
        DemoFolder(tmp_path / "file" / "site", None).refuse_unwritable()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_write_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(DemoError, match="cannot be written"):
        DemoFolder(tmp_path / "site", None).refuse_unwritable()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a directory in which nobody can make files")
def test_folder_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(DemoError, match="cannot be written"), DemoFolder(Path("/proc/kairan"), None).occupied():
        pass


def test_second_demo_in_one_folder_is_refused(folder: DemoFolder) -> None:
    with folder.occupied(), pytest.raises(DemoError, match="already running"), folder.occupied():
        pass

    with folder.occupied():
        assert folder.path.is_dir()


@pytest.mark.parametrize(
    "content", [b"this is no database, and long enough to be one" * 50, b"SQLite format 3\0" + b"x" * 5000]
)
def test_damaged_database_is_refused_and_left_as_it_is(folder: DemoFolder, content: bytes) -> None:
    folder.path.mkdir()
    folder.database.write_bytes(content)

    with pytest.raises(DemoError, match="damaged or no SQLite database") as raised:
        folder.refuse_broken_database()

    assert "\n" not in str(raised.value)
    assert folder.database.read_bytes() == content
    assert [path.name for path in folder.path.iterdir()] == ["kairan.sqlite3"]


def test_intact_or_absent_database_is_accepted(folder: DemoFolder) -> None:
    folder.refuse_broken_database()
    folder.path.mkdir()
    sqlite3.connect(folder.database).execute("CREATE TABLE t (x)").connection.close()

    folder.refuse_broken_database()


def test_settled_folder_keeps_its_key_and_follows_the_address(folder: DemoFolder) -> None:
    with folder.occupied():
        folder.settle("http://localhost:8000")
        key = (folder.path / "secret_key").read_text()
        folder.settle("http://localhost:8001")

    assert (folder.path / "secret_key").read_text() == key
    assert len(key) >= 50
    assert (folder.path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (folder.path / "base_url").read_text() == "http://localhost:8001\n"


def test_reset_removes_what_is_ours_and_nothing_else(folder: DemoFolder) -> None:
    with folder.occupied():
        folder.settle("http://localhost:8000")
        (folder.path / "media" / "a.png").write_text("")
        (folder.path / "letters").mkdir()
        folder.reset()

    assert not [name for name in OURS if (folder.path / name).exists()]
    assert (folder.path / "letters").is_dir()


def test_reset_of_a_folder_that_the_demo_did_not_make_removes_nothing(folder: DemoFolder) -> None:
    (folder.path / "media").mkdir(parents=True)

    with pytest.raises(DemoError, match="was not made by the demo"):
        folder.reset()

    assert (folder.path / "media").is_dir()


def test_reset_of_a_database_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="DATABASE_URL"):
        DemoFolder(tmp_path, None).reset()


def test_port_in_use_is_refused_with_another_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(DemoError, match=f"Port {port} cannot be used .* make demo PORT="):
            refuse_port_in_use(port)

    refuse_port_in_use(port)


def test_impossible_port_is_refused() -> None:
    with pytest.raises(DemoError, match="Port 70000 cannot be used"):
        refuse_port_in_use(70000)
