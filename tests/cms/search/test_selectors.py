"""Every query of the corpus, on whichever database the suite runs."""

import pytest
from django.contrib.auth.models import AnonymousUser

from cms.fulltext.query import parse
from cms.search.selectors import Results
from tests.cms.search.corpus import QUERIES

pytestmark = pytest.mark.postgres


def test_each_query_of_the_corpus_finds_exactly_what_holds_it(corpus: dict[str, str]) -> None:
    found = {}
    for typed, _expected in QUERIES:
        results = Results(parse(typed), reader=AnonymousUser())
        found[typed] = {corpus[hit.url] for hit in results[0:100]}
        assert results.count() == len(found[typed]), typed

    assert found == dict(QUERIES)
