"""Writes messages as RFC 5322 wants them, and fast: what all recipients share is encoded once.

Knows nothing of Django's models, so that it can be measured and tested alone.
"""

from .headers import address_header, encoded_header, folded_url, single_line
from .placeholders import PLACEHOLDER, Template
from .skeleton import Content, Envelope, Skeleton

__all__ = [
    "PLACEHOLDER",
    "Content",
    "Envelope",
    "Skeleton",
    "Template",
    "address_header",
    "encoded_header",
    "folded_url",
    "single_line",
]
