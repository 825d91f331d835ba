"""Stops an upload that no form would take before the disk is full of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUploadHandler(FileUploadHandler):
    """Judges a request by the length that it announces; without one, Django reads nothing of it.

    What is below that, but above what its form takes, is read in full: so the form can say so and keep what was typed.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803 - Django's name
        """Raise RequestDataTooBig, which is answered 413, for more than `UPLOAD_LIMIT` bytes."""
        if content_length > settings.UPLOAD_LIMIT:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the data to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
