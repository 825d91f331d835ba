"""Limits of the search."""

from datetime import timedelta

DOCUMENT_KIND = "media.sitedocument"
PAGE_SIZE = 20
SUGGESTION_LIMIT = 8
TEXT_LENGTH_LIMIT = 1_000_000
"""Characters of one entry that are indexed."""
SNIPPET_SOURCE_LENGTH = 100_000
"""Characters in which a passage to show is looked for; the results page reads them for each hit."""
DOCUMENT_SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes of a file whose text is read."""
EXTRACTION_SECONDS = 120
"""How long reading one file may take."""
MISSED_QUERIES_A_DAY = 500
"""Different searches without result that are kept for one day: a robot must not fill the table."""
MISSED_QUERIES_KEPT_FOR = timedelta(days=400)
"""So that a year can be compared with the one before."""
