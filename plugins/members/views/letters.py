"""The letters with codes: a page A4 each, for an envelope with a window."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cms.calendar import today
from cms.mail.services.codes import code_url
from plugins.members.services.invitations import IssuedInvitation


class PrintedLetters(HttpResponse):
    """Names, addresses and codes on paper: they leave the site as a file does."""

    names: list[str]
    """Who gets one, each with their seat."""


def letters(request: HttpRequest, *, issued: Sequence[IssuedInvitation], back_url: str) -> PrintedLetters:
    """Return the letters themselves. The codes are kept nowhere, so no cache keeps the page either."""
    context = {"issued": issued, "code_url": code_url(), "today": today(), "back_url": back_url}
    page = render_to_string("members/admin/letters.html", context, request)
    printed = PrintedLetters(page, headers={"Cache-Control": "no-store"})
    printed.names = [f"{one.seat} {one.person}" for one in issued]
    return printed
