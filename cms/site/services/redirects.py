"""Reads redirects from a CSV file, as Excel in a Japanese office saves it; says of each row that can't be used why."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page, Site

BYTES_ALLOWED = 1024 * 1024
ENCODINGS = ("utf-8-sig", "cp932")
LONGEST = 255
is_web_address = URLValidator(schemes=["http", "https"])


class Refusal(NamedTuple):
    """A row that was not taken: its number in the file, what it says, and why."""

    row: int
    old: str
    new: str
    reason: str


@dataclass
class Imported:
    """What came of a file; `known` rows said what holds already."""

    made: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)


def redirects_import(*, octets: bytes, site: Site, by: Any) -> Imported:
    """Make a permanent redirect of each row, from the first column's address to the second's.

    Raises ValidationError, with a sentence, for what is no such file. A first row without addresses is the heading.
    """
    rows = [[cell.strip() for cell in row] for row in _read(octets)]
    if not any(map(any, rows)):
        raise ValidationError(_("The file is empty."))
    imported = Imported()
    for number, row in enumerate(rows, start=1):
        if any(row) and not (number == 1 and not any(map(_looks_like_address, row))):
            _take(imported, number, [*row, "", ""], site, by)
    return imported


@transaction.atomic
def redirects_delete(*, redirects: Iterable[Redirect], by: Any) -> int:
    """Delete redirects, each with a line in the history; return how many."""
    links = PurgeBatch()
    gone = 0
    for redirect in redirects:
        links.add_urls(redirect.old_links())
        log(instance=redirect, action="wagtail.delete", user=by, deleted=True)
        redirect.delete()
        gone += 1
    transaction.on_commit(links.purge)
    return gone


def _read(octets: bytes) -> list[list[str]]:
    if len(octets) > BYTES_ALLOWED:
        raise ValidationError(_("The file is larger than 1 MB."))
    for encoding in ENCODINGS:
        try:
            text = octets.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            delimiter = max(",\t", key=text.partition("\n")[0].count)
            return _rows(text, delimiter)
    raise ValidationError(_("The file is not CSV. In Excel, save it as “CSV UTF-8” or “CSV”."))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(text.splitlines(), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValidationError(_("The CSV is damaged: a quotation mark is missing, or a line is cut.")) from error


def _looks_like_address(cell: str) -> bool:
    return cell.startswith(("/", "http://", "https://"))


def _take(imported: Imported, number: int, row: list[str], site: Site, by: Any) -> None:
    old, new = row[:2]
    try:
        if any(row[2:]):
            raise ValidationError(_("There are more than two columns."))
        redirect = _redirect(old, new, site)
        if _exists(redirect):
            imported.known += 1
            return
    except ValidationError as error:
        imported.refused.append(Refusal(number, old, new, " ".join(error.messages)))
        return
    with transaction.atomic():
        redirect.save()
        log(instance=redirect, action="wagtail.create", user=by)
    imported.made += 1


def _redirect(old: str, new: str, site: Site) -> Redirect:
    """Return the redirect, unsaved. Raises ValidationError where either address is none, or it would never be used."""
    if not old or not new:
        raise ValidationError(_("A row needs the old address and the new one."))
    if not _looks_like_address(old) or len(old) > LONGEST:
        raise ValidationError(_("The old address begins with “/”, such as /old/page.html."))
    path = Redirect.normalise_path(old)
    if _page_at(urlsplit(path).path, site):
        raise ValidationError(_("There is a page at the old address; nobody would be led away from it."))
    return Redirect(old_path=path, is_permanent=True, **_target(new, site))


def _target(new: str, site: Site) -> dict[str, Any]:
    """Return the page, which is followed wherever it moves, or the address."""
    address = f"{site.root_url}{new}" if new.startswith("/") else new
    page = _page_at(urlsplit(address).path, site) if address.startswith(f"{site.root_url}/") else None
    if page:
        return {"redirect_page": page}
    is_web_address(address)
    if len(address) > LONGEST:
        raise ValidationError(_("The new address is too long."))
    return {"redirect_link": address}


def _page_at(path: str, site: Site) -> Page | None:
    """Return the live page of an address on the site."""
    wanted = site.root_page.url_path + "".join(f"{part}/" for part in path.split("/") if part)
    return Page.objects.live().filter(url_path=wanted).first()


def _exists(redirect: Redirect) -> bool:
    """Say whether the very redirect is there. Raises ValidationError where its old address leads elsewhere already."""
    stored = Redirect.objects.filter(old_path=redirect.old_path, site=None).first()
    if stored is None:
        return False
    if (stored.redirect_page_id, stored.redirect_link) != (redirect.redirect_page_id, redirect.redirect_link):
        raise ValidationError(_("The old address leads elsewhere already."))
    return True
