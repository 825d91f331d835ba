"""What a talk, a speaker and a host accept."""

import pytest
from django.core.exceptions import ValidationError

from plugins.seminars.blocks import HostBlock, OccurrenceKeysField, SpeakerBlock, TalkBlock
from tests.factories.seminars import NOBODY

KEY = "0d5cb1f4-7a37-4a3c-9d0f-5c2e6f2f0a01"


def speaker(**values):
    return SpeakerBlock().to_python({**NOBODY, **values})


@pytest.mark.parametrize(
    ("values", "printed"),
    [
        (
            {"name": "矢野 友哉", "honorific": "氏", "affiliation": "松山市 市民部 市民課", "post": "総務担当リーダー"},
            "松山市 市民部 市民課 総務担当リーダー 矢野 友哉 氏",
        ),
        ({"organisation": "総務省 自治行政局 地域情報政策室"}, "総務省 自治行政局 地域情報政策室"),
        ({"name": "見本 太郎"}, "見本 太郎"),
    ],
)
def test_a_speaker_is_printed_as_they_were_then(values, printed):
    assert str(speaker(**values)) == printed


@pytest.mark.parametrize("values", [{}, {"name": "矢野 友哉", "organisation": "総務省"}])
def test_a_speaker_is_either_a_person_or_an_organisation(values):
    with pytest.raises(ValidationError) as caught:
        SpeakerBlock().clean(speaker(**values))
    assert "name" in caught.value.block_errors


def test_a_talk_says_at_least_something():
    empty = TalkBlock().to_python({"kind": "", "title": "", "at": [], "speakers": []})
    with pytest.raises(ValidationError) as caught:
        TalkBlock().clean(empty)
    assert "title" in caught.value.block_errors


def test_a_talk_without_a_title_is_known_by_its_kind_and_speaker():
    value = TalkBlock().to_python(
        {"kind": "keynote", "title": "", "at": [KEY], "speakers": [{**NOBODY, "name": "島田 達巳", "honorific": "氏"}]}
    )
    assert TalkBlock().clean(value).kind_label == "基調講演"


def test_occurrence_keys_are_read_once_each_and_in_order():
    field = OccurrenceKeysField(required=False)
    assert field.clean(f"{KEY} {KEY.upper()}") == [KEY]
    assert field.clean("") == []
    assert field.clean([KEY]) == [KEY]


def test_occurrence_keys_refuse_what_is_no_key():
    with pytest.raises(ValidationError, match="開催"):
        OccurrenceKeysField().clean("../etc/passwd")


def test_a_host_says_what_it_is():
    assert HostBlock().to_python({"name": "地方自治情報センター", "role": "co_host"}).role_label == "共催"
