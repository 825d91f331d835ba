"""Goes through the admin as its links lead, and takes out of each answer what a person can read."""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.models import Page

from cms.site.storage.memory import GenerationMemory

READ_ALOUD = {"alt", "aria-description", "aria-label", "label", "placeholder", "summary", "title"}
BUTTONS = {"button", "reset", "submit"}
LEADING = {"href", "action", "src"}
TECHNICAL = re.compile(r"^data-(action|controller|.*-(class|classes|selector|size|target|url))$")
SENTENCE = re.compile(r"^[A-Z][a-z]+$|^\S.*\s|[^\x00-\x7f]", re.DOTALL)
"""What tells words for people from keys and names of classes in JSON: a space, a capital first, a Japanese letter."""
SAME_WORDS = {"export", "next", "ordering", "p"}
"""Parameters that bring the same words once more."""
NOT_THE_ADMIN = {
    "drafts_sheet",
    "mail_admin:mailbox_html",
    "mail_admin:notice_html",
    "mail_admin:template_html",
    "wagtailadmin_pages:preview_on_add",
    "wagtailadmin_pages:preview_on_edit",
    "wagtailadmin_pages:revisions_view",
    "wagtailadmin_pages:view_draft",
    "wagtailadmin_pages:workflow_preview",
    "wagtailadmin_sprite",
}
"""Pages and mails as visitors and recipients see them, and pictures. `…_results` is a list without its frame."""
CHECKS = "checker-axe-configuration"
"""Says what the checks of a page look for, in any language, and in `messages` what they answer."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Form:
    """What a form sends: to where, each field's value, and which of them a person fills in."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    filled_in: set[str] = field(default_factory=set)

    def add(self, tag: str, given: dict[str, str]) -> None:
        """Note a field. A button is pressed where it stands for more than sending the form: publishing."""
        name, kind = given.get("name", ""), given.get("type", "")
        if not name or "__prefix__" in name or ((kind in BUTTONS or tag == "button") and name != "action-publish"):
            return
        self.fields[name] = given.get("value", "")
        if kind not in {"hidden", *BUTTONS}:
            self.filled_in.add(name)

    def sent(self, value: str) -> dict[str, str]:
        """Return the form as it is sent with one value in every field that a person fills in."""
        return {name: value if name in self.filled_in else kept for name, kept in self.fields.items()}


class Answer(HTMLParser):
    """What can be read in a piece of HTML, also in its attributes and JSON, and where it leads.

    What is marked as another language (`lang`) is not read: it says itself that it is.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._silent: list[str] = []
        self._json: list[str] | None = None
        self._json_id = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID and (self._silent or self._begins_silence(tag, given)):
            self._silent.append(tag)
        if tag == "script" and "json" in given.get("type", ""):
            self._json, self._json_id = [], given.get("id", "")
        self._read_form(tag, given)
        if not self._silent or tag == "script":
            self._read_attributes(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._json is not None and tag == "script":
            said = "".join(self._json)
            self._read_json(json.dumps(json.loads(said)["messages"]) if self._json_id == CHECKS else said)
            self._json = None
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._json is not None:
            self._json.append(data)
        elif not self._silent:
            self.texts.append(data)

    def _begins_silence(self, tag: str, given: dict[str, str]) -> bool:
        speaks_another = tag != "html" and "lang" in given
        return speaks_another or tag in {"script", "style", "code"} or "data-side-panel-toggle-counter" in given

    def _read_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append(Form(given.get("action", "")) if given.get("method", "").lower() == "post" else Form("#"))
        elif self.forms and tag in {"input", "select", "textarea", "button"}:
            self.forms[-1].add(tag, given)
        elif self.forms and given.get("data-controller") == "w-block":
            # The fields of a body are made by a script: none of them is there.
            self.forms[-1].fields[f"{given['id']}-count"] = "0"

    def _read_attributes(self, tag: str, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name in READ_ALOUD or (name == "value" and tag == "input" and given.get("type") in BUTTONS):
                self.texts.append(value)
            elif name in LEADING:
                self.links.append(value)
            elif name.startswith("data-"):
                self._read_json(value, technical=bool(TECHNICAL.match(name)))

    def _read_json(self, value: str, *, technical: bool = False) -> None:
        try:
            self._read_value(json.loads(value), technical=technical)
        except ValueError:
            if not value.startswith(("{", "[")):
                self._read_value(value, technical=technical)

    def _read_value(self, value: Any, *, technical: bool = False) -> None:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                self._read_value(item, technical=technical)
        elif isinstance(value, str):
            self._read_string(value, technical=technical)

    def _read_string(self, value: str, *, technical: bool) -> None:
        value = value.strip()
        if value.startswith("/"):
            self.links.append(value)
        elif value.startswith(("{", "[")):
            self._read_json(value)
        elif value.startswith("<"):
            inner = Answer(value)
            self.texts += inner.texts
            self.links += inner.links
            self.forms += inner.forms
        elif not technical and SENTENCE.search(value):
            self.texts.append(value)


class Crawl:
    """Everything below `/admin/` that links lead to, one page of each kind."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen: set[tuple[Any, ...]] = set()
        self.views: set[str] = set()
        self.refused: dict[str, int] = {}
        self.sent: set[tuple[Any, ...]] = set()

    def pages(self, *starts: str) -> Iterator[tuple[str, Answer]]:
        """Yield each address with what it answers, breadth first; of where it starts, each one."""
        waiting = deque(starts)
        known = set(starts)
        while waiting:
            url = waiting.popleft()
            match = _admin_view(url)
            if match is None or ((key := _kind(url, match)) in self.seen and url not in starts):
                continue
            self.seen.add(key)
            answer = self.get(url)
            if answer is not None:
                self.views.add(match.view_name)
                links = {urldefrag(urljoin(url, link)).url: None for link in answer.links}
                waiting.extend(link for link in links if link not in known)
                known.update(links)
                yield url, answer

    def answers(self, url: str, answer: Answer, value: str) -> Iterator[tuple[str, Answer]]:
        """Send each form of a page, one of each kind, empty and with a value in every field; nothing of it stays."""
        for form in answer.forms:
            address = urldefrag(urljoin(url, form.action)).url
            match = _admin_view(address)
            key = (match and match.view_name, *sorted({re.sub(r"\d+", "", name) for name in form.fields}))
            if form.action == "#" or match is None or key in self.sent:
                continue
            self.sent.add(key)
            self.views.add(match.view_name)
            yield f"POST {address}", self.post(address, form.sent(value))
            if form.filled_in:
                yield f"POST {address}", self.post(address, form.sent(""))

    def post(self, url: str, data: dict[str, Any]) -> Answer:
        """Send something and undo it; returns what is said at once, and what would be said on the next page."""
        cookies = self.client.cookies.copy()
        with transaction.atomic():
            response = self.client.post(url, data)
            answer = answer_of(response)
            for message in get_messages(response.wsgi_request):
                answer.texts += Answer(str(message)).texts
            transaction.set_rollback(True)
        self.client.cookies = cookies
        forget_site()
        return answer

    def get(self, url: str) -> Answer | None:
        """Return what can be read at an address; None where it is a file or leads on."""
        response = self.client.get(url, follow=True)
        if response.status_code != 200:
            self.refused[url] = response.status_code
            return None
        return answer_of(response)


def forget_site() -> None:
    """What a process keeps of the site goes by its generation, which a rollback turns back."""
    caches["default"].clear()
    GenerationMemory.forget_all()


def answer_of(response: Any) -> Answer:
    """Read HTML, or the HTML and words that a chooser sends as JSON."""
    kind = response.get("Content-Type", "")
    if "json" in kind:
        return Answer(f'<script type="json">{response.content.decode()}</script>')
    if "csv" in kind:
        return Answer(escape(b"".join(response).decode(response.charset)))
    return Answer(response.content.decode() if "html" in kind and not response.streaming else "")


def _admin_view(url: str) -> ResolverMatch | None:
    parts = urlsplit(url)
    if parts.netloc or not parts.path.startswith("/admin/"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    shown_elsewhere = match.view_name in NOT_THE_ADMIN or match.view_name.endswith("_results")
    return None if shown_elsewhere or match.kwargs.get("slug") == "dummy" else match


def _kind(url: str, match: ResolverMatch) -> tuple[Any, ...]:
    """Pages that differ by a number only are of one kind, except for pages of the site: their type tells them apart.

    A list under one filter is of another kind than under another: each says in its own words what it shows.
    """
    values = tuple(_value(match, value) for name, value in sorted(match.kwargs.items()))
    query = {name for name, _value in parse_qsl(urlsplit(url).query)}
    return (match.view_name or str(match.func), values, "export" in query, frozenset(query - SAME_WORDS))


def _value(match: ResolverMatch, value: Any) -> Any:
    if not str(value).isdigit():
        return value
    page = Page.objects.filter(pk=value).first() if match.view_name == "wagtailadmin_pages:edit" else None
    return page.specific_class if page else "number"
