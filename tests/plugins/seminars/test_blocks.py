"""What a talk, a speaker and a host accept."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cms.calendar import now
from cms.plugin_api.state import state_read_once
from plugins.seminars.blocks import HostBlock, OccurrenceKeysField, SeminarListBlock, SpeakerBlock, TalkBlock
from tests.factories.seminars import NOBODY, OccurrenceFactory, SeminarPageFactory

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


class TestListOfSeminars:
    """The block that puts a few seminars on any page."""

    @pytest.fixture
    def shown(self, index, rf):
        def render(which: str, number: int = 3) -> str:
            block = SeminarListBlock()
            context = {"request": rf.get("/")}
            return block.render(block.to_python({"which": which, "number": number}), context)

        return render

    @pytest.fixture
    def held(self, index):
        def hold(title: str, *, days: int, **values):
            page = SeminarPageFactory(parent=index, title=title, **values)
            OccurrenceFactory(page=page, start=now() + timedelta(days=days))

        return hold

    def test_shows_what_is_to_come_or_what_was_held_in_order(self, shown, held):
        for title, days in [("去年", -365), ("先月", -30), ("来月", 30), ("来週", 7)]:
            held(title, days=days)

        coming, latest = shown("coming"), shown("latest")

        assert coming.index("来週") < coming.index("来月")
        assert "先月" not in coming
        assert latest.index("先月") < latest.index("去年")
        assert "来週" not in latest

    def test_stops_at_the_number(self, shown, held):
        for number in range(3):
            held(f"第{number}回", days=number + 1)

        assert shown("coming", 2).count("list__item") == 2

    def test_leaves_drafts_out(self, shown, held):
        held("下書き", days=7, live=False)

        assert "下書き" not in shown("coming")

    @pytest.mark.parametrize(
        ("which", "sentence"),
        [("coming", "今お知らせしているセミナーはありません。"), ("latest", "開催したセミナーはまだありません。")],
    )
    def test_says_so_where_there_is_none(self, shown, which, sentence):
        assert sentence in shown(which)

    @pytest.mark.parametrize("seminars", [1, 20])
    def test_costs_as_many_queries_for_twenty_as_for_one(self, shown, held, seminars, django_assert_num_queries):
        for number in range(seminars):
            held(f"第{number}回", days=number + 1)
        shown("coming", 20)

        with state_read_once(), django_assert_num_queries(4):  # the state, the site, the pages, their occurrences
            assert shown("coming", 20).count("list__item") == seminars

    @pytest.mark.parametrize("number", [0, 21])
    def test_number_is_one_to_twenty(self, number):
        with pytest.raises(ValidationError):
            SeminarListBlock().clean(SeminarListBlock().to_python({"which": "coming", "number": number}))
