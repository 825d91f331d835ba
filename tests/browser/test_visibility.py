"""Who may read what, walked through by each kind of person: a page, its document, its image, and what tells of them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AUTOSAVE, place_of, press
from tests.demo_process import RunningDemo

DENIED = "status of 4"
PAGE = "/documents/plan-fy2010/"
TITLE = "平成22年度事業計画（案）"
SECRET = "見本：会員だけに読める資料の本文"
SET_UP = f"""
import datetime as dt, io, json
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.models import Collection
from cms.access.enums import Audience
from cms.access.models import Group
from cms.access.services import access_rule_set, group_seat_add
from cms.accounts.models import Seat
from cms.media.models import SiteDocument, SiteImage
closed = Collection.get_first_root_node().add_child(name="見本：会員向け")
access_rule_set(subject=closed, audience=Audience.MEMBERS)
buffer = io.BytesIO()
Image.new("RGB", (40, 30)).save(buffer, "PNG")
image = SiteImage.objects.create(
    title="見本：会員の図", description="見本", collection=closed, file=ContentFile(buffer.getvalue(), "members.png"))
document = SiteDocument.objects.create(
    title="見本：会員の資料", collection=closed, file=ContentFile("{SECRET}".encode(), "members.txt"))
group = Group.objects.create(name="見本：部会")
seat = Seat.objects.get(affiliations__person__username="member-a")
group_seat_add(group=group, seat=seat, starts_on=dt.date(2009, 4, 1))
made = dict(image=image.pk, rendition=image.get_rendition("width-20").url, document=document.pk, group=group.pk)
print(json.dumps(made))
"""
TAKE_AWAY = """
from wagtail.models import Collection
from cms.access.models import Group
from cms.media.models import SiteDocument, SiteImage
for files in (SiteImage, SiteDocument):
    for file in files.objects.filter(title__startswith="見本：会員の"):
        file.delete()
Group.objects.filter(name="見本：部会").delete()
Collection.objects.get(name="見本：会員向け").delete()
"""


@pytest.fixture
def made(demo_site: RunningDemo) -> Iterator[dict[str, Any]]:
    """Files for members, and a group with one seat of A in it."""
    yield json.loads(demo_site.shell(SET_UP).strip().splitlines()[-1])
    demo_site.shell(TAKE_AWAY)


def choose(admin: Page, audience: str, *groups: int) -> None:
    """Choose in the page's form who may read it."""
    admin.goto(f"/admin/pages/{place_of(admin, PAGE)}/edit/")
    if admin.locator("section[aria-labelledby=status-reach]").is_hidden():
        admin.locator("[data-side-panel-toggle=status]").first.click()
    admin.get_by_role("button", name="公開範囲の変更").first.click()
    dialog = admin.locator("[role=dialog] form", has=admin.locator("[name=audience]"))
    dialog.locator(f"[name=audience][value={audience}]").check()
    for group in groups:
        dialog.locator(f"[name=groups][value='{group}']").check()
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_be_hidden()


def test_each_reads_what_is_for_them(somebody: Callable[..., Page], made: dict[str, Any]) -> None:
    admin = somebody("admin")
    readers = {name: somebody(name, allowed=DENIED) for name in ("", "member-a", "member-b", "editor")}
    readers["admin"] = admin
    editor, visitor = readers["editor"], readers[""]

    def may(*addresses: str) -> dict[str, bool]:
        """Say who gets every one of these, and nobody may get some."""
        got = {name: [allowed(reader, one) for one in addresses] for name, reader in readers.items()}
        assert all(len(set(answers)) == 1 for answers in got.values()), got
        return {name: answers[0] for name, answers in got.items()}

    everyone = dict.fromkeys(readers, True)
    files = [f"/files/{made['document']}/", made["rendition"]]
    assert may(PAGE) == everyone
    assert may(*files) == {**everyone, "": False}

    choose(admin, "member")
    expect(admin.locator("section[aria-labelledby=status-reach]")).to_contain_text("会員団体")
    try:
        assert may(PAGE) == {**everyone, "": False}
        assert visitor.goto(PAGE).status == 200
        assert "/login/" in visitor.url
        for address in ("/documents/", "/search/?q=事業計画", "/sitemap.xml", "/"):
            assert PAGE not in visitor.context.request.get(address).text()

        choose(admin, "groups", made["group"])
        assert may(PAGE) == {**everyone, "": False, "member-b": False}
        refused = readers["member-b"].goto(PAGE)
        assert refused.status == 403
        expect(readers["member-b"].locator("main")).not_to_contain_text(TITLE)
    finally:
        choose(admin, "everyone")
    assert may(PAGE) == everyone
    assert editor.goto(PAGE).status == 200


def allowed(reader: Page, address: str) -> bool:
    """Say whether the reader gets what stands at the address, rather than a refusal or the form to log in."""
    answer = reader.context.request.get(address)
    return answer.status == 200 and "/login/" not in answer.url


def test_publishing_a_public_page_with_a_picture_for_members_warns(
    draft: tuple[Page, str], made: dict[str, Any], demo_site: RunningDemo
) -> None:
    editor, address = draft
    number = address.split("/")[3]
    demo_site.shell(
        "from wagtail.models import Page; from cms.media.models import SiteImage\n"
        f"page = Page.objects.get(pk={number}).specific.get_latest_revision_as_object()\n"
        f"image = SiteImage.objects.get(pk={made['image']})\n"
        "page.body.append(('image', dict(image=image, alt_text='見本', caption='')))\n"
        "page.save_revision()"
    )
    editor.goto(address)
    press(editor, "[name=action-publish]")
    expect(editor.locator(".messages")).to_contain_text("見本：会員の図")
    expect(editor.locator(".messages .warning")).to_be_visible()


def test_announcement_that_ends_before_it_begins_is_refused(somebody: Callable[..., Page]) -> None:
    editor = somebody("editor", allowed=AUTOSAVE)
    editor.goto("/admin/announcements/add/")
    editor.locator("[name=text]").fill("見本：お知らせの試し")
    editor.locator("[name=starts_at]").fill("2030-04-02 09:00")
    editor.locator("[name=ends_at]").fill("2030-04-01 09:00")
    editor.keyboard.press("Escape")
    press(editor, "main form [type=submit]")

    expect(editor.locator("main")).to_contain_text("掲載終了は、掲載開始より後にしてください。")
    expect(editor.locator("[name=text]")).to_have_value("見本：お知らせの試し")
