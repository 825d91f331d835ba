"""`python -m bench.register`: the register at 50 organisations and at 1,238 with 5,000 people, on each database.

First an import of 1,238 rows, from the upload over the preview to the confirmation. Then each page goes through the
whole stack, asked for by somebody of the secretariat; no cache answers.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from .search import database
from .servers import ROOT

if TYPE_CHECKING:
    from django.test import Client

TARGET = 3.0
"""How many times as long the large register may take."""
IMPORT_TARGET = 5.0
"""Seconds for the import."""
ROUNDS = 15
SIZES = ((50, 200), (1238, 5000))
"""Organisations and people."""
PAGES = {
    "register, first page": "/admin/members/",
    "register, one prefecture": "/admin/members/?prefecture=38",
    "register, search": "/admin/members/?q=見本第7",
    "an organisation": "/admin/members/{organisation}/",
    "membership status": "/members/status/?on=2010-02-01",
    "member organisations": "/members/register/?on=2010-02-01",
}


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where `--postgres` names a server."""
    parser = argparse.ArgumentParser(prog="bench.register", description=__doc__)
    parser.add_argument("--postgres", default="", help="address of a server on which a database may be made")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure()
        return
    with tempfile.TemporaryDirectory(prefix="kairan-bench-") as folder:
        site = {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "KAIRAN_DATA": folder}
        say("SQLite:")
        run(site)
        with database(options.postgres) as address:
            if address:
                say("PostgreSQL:")
                run({**site, "DATABASE_URL": address})


def run(site: dict[str, str]) -> None:
    """Migrate and measure in a process of its own, which has its own database."""
    environment = {**os.environ, **site}
    for arguments in (
        ["manage.py", "createcachetable"],
        ["manage.py", "collectstatic", "--noinput", "-v", "0"],
        ["manage.py", "migrate", "-v", "0"],
        ["-m", "bench.register", "--measure"],
    ):
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own


def measure() -> None:
    """Fill the register in two steps, and print what each page takes after each."""
    import django

    django.setup()
    logging.disable()
    seconds = timed_import(SIZES[-1][0])
    verdict = "" if seconds <= IMPORT_TARGET else "  too much"
    say(f"  {f'import of {SIZES[-1][0]:,} rows':28}{seconds * 1000:8.1f} ms{verdict}")
    organisations, people = numbers_from(1), numbers_from(1)
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    queries: dict[str, list[int]] = {name: [] for name in PAGES}
    reached = (0, 0)
    for size in SIZES:
        fill(islice(organisations, size[0] - reached[0]), list(islice(people, size[1] - reached[1])), size[0])
        reached = size
        for name, path in PAGES.items():
            milliseconds, number = timed(path)
            taken[name].append(milliseconds)
            queries[name].append(number)
    for name in PAGES:
        (small, large), (few, many) = taken[name], queries[name]
        verdict = "" if large <= TARGET * small and few == many else "  too much"
        say(f"  {name:28}{small:8.1f} ms{large:8.1f} ms{large / small:7.2f} x{few:5}{many:5} SQL{verdict}")


def timed_import(rows: int) -> float:
    """Return the seconds of an import of new member organisations from a workbook; leave nothing of it behind."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import transaction
    from openpyxl import Workbook

    from cms.accounts.demo import sample_municipal_code
    from cms.accounts.models import Organisation

    workbook, content = Workbook(write_only=True), io.BytesIO()
    sheet = workbook.create_sheet()
    sheet.append(["団体コード", "団体名", "種別", "電話", "加入日"])
    for number in range(1, rows + 1):
        sheet.append([sample_municipal_code(number), f"見本第{number}市", "市", "00-0000-0000", "2009-04-01"])
    workbook.save(content)
    with transaction.atomic():
        client = staff_client()
        began = time.perf_counter()
        upload = {"kind": "organisations", "file": SimpleUploadedFile("import.xlsx", content.getvalue())}
        shown = client.post("/admin/members/import/", upload, follow=True)
        (digest,) = re.findall(r'name="digest" value="([^"]+)"', shown.text)
        client.post(shown.request["PATH_INFO"], {"digest": digest}, follow=True)
        seconds = time.perf_counter() - began
        if Organisation.objects.count() != rows:
            sys.exit(f"{Organisation.objects.count()} of {rows} rows were imported")
        transaction.set_rollback(True)
    return seconds


def numbers_from(first: int) -> Iterator[int]:
    """Count on, so that the second step adds to what the first has made."""
    while True:
        yield first
        first += 1


def fill(organisations: Iterator[int], people: list[int], total: int) -> None:
    """Write sample members straight into their tables, and people on seats of theirs."""
    import datetime as dt

    from django.db import connection

    from cms.accounts.demo import sample_organisation
    from cms.accounts.enums import OrganisationKind, SeatRole
    from cms.accounts.models import Affiliation, Organisation, Seat, User
    from plugins.members.models import Membership

    since = dt.date(2009, 4, 1)
    kinds = (OrganisationKind.CITY, OrganisationKind.TOWN, OrganisationKind.VILLAGE)
    made = Organisation.objects.bulk_create(
        sample_organisation(kinds[number % 3], number, number) for number in organisations
    )
    Membership.objects.bulk_create(Membership(organisation=one, starts_on=since) for one in made)
    everybody = list(Organisation.objects.order_by("pk")[:total])
    roles = (SeatRole.SECTION_HEAD, SeatRole.LEAD, SeatRole.DEPUTY)
    persons = User.objects.bulk_create(
        User(username=f"sample-{number}", last_name="見本", first_name=str(number)) for number in people
    )
    seats = Seat.objects.bulk_create(
        Seat(organisation=everybody[number % total], role=roles[number % 3], label=str(number)) for number in people
    )
    Affiliation.objects.bulk_create(
        Affiliation(seat=seat, organisation=seat.organisation, person=person, starts_on=since)
        for seat, person in zip(seats, persons, strict=True)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def timed(path: str) -> tuple[float, int]:
    """Return the median of the milliseconds of a page that no cache answers, and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from cms.accounts.models import Organisation

    client = staff_client()
    path = path.format(organisation=Organisation.objects.values_list("pk", flat=True)[0])
    client.get(path)
    milliseconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(path)
        milliseconds.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return median(milliseconds), len(queries)


def staff_client() -> Client:
    """Return a browser of somebody of the secretariat, whom no cache answers."""
    from django.test import Client

    from cms.accounts.models import User

    client = Client(SERVER_NAME="localhost", headers={"Authorization": "none"})
    staff, _created = User.objects.get_or_create(username="staff", defaults={"is_superuser": True, "is_staff": True})
    client.force_login(staff)
    return client


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201 - this is its output


if __name__ == "__main__":
    main()
