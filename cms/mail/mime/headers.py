"""Header fields: RFC 5322 lines, RFC 2047 encoded words.

Django and the standard library fold encoded words to 76 characters; RFC 2047 section 2 allows 75, and 76 for a whole
line that holds one.
"""

import re
from base64 import b64encode
from collections.abc import Iterator

LINE = 76
WORD = 75
_WORD_FRAME = len("=?utf-8?b??=")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_PHRASE_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def single_line(value: str) -> str:
    """Return `value` without line breaks and control characters: nothing in it can begin a header of its own."""
    return _CONTROLS.sub(" ", value).strip()


def encoded_header(name: str, value: str) -> bytes:
    """Return a whole unstructured header line, such as a subject, with its CRLF."""
    value = single_line(value)
    line = f"{name}: {value}"
    if value.isascii() and len(line) <= LINE and "=?" not in value:
        return line.encode("ascii") + b"\r\n"
    return f"{name}: {_words(value, len(name) + 2)}\r\n".encode("ascii")


def address_header(name: str, *mailboxes: tuple[str, str]) -> bytes:
    """Return a header line of (display name, address) pairs. Addresses must be ASCII already."""
    lines = [f"{name}:"]
    for position, (phrase, address) in enumerate(mailboxes):
        comma = "," if position < len(mailboxes) - 1 else ""
        _append(lines, _phrase(single_line(phrase), len(lines[-1]) + 1))
        _append(lines, (f"<{address}>" if single_line(phrase) else address) + comma)
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def folded_url(name: str, url: str) -> bytes:
    """Return a header line with one address in angle brackets, on a line of its own where it is long."""
    line = f"{name}: <{url}>"
    return (line if len(line) <= LINE else f"{name}:\r\n <{url}>").encode("ascii") + b"\r\n"


def _append(lines: list[str], token: str) -> None:
    if not token:
        return
    first = token.split("\r\n", 1)[0]
    if len(lines[-1]) + 1 + len(first) > LINE and lines[-1].strip():
        lines.append(f" {token}")
    else:
        lines[-1] += f" {token}"
    if "\r\n" in token:
        *whole, last = lines.pop().split("\r\n")
        lines += [*whole, last]


def _phrase(value: str, used: int) -> str:
    if not value:
        return ""
    if not value.isascii() or len(value) > LINE - 20 or "=?" in value:
        return _words(value, used)
    if _PHRASE_ATOMS.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _words(value: str, used: int) -> str:
    """Encode as folded words; `used` is what already stands on the first line."""
    return "\r\n ".join(f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(value, used))


def _chunks(value: str, used: int) -> Iterator[bytes]:
    """Cut at whole characters, because a word must be decodable on its own (RFC 2047 section 5)."""
    room = _octets(LINE - used)
    chunk = b""
    for character in value.encode("utf-8", "replace").decode("utf-8"):
        octets = character.encode("utf-8")
        if len(chunk) + len(octets) > room:
            yield chunk
            chunk, room = b"", _octets(WORD)
        chunk += octets
    yield chunk


def _octets(characters: int) -> int:
    """Say how many octets fit into an encoded word of that many characters; at least one character of UTF-8."""
    return max(4, (min(characters, WORD) - _WORD_FRAME) // 4 * 3)
