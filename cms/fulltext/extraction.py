"""Reads the text inside a file. What a stranger made is read by a process of its own, with limits on time and memory.

`reading.py` is that process. Whatever it does, crash, hang or swallow memory, the caller gets an answer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

READER = Path(__file__).with_name("reading.py")
STATES = {0: "done", 3: "protected", 4: "unreadable", 5: "too_large", 6: "unsupported"}
"""What the exit codes of the reader mean; any other is a crash."""
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Extraction:
    """The text, and what became of the attempt: a value of STATES, `empty` or `timed_out`."""

    state: str
    text: str = ""


def extract(file: IO[bytes], *, size_limit: int, length_limit: int, seconds: int) -> Extraction:
    """Return the first `length_limit` characters of a PDF, docx, xlsx or text file of at most `size_limit` bytes."""
    with tempfile.NamedTemporaryFile(prefix="kairan-read-") as copy:
        size = 0
        while block := file.read(_BLOCK):
            size += copy.write(block)
            if size > size_limit:
                return Extraction("too_large")
        copy.flush()
        return _read(copy.name, length_limit=length_limit, seconds=seconds)


def _read(path: str, *, length_limit: int, seconds: int) -> Extraction:
    command = [sys.executable, "-I", str(READER), path, str(length_limit), str(seconds)]
    try:
        run = subprocess.run(  # noqa: S603 - our own program, and a path that we made
            command, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return Extraction("timed_out")
    state = STATES.get(run.returncode, "unreadable")
    text = run.stdout.decode("utf-8", "replace").strip() if state == "done" else ""
    return Extraction(state if text or state != "done" else "empty", text)
