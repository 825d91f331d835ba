"""What Wagtail and the other libraries say is Japanese: their own catalogue, or the one that we keep for them."""

import re
from collections.abc import Iterator
from pathlib import Path

import django.conf
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from cms.translation.services import catalog_paths

KEPT = Path(settings.BASE_DIR) / "cms" / "translation" / "libraries" / "locale"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")
# The queue's catalogue is for its log and its terminal, which stay as they are; staff can meet what its models say.
READ_BY_STAFF = {"django_q": ["models.py", "admin.py", "apps.py"]}
# Not by the folder of the project: the environment usually lies in it.
OURS = {"cms", "plugins", "themes", "tests"}
LIBRARIES = sorted(
    (Path(config.path) for config in apps.get_app_configs() if config.name.partition(".")[0] not in OURS), key=str
)
DJANGO = Path(django.conf.__file__).parent

Message = tuple[str | None, str]


def catalogs(library: Path, language: str, domain: str) -> Iterator[polib.POFile]:
    for path in library.glob(f"locale/{language}/LC_MESSAGES/{domain}.po"):
        yield polib.pofile(str(path))


def messages(library: Path, domain: str) -> set[Message]:
    """What a library says: its English catalogue, or where it has none, any other."""
    found = [*catalogs(library, "en", domain)] or [*catalogs(library, "*", domain)]
    sources = [(library / name).read_text() for name in READ_BY_STAFF.get(library.name, [])]
    return {
        (entry.msgctxt, entry.msgid)
        for catalog in found
        for entry in catalog
        if not entry.obsolete and (not sources or any(f'"{entry.msgid}"' in source for source in sources))
    }


def translated(catalog: polib.POFile) -> set[Message]:
    return {(entry.msgctxt, entry.msgid) for entry in catalog if entry.translated()}


def ours() -> Iterator[polib.POFile]:
    """The catalogues of our own rooms, which serve everybody."""
    yield from (
        polib.pofile(str(path)) for path in catalog_paths(settings.BASE_DIR) if path.match("ja/LC_MESSAGES/django.po")
    )


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda path: path.name)
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_no_message_of_a_library_is_left_in_english(library: Path, domain: str) -> None:
    japanese = translated(polib.pofile(str(KEPT / "ja" / "LC_MESSAGES" / f"{domain}.po")))
    for catalog in [*catalogs(library, "ja", domain), *ours()]:
        japanese |= translated(catalog)

    assert messages(library, domain) - japanese == set()


@pytest.mark.parametrize("path", sorted(KEPT.rglob("*.po")), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_translation_wants_a_value_that_its_message_does_not_give(path: Path) -> None:
    for entry in polib.pofile(str(path)):
        given = set(PLACEHOLDER.findall(f"{entry.msgid} {entry.msgid_plural}"))
        wanted = set(PLACEHOLDER.findall(f"{entry.msgstr} {' '.join(entry.msgstr_plural.values())}"))
        assert wanted <= given, entry.msgid


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("Promote", "検索・公開設定"),
        ("History", "操作履歴"),
        ("Request changes", "差戻し"),
        ("In Moderation", "承認待ち"),
        ("Page '%(page_title)s' moved.", "ページ「%(page_title)s」を移動しました。"),
    ],
)
def test_admin_speaks_as_a_public_office(english: str, japanese: str) -> None:
    with translation.override("ja"):
        assert gettext(english) == japanese


def translations(*catalogs: polib.POFile) -> dict[Message, set[str]]:
    found: dict[Message, set[str]] = {}
    for catalog in catalogs:
        for entry in catalog.translated_entries():
            said = entry.msgstr or entry.msgstr_plural[0]
            found.setdefault((entry.msgctxt, entry.msgid), set()).add(said)
    return found


def test_no_message_has_two_translations_between_our_rooms() -> None:
    """A message without a context has one translation for everybody: two meanings need two contexts."""
    assert {message: said for message, said in translations(*ours()).items() if len(said) > 1} == {}


def test_no_room_changes_what_a_library_says() -> None:
    """Other words for a library are decided on purpose, in the catalogue that we keep for them."""
    said = translations(
        *(catalog for library in [DJANGO, *LIBRARIES] for catalog in catalogs(library, "ja", "django")),
    ) | translations(polib.pofile(str(KEPT / "ja/LC_MESSAGES/django.po")))

    assert {
        message: (here, said[message])
        for message, here in translations(*ours()).items()
        if message in said and not here <= said[message]
    } == {}
