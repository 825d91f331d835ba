"""`python -m bench.search`: fills a site with many documents and measures the first page of results on each database.

Worst cases are among the queries: words and a character that stand in every document.
"""

import argparse
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from urllib.parse import urlsplit

from .servers import ROOT

TARGET = 100.0
"""Milliseconds."""
ROUNDS = 15
QUERIES = {
    "a word in every document": "会議",
    "a longer word in every document": "会議室",
    "a character in every document": "室",
    "a long word in every fifth": "情報システム",
    "three words": "会議 財政 計画",
    "a phrase": "「議会 情報」",
    "a word in one document": "唯一無二",
    "nonsense": "鑫鑫鑫",
}
WORDS = (
    *("市町村", "議会", "計画", "整備", "情報", "推進", "委員会", "条例", "改正", "財政", "健全化", "都市", "基盤"),
    *("道路", "福祉", "教育", "文化", "防災", "環境", "衛生", "農林水産", "商工", "観光"),
)
LENGTH = 400
"""Characters of a document."""


def main() -> None:
    """Measure on SQLite, and on PostgreSQL where `--postgres` names a server."""
    parser = argparse.ArgumentParser(prog="bench.search", description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--postgres", default="", help="address of a server on which a database may be made")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.documents)
        return
    with tempfile.TemporaryDirectory(prefix="kairan-bench-") as folder:
        site = {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "KAIRAN_DATA": folder}
        say(f"SQLite, {options.documents} documents:")
        run(site, options.documents)
        with database(options.postgres) as address:
            if address:
                say(f"PostgreSQL, {options.documents} documents:")
                run({**site, "DATABASE_URL": address}, options.documents)


def run(site: dict[str, str], documents: int) -> None:
    """Migrate and measure in a process of its own, which has its own database."""
    environment = {**os.environ, **site}
    measured = ["-m", "bench.search", "--measure", f"--documents={documents}"]
    for arguments in (["manage.py", "createcachetable"], ["manage.py", "migrate", "-v", "0"], measured):
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make a database beside the one that the address names, and remove it again; "" without a server."""
    import psycopg

    if not server:
        yield ""
        return
    name = f"kairan_bench_{os.getpid()}"
    try:
        connected = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        say(f"PostgreSQL is left out: {str(error).splitlines()[0]}")
        yield ""
        return
    with connected as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def measure(documents: int) -> None:
    """Fill the database, half with pages and half with documents, and print how long each query takes."""
    import django

    django.setup()
    logging.disable()
    began = time.perf_counter()
    fill(documents)
    say(f"  filled and indexed in {time.perf_counter() - began:.0f} s")
    for name, typed in QUERIES.items():
        taken, number = timed(typed)
        verdict = "" if median(taken) <= TARGET else f"  over {TARGET:.0f} ms"
        say(f"  {name:32}{median(taken):8.1f} ms{max(taken):8.1f} max{number:8} hits{verdict}")


def timed(typed: str) -> tuple[list[float], int]:
    """Return the milliseconds of several first pages, counted, ranked and loaded, and the number of hits."""
    from django.contrib.auth.models import AnonymousUser

    from cms.fulltext.query import parse
    from cms.search.selectors import Results

    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        results = Results(parse(typed), reader=AnonymousUser())
        number = results.count()
        results[0:20]
        taken.append((time.perf_counter() - began) * 1000)
    return taken, number


def fill(documents: int) -> None:
    """Write live pages and documents straight into their tables, and index them as a rebuild would."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone
    from wagtail.models import Page

    from cms.media.models import SiteDocument
    from cms.pages.models import SectionPage
    from cms.search.models import DocumentText

    chance = random.Random(1)  # noqa: S311 - the same texts each time
    home = Page.objects.get(depth=2)
    for number in range(documents // 2):
        page = SectionPage(title=f"資料{number}", slug=f"s{number}", summary=text(chance, number), live=True)
        page.depth, page.path = 3, Page._get_path(home.path, 3, number + 1)  # noqa: SLF001 - treebeard's own
        page.url_path, page.locale_id = f"{home.url_path}{page.slug}/", home.locale_id
        page.content_type = page.cached_content_type
        base = Page(**{field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields})  # noqa: SLF001 - public
        base.save_base(raw=True, force_insert=True)
        page.page_ptr_id = base.pk
        page.save_base(raw=True, force_insert=True)
    for number in range(documents // 2, documents):
        document = SiteDocument(title=f"文書{number}", file=f"documents/{number}.pdf", created_at=timezone.now())
        document.save_base(raw=True, force_insert=True)
        DocumentText.objects.create(
            document=document, state="done", text=text(chance, number), file_name=document.file.name
        )
    call_command("search", "rebuild", stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123 - for the life of the process
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def text(chance: random.Random, number: int) -> str:
    """Write a document of which every one holds 会議室, every fifth 情報システム, and one 唯一無二."""
    words = ["会議室で", "情報システムの" if number % 5 == 0 else "", "唯一無二" if number == 1 else ""]
    while sum(map(len, words)) < LENGTH:
        words.append(chance.choice(WORDS) + chance.choice(["の", "を", "と", "。", "、", ""]))
    return "".join(words)


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201 - this is its output


if __name__ == "__main__":
    main()
