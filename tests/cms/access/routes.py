"""Every address of the site, from its URLconf: those of what is closed."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote, urlencode

from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from tests.cms.access.closed_site import CLOSED, Site
from tests.urlconf import address, arguments, routes

KINDS = (
    ("pages", "sectionpage"),
    ("wagtailcore", "page"),
    ("media", "sitedocument"),
    ("media", "siteimage"),
    ("taggit", "tag"),
)
"""Models that a route may name."""
QUERY = {"id": CLOSED, "ids": CLOSED, "url": "/secret/", "html_path": "/secret/", "q": "計画", "term": "計"}
"""How the closed thing is asked for where the address has no place for it."""


def addresses(site: Site) -> Iterator[tuple[str, str]]:
    """Yield each route's name with each address that it has for what is closed on this site."""
    for name, pattern in routes():
        if re.match(r"/(admin/)?(thing|dummy)", pattern) or name.endswith("_results"):
            continue  # the plugin of the tests, and lists once more without their frame
        for values in _values(site, pattern):
            path = address(pattern, values)
            asked = [QUERY] if {"action", "app_name"} & values.keys() else [{}] if values else [{}, QUERY]
            yield from ((name, f"{path}?{urlencode(query)}" if query else path) for query in asked)
    for page in site.home.get_descendants(inclusive=True).specific():
        for route in ("", *(str(one.pattern) for one in page.get_subpage_urls() if one.name != "index_route")):
            path = page.url + route.strip("^$").replace(".ics/", ".ics")
            yield path, path


def _values(site: Site, pattern: str) -> Iterator[dict[str, str]]:
    names = arguments(pattern)
    fixed = {
        "action_name": "approve",
        "destination_id": site.home.pk,
        "number": 1,
        "token": site.link.token,
        "filter_spec": "width-20",
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "slug": "members",
        "language": "ja",
        "kind": "register",
        "file_format": "csv",
    }
    values = {name: str(fixed.get(name, CLOSED)) for name in names}
    if "name" in names:
        kept = site.image.file.name if "original" in pattern else site.rendition.file.name
        values["name"] = kept.partition("/")[2]
    of_models = [name for name in names if re.search(r"(app|model|content_type).*_?(label|name)", name)]
    if not of_models:
        yield values
        return
    for app, model in KINDS:
        values |= {name: app if "app" in name else model for name in of_models}
        if "action" in names:
            for action in _bulk_actions(app, model):
                yield {**values, "action": action}
        else:
            yield dict(values)


def _bulk_actions(app: str, model: str) -> Iterator[str]:
    yield from (action.action_type for action in bulk_action_registry.get_bulk_actions_for_model(app, model))


def told(response: Any) -> str:
    """Return all that an answer says: its text, however it is written, and its headers."""
    text = response.getvalue().decode("utf-8", "replace")
    escaped = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return "\n".join((unquote(unescape(escaped)), *(unquote(value) for value in response.headers.values())))


def tells(response: Any) -> bool:
    """Whether an answer says a word of what is closed, or is a picture."""
    return "極秘" in told(response) or response.get("Content-Type", "") in {"image/png", "image/jpeg", "image/webp"}
