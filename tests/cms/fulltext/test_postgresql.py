"""How a long text is cut for PostgreSQL; what is found with it is tested on the database itself."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cms.fulltext.postgresql import CHUNK_LENGTH, CHUNK_OVERLAP, POSITIONS_LIMIT, _chunks


@given(st.lists(st.sampled_from("ああああああいう"), max_size=60), st.integers(1, 120))
def test_chunks_hold_every_phrase_and_no_token_too_often(pattern: list[str], times: int) -> None:
    words = [f"{word}{number % 7}" if word == "い" else word for number, word in enumerate(pattern * times)]

    chunks = list(_chunks(words))

    assert all(len(chunk) <= CHUNK_LENGTH for chunk in chunks)
    assert all(max(Counter(chunk).values(), default=0) <= POSITIONS_LIMIT for chunk in chunks)
    rejoined = chunks[0]
    for chunk in chunks[1:]:
        assert rejoined[-CHUNK_OVERLAP:] == chunk[:CHUNK_OVERLAP]
        rejoined = rejoined + chunk[CHUNK_OVERLAP:]
    assert rejoined == words
