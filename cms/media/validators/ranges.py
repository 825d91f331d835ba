"""What a request for a part of a file may ask for (RFC 9110, section 14)."""

from __future__ import annotations

import re

RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class UnsatisfiableRangeError(ValueError):
    """The part that was asked for lies outside the file."""


def requested_part(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte of the part that a Range header asks for, both included.

    None asks for the whole file: no header, several ranges at once, or what cannot be understood. Raises
    UnsatisfiableRangeError.
    """
    match = RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
    if start >= size or not size:
        raise UnsatisfiableRangeError
    return start, end
