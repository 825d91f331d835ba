"""The mailbox of the sample site: what its readers find there."""

import email
import email.policy
import re
import sqlite3
import time

from playwright.sync_api import Page

from tests.demo_process import RunningDemo

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
PATIENCE = 90
"""Seconds that a mail may take; a round to 1,238 members takes some."""


def code_in_mailbox(site: RunningDemo, address: str, subject: str, *, besides: str = "") -> str:
    """Wait for a mail and return its code, as its reader finds it: the newest one, and not one that is known."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with sqlite3.connect(f"file:{site.data / 'kairan.sqlite3'}?mode=ro", uri=True) as database:
            rows = database.execute(
                "SELECT octets FROM mail_mailboxitem item JOIN mail_delivery sent ON sent.id = item.delivery_id "
                "WHERE sent.address = ? ORDER BY item.id DESC",
                [address],
            ).fetchall()
        for (octets,) in rows:
            message = email.message_from_bytes(octets, policy=email.policy.default)
            if subject in message["Subject"]:
                code = CODE.search(message.get_body(("plain",)).get_content())[0]
                if code != besides:
                    return code
                break
        time.sleep(0.2)
    raise AssertionError(f"no mail with {subject} came to {address}")


def enter(page: Page, code: str) -> None:
    """Type a code as people do."""
    page.goto("/code/")
    page.locator("[name=code]").fill(code.lower().replace("-", " "))
    page.locator("main form button").click()
