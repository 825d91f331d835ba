"""Seminars: their pages, and the occurrences and sessions that other records point at."""

from .index import SeminarIndexPage
from .occurrences import Occurrence, Session
from .seminar import SeminarPage

__all__ = ["Occurrence", "SeminarIndexPage", "SeminarPage", "Session"]
