"""What goes over the wire, read back with the standard library's parser and measured against the RFCs."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.mail.mime import Content, Envelope, Skeleton, Template, address_header, encoded_header, single_line

WHEN = datetime(2009, 6, 9, 2, 45, tzinfo=UTC)
ENCODED_WORD = re.compile(rb"=\?[^?]+\?[bBqQ]\?[^?]*\?=")
ENVELOPE = Envelope(address="taro@example.jp", message_id="<1@example.jp>", name="見本 太郎")


def compose(envelope: Envelope = ENVELOPE, **options) -> bytes:
    settled = {"sender": ("事務局", "jimu@example.jp"), "subject": "ご案内", "text": "本文\n", "date": WHEN, **options}
    return Skeleton(Content(**settled)).octets(envelope)


def parse(octets: bytes) -> EmailMessage:
    return email.message_from_bytes(octets, policy=email.policy.default)


def header_lines(octets: bytes) -> list[bytes]:
    return octets.split(b"\r\n\r\n", 1)[0].split(b"\r\n")


header_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@given(subject=header_text)
def test_subject_survives_and_keeps_to_rfc_2047(subject):
    octets = compose(subject=subject)

    assert parse(octets)["subject"].replace(" ", "") == single_line(subject).replace(" ", "")
    assert all(len(word) <= 75 for word in ENCODED_WORD.findall(octets))
    assert all(len(line) <= 76 for line in header_lines(octets) if b"=?" in line)


def test_long_japanese_subject_is_folded_into_words_that_decode_alone():
    subject = "平成21年度第1回役員会（東京・全国町村議員会館）の開催及び議題について" * 3

    octets = compose(subject=subject)

    words = ENCODED_WORD.findall(octets)
    assert parse(octets)["subject"] == subject
    assert len(words) > 5
    assert max(len(word) for word in words) <= 75


@given(name=header_text)
def test_recipient_name_never_breaks_the_address(name):
    octets = compose(Envelope(address="taro@example.jp", message_id="<1@example.jp>", name=name))

    to = parse(octets)["to"]
    assert [address.addr_spec for address in to.addresses] == ["taro@example.jp"]


@pytest.mark.parametrize("evil", ["a\r\nBcc: all@example.jp", "a\nBcc: all@example.jp", "a\rBcc: x@example.jp", "a\0b"])
@pytest.mark.parametrize("where", ["subject", "name", "personal subject", "header", "list", "sender"])
def test_no_field_can_begin_a_header_of_its_own(evil, where):
    envelope = Envelope("taro@example.jp", "<1@example.jp>", "太郎", values={"title": evil})
    if where == "subject":
        octets = compose(subject=evil)
    elif where == "name":
        octets = compose(Envelope("taro@example.jp", "<1@example.jp>", evil))
    elif where == "personal subject":
        octets = compose(envelope, subject="{{title}}", placeholders=["title"])
    elif where == "header":
        octets = compose(headers={"X-Thing": evil})
    elif where == "list":
        octets = compose(list_id="news.example.jp", list_name=evil)
    else:
        octets = compose(sender=(evil, "jimu@example.jp"))

    assert parse(octets)["bcc"] is None
    assert not [line for line in header_lines(octets) if b"\n" in line or b"\r" in line or b"\0" in line]


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1))
def test_text_survives_in_either_encoding(text):
    octets = compose(text=text)

    assert parse(octets).get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert all(len(line) <= 76 for line in octets.split(b"\r\n\r\n", 1)[1].split(b"\r\n"))
    assert b"\n" not in octets.replace(b"\r\n", b"")


def test_japanese_is_base64_and_english_quoted_printable():
    assert b"Content-Transfer-Encoding: base64" in compose(text="役員会を開催します。")
    assert b"Content-Transfer-Encoding: quoted-printable" in compose(text="The board meets; agenda: 1 – budget.")


def test_html_has_the_text_beside_it():
    message = parse(compose(text="本文", html="<p>本文</p>"))

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().strip() == "本文"
    assert message.get_body(("html",)).get_content().strip() == "<p>本文</p>"
    assert message.defects == []


def test_values_are_escaped_in_html_only():
    envelope = Envelope("taro@example.jp", "<1@example.jp>", values={"name": "<b>A & B</b>"})

    message = parse(compose(envelope, text="{{name}}", html="<p>{{name}}</p>", placeholders=["name"]))

    assert message.get_body(("plain",)).get_content().strip() == "<b>A & B</b>"
    assert message.get_body(("html",)).get_content().strip() == "<p>&lt;b&gt;A &amp; B&lt;/b&gt;</p>"


def test_one_click_headers_follow_rfc_8058():
    envelope = Envelope("taro@example.jp", "<1@example.jp>", unsubscribe_url="https://www.example.jp/u/" + "x" * 80)

    message = parse(compose(envelope, list_id="news.example.jp", list_name="お知らせ"))

    assert message["list-unsubscribe"].strip() == f"<{envelope.unsubscribe_url}>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert message["list-id"] == "お知らせ <news.example.jp>"


def test_nothing_offers_to_unsubscribe_without_an_address_for_it():
    assert parse(compose())["list-unsubscribe"] is None
    assert parse(compose())["list-unsubscribe-post"] is None


def test_automatic_mail_says_so():
    message = parse(compose())

    assert message["auto-submitted"] == "auto-generated"
    assert message["message-id"] == "<1@example.jp>"
    assert message["date"].datetime == WHEN


def test_entity_is_sent_as_it_is():
    entity = b'Content-Type: text/csv; charset="utf-8"\r\n\r\na,b\r\n'

    assert compose(entity=entity).endswith(entity)


@pytest.mark.parametrize(
    "phrase", ["plain", 'quo"ted', "back\\slash", "comma, name", "長い名前" * 30, "a@b", "=?utf-8?b?eA==?="]
)
def test_display_names_come_back(phrase):
    line = address_header("To", (phrase, "a@example.jp"), ("", "b@example.jp"))

    addresses = email.message_from_bytes(line, policy=email.policy.default)["to"].addresses
    # The standard library's parser puts a space between the encoded words of a name, which RFC 2047 6.2 forbids.
    found = [(_joined(address.display_name), address.addr_spec) for address in addresses]
    assert found == [(phrase, "a@example.jp"), ("", "b@example.jp")]
    assert all(len(part) <= 78 for part in line.split(b"\r\n"))


def _joined(name: str) -> str:
    return name if name.isascii() else name.replace(" ", "")


def test_long_ascii_subject_is_not_left_on_one_line():
    assert max(map(len, encoded_header("Subject", "x" * 900).split(b"\r\n"))) <= 76


class TestTemplate:
    def test_fills_what_is_known_and_leaves_the_rest(self):
        template = Template("{{name}} 様 {{ name }} {{other}} {% if %} {name} {{", ["name"])

        assert template.fill({"name": "見本"}) == "見本 様 見本 {{other}} {% if %} {name} {{"

    def test_never_looks_for_placeholders_in_a_value(self):
        template = Template("{{a}}{{b}}", ["a", "b"])

        assert template.fill({"a": "{{b}}", "b": "x"}) == "{{b}}x"

    def test_leaves_nothing_for_a_missing_value(self):
        assert Template("[{{name}}]", ["name"]).fill({}) == "[]"
