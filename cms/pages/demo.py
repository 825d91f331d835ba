"""Loads the pages of the demo association from `fixtures/`, once: what a person changed or deleted since stays so.

What the pages say is the association's own document, or plainly about using this site.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import yaml
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.html import format_html, format_html_join
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    PageLogEntry,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.accounts.demo import NEWS_DESK, SECRETARIAT
from cms.calendar import TOKYO, FiscalYear
from cms.media.models import SiteDocument, SiteImage
from cms.plugin_api.points import DemoContext

from .models import (
    DocumentLibraryPage,
    FAQPage,
    HomePage,
    MeetingIndexPage,
    MeetingPage,
    MeetingSeries,
    NewsIndexPage,
    NewsPage,
    SectionPage,
)


@transaction.atomic
def load(context: DemoContext) -> None:
    """Make the site's pages unless its home page has been made before."""
    if HomePage.objects.exists():
        return
    association = _read(context, "association.yaml")
    home = _load_home(association, _read(context, "figures.yaml"))
    _load_meetings(home, _read(context, "meetings.yaml"))
    site = _read(context, "site.yaml")
    _load_news(home, site["news"])
    _load_documents(home, site["documents"], plan=_read(context, "plan-fy2010.yaml"))
    questions = [("question", _question(entry)) for entry in site["faq"]["questions"]]
    faq = FAQPage(title=site["faq"]["title"], slug=site["faq"]["slug"], questions=questions, show_in_menus=True)
    _publish(home, faq)
    _load_section(home, association["about"], source=association["source"], show_in_menus=True)
    _load_section(home, site["accessibility"])
    context.report(f"{home.get_descendant_count() + 1} pages")


def _read(context: DemoContext, name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((context.fixtures / name).read_text(encoding="utf-8"))
    return content


def _publish(parent: Page, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision(log_action=False).publish(log_action=False)
    return page


def _load_home(association: dict[str, Any], declared: dict[str, Any]) -> HomePage:
    """Put the home page where Wagtail's migrations left a page of welcome, with the figures that it names."""
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    figures = {(entry["key"], entry.get("fiscal_year")): entry for entry in declared["figures"]}
    wanted = [figures[entry["key"], entry.get("fiscal_year")] for entry in association["home"]["figures"]]
    body = [("figure", _figure(entry, source=declared["source"])) for entry in wanted]
    home = _publish(Page.get_first_root_node(), HomePage(title=association["name"], slug="top", body=body))
    site.root_page, site.site_name = home, association["name"]
    site.save()
    if welcome.specific_class is Page and not welcome.is_root():
        gone = welcome.pk
        welcome.delete()
        PageLogEntry.objects.filter(page=gone).delete()  # nobody of the association has ever seen it
    return home


def _figure(entry: dict[str, Any], *, source: str) -> dict[str, Any]:
    year = entry.get("fiscal_year")
    label = f"{entry['label']}（{FiscalYear(year).label}）" if year else entry["label"]
    return {
        "label": label,
        "value": Decimal(entry["value"]),
        "unit": entry["unit"],
        "as_of": entry.get("as_of"),
        "source": source,
    }


def _load_meetings(home: Page, content: dict[str, Any]) -> None:
    index = _publish(home, MeetingIndexPage(title="役員会", slug="meetings", show_in_menus=True))
    series, _created = MeetingSeries.objects.get_or_create(
        name="役員会", defaults={"slug": "officers", "is_main": True}
    )
    for entry in content["meetings"]:
        _publish(index, _meeting(entry, series, source=content["source"]))


def _meeting(entry: dict[str, Any], series: MeetingSeries, *, source: str) -> MeetingPage:
    identity = {"fiscal_year": entry["fiscal_year"], "series": series, "number": entry["number"]}
    venue, attendance = entry["venue"], entry["attendance"]
    return MeetingPage(
        **identity,
        title=MeetingPage.proposed(identity)["title"],
        slug=entry["slug"],
        label=entry.get("label", ""),
        start=_moment(entry["start"]),
        end=_moment(entry["end"]),
        venue_city=venue["city"],
        venue_building=venue["building"],
        venue_room=venue.get("room", ""),
        attendees=attendance.get("who", ""),
        organisations_present=attendance.get("organisations"),
        people_present=attendance.get("people"),
        secretariat_present=attendance.get("secretariat"),
        agenda=[("item", text) for text in entry["agenda"]],
        agenda_is_open=entry.get("agenda_open", False),
        decisions=[("item", text) for text in entry.get("decisions", [])],
        source=source,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def _load_news(home: Page, content: dict[str, Any]) -> None:
    index = _publish(home, NewsIndexPage(title=content["title"], slug=content["slug"], show_in_menus=True))
    for entry in content["items"]:
        _publish(index, NewsPage(title=entry["title"], slug=entry["slug"], body=_body(entry["blocks"])))
    _load_workflow(index)


def _load_workflow(section: Page) -> None:
    """Let one group write the pages of a section, and the secretariat approve them: a workflow of the section's own."""
    writers, _created = Group.objects.get_or_create(name=NEWS_DESK)
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=writers, page=section, permission=permission)
    approvers, _created = Group.objects.get_or_create(name=SECRETARIAT)
    task = GroupApprovalTask.objects.create(name="事務局による承認")
    task.groups.add(approvers)
    workflow = Workflow.objects.create(name="お知らせの承認")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=section)


def _load_documents(home: Page, content: dict[str, Any], *, plan: dict[str, Any]) -> None:
    groups = [_document_group(group) for group in content["groups"]]
    library = DocumentLibraryPage(title=content["title"], slug=content["slug"], groups=groups, show_in_menus=True)
    _load_section(_publish(home, library), plan, source=plan["source"])


def _document_group(group: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    documents = SiteDocument.objects.filter(title__in=group["documents"])
    return "documents", {"heading": group["heading"], "documents": list(documents)}


def _load_section(parent: Page, entry: dict[str, Any], *, source: str = "", show_in_menus: bool = False) -> None:
    page = SectionPage(
        title=entry["title"],
        slug=entry["slug"],
        source=source,
        show_in_menus=show_in_menus,
        body=_body(entry["blocks"]),
    )
    _publish(parent, page)


def _question(entry: dict[str, str]) -> dict[str, str]:
    return {"question": entry["question"], "answer": format_html("<p>{}</p>", entry["answer"])}


def _body(blocks: Iterable[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Turn a fixture's blocks into a body; an image whose file is missing is left out."""
    made = (_block(block["type"], block["value"]) for block in blocks)
    return [block for block in made if block is not None]


def _block(kind: str, value: Any) -> tuple[str, Any] | None:
    if kind == "text":
        return "text", format_html("<p>{}</p>", value)
    if kind == "list":
        return "text", format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ([item] for item in value)))
    if kind == "table":
        return "table", _table(value)
    if kind == "image":
        image = SiteImage.objects.filter(title=value["title"]).first()
        words = {"alt_text": value["alt_text"], "caption": value["caption"]}
        return ("image", {"image": image, **words}) if image else None
    return kind, value


def _table(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": [value["head"], *value["rows"]],
        "first_row_is_table_header": True,
        "first_col_is_header": True,
        "table_header_choice": "both",
        "table_caption": value["caption"],
    }
