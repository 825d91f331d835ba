"""What is closed to an editor: no chooser tells of it, no form takes its number, and none gives it away."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, GroupCollectionPermission
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.accounts.models import User
from cms.media.models import SiteDocument, SiteImage
from cms.pages.models import SectionPage
from tests.cms.access.closed_site import CLOSED, SECRET, TAG, Site
from tests.cms.media.test_uploads import png

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SENTENCE = "閲覧する権限のないページ、画像又は資料が指定されているため、別のものを選んでください。"
WORD = SECRET[:2]
"""In each title that is closed, of a draft too."""
FILE = re.compile(r"plan(_\w+)?\.\w+")
"""The names of the closed files."""


@pytest.fixture
def site() -> Site:
    return Site("group")


@pytest.fixture
def other(client: Client, site: Site) -> User:
    """Edits another section, and may choose any file for it that they may have, and redirects."""
    other = site.person("other editor")
    assert other
    group = EditorGroup.objects.get(name="他課")
    group.permissions.add(*Permission.objects.filter(content_type__model="redirect"))
    for codename in ("choose_image", "choose_document"):
        permission = Permission.objects.get(codename=codename, content_type__app_label__startswith="wagtail")
        root = Collection.get_first_root_node()
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    client.force_login(other)
    return other


def plain(response: Any) -> str:
    """Return an answer with the letters that JSON has escaped."""
    content = response.getvalue() if response.streaming else response.content
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), content.decode(errors="replace"))


def names(response: Any) -> bool:
    """Whether an answer holds the title, or the name of the file, of something closed."""
    text = plain(response)
    return WORD in text or bool(FILE.search(text))


def tells(response: Any) -> bool:
    """Whether it holds that or the address of the closed page, which an announcement for everybody names as well."""
    return names(response) or "/secret/" in plain(response)


def form(page: SectionPage, *blocks: tuple[str, Any], **changed: Any) -> dict[str, Any]:
    """Return what the form of the page sends."""
    texts = {"title": "書いたこと", "slug": page.slug, "summary": "", "source": "", "language": "ja", "tags": ""}
    unset = dict.fromkeys(["seo_title", "search_description", "go_live_at", "expire_at"], "")
    body = {"body": streamfield(list(blocks)), "comments": inline_formset([])}
    return nested_form_data({**texts, **unset, **body, **changed})


def naming(site: Site, place: str) -> tuple[str, Any]:
    """Return a block that names something closed."""
    links = {
        "link to a document": f'<a linktype="document" id="{site.document.pk}">ここに</a>',
        "link to a page": f'<a linktype="page" id="{site.section.pk}">ここに</a>',
    }
    if place in links:
        return "text", f"<p>{links[place]}</p>"
    return {
        "image": ("image", {"image": site.image, "alt_text": "写真", "caption": ""}),
        "documents": ("documents", {"heading": "", "documents": [site.document]}),
    }[place]


PLACES = ("image", "documents", "link to a document", "link to a page")


def sent(site: Site, place: str) -> tuple[str, Any]:
    """Return the same as a browser sends it."""
    kind, value = naming(site, place)
    if kind == "text":
        return kind, rich_text(value)
    if kind == "image":
        return kind, {**value, "image": site.image.pk}
    return kind, {"heading": "", "documents": streamfield_list([site.document.pk])}


def streamfield_list(values: list[Any]) -> dict[str, Any]:
    """Return what a list block sends."""
    rows = {str(at): {"value": value, "deleted": "", "order": str(at)} for at, value in enumerate(values)}
    return {"count": str(len(values)), **rows}


class TestChoosers:
    @pytest.mark.parametrize(
        "address",
        [
            "/admin/choose-page/chosen-multiple/?id={site.other.pk}&id={site.section.pk}",
            "/admin/documents/chooser/chosen/{site.document.pk}/",
            "/admin/documents/chooser/chosen-multiple/?id={site.document.pk}",
            "/admin/images/chooser/chosen/{site.image.pk}/",
            "/admin/images/chooser/chosen-multiple/?id={site.image.pk}",
            "/admin/images/chooser/{site.image.pk}/select_format/",
        ],
    )
    def test_tell_nothing_of_what_is_closed(self, client: Client, site: Site, other: User, address: str) -> None:
        path = address.format(site=site)
        refused = client.get(path)
        assert (refused.status_code, names(refused)) == (404, False)

        client.force_login(site.person("editor"))
        answered = client.get(path)
        assert (answered.status_code, names(answered)) == (200, True)

    @pytest.mark.parametrize("typed", ["x", "9" * 30, "\x00", "-1", "²"])
    def test_take_nonsense_for_nothing(self, client: Client, other: User, typed: str) -> None:
        assert client.get("/admin/choose-page/chosen-multiple/", {"id": typed}).status_code == 404

    @pytest.mark.parametrize("query", ["", "?from=mail"])
    def test_address_of_a_closed_page_stays_an_address(
        self, client: Client, site: Site, other: User, query: str
    ) -> None:
        address = f"http://localhost{site.section.url}{query}"
        link = {"external-link-chooser-url": address, "external-link-chooser-link_text": "書いたこと"}
        answer = client.post("/admin/choose-external-link/", link)
        assert answer.json()["result"]["url"] == address
        assert "id" not in answer.json()["result"]
        assert WORD not in plain(answer)

        client.force_login(site.person("editor"))
        assert WORD in plain(client.post("/admin/choose-external-link/", link))


class TestForms:
    @pytest.mark.parametrize("place", PLACES)
    def test_refuse_what_is_closed_and_keep_what_was_typed(
        self, client: Client, site: Site, other: User, place: str
    ) -> None:
        path = reverse("wagtailadmin_pages:edit", args=[site.other.pk])
        answer = client.post(path, form(site.other, sent(site, place)))

        assert SENTENCE in plain(answer)
        assert "書いたこと" in plain(answer)
        assert not tells(answer)
        assert not site.other.revisions.exists()

    @pytest.mark.parametrize("place", PLACES)
    def test_preview_shows_nothing_of_it(self, client: Client, site: Site, other: User, place: str) -> None:
        path = reverse("wagtailadmin_pages:preview_on_edit", args=[site.other.pk])
        assert client.post(path, form(site.other, sent(site, place))).json()["is_valid"] is False
        assert not tells(client.get(path))

    @pytest.mark.parametrize("place", PLACES)
    def test_what_was_named_before_survives_without_its_name(
        self, client: Client, site: Site, other: User, place: str
    ) -> None:
        site.other.body = [naming(site, place)]
        site.other.save_revision().publish()
        path = reverse("wagtailadmin_pages:edit", args=[site.other.pk])
        assert not tells(client.get(path))

        assert client.post(path, form(site.other, sent(site, place))).status_code == 302

        saved = SectionPage.objects.get(pk=site.other.pk).get_latest_revision_as_object()
        assert saved.title == "書いたこと"
        key = site.section.pk if place == "link to a page" else site.document.pk if "doc" in place else site.image.pk
        assert str(key) in str(saved.body.get_prep_value())

    def test_take_what_is_open(self, client: Client, site: Site, other: User) -> None:
        file = ContentFile(png(40, 30), "open.png")
        image = SiteImage.objects.create(title="公開の写真", description="x", file=file)
        document = SiteDocument.objects.create(title="公開", file=ContentFile(b"x", "open.txt"))
        blocks = [
            ("image", {"image": image.pk, "alt_text": "写真", "caption": ""}),
            ("documents", {"heading": "", "documents": streamfield_list([document.pk])}),
        ]
        path = reverse("wagtailadmin_pages:edit", args=[site.other.pk])
        assert client.post(path, form(site.other, *blocks)).status_code == 302

    def test_redirect_to_a_closed_page_is_refused(self, client: Client, site: Site, other: User) -> None:
        data = {"old_path": "/old", "site": "", "is_permanent": "on", "redirect_link": ""}
        answer = client.post("/admin/redirects/add/", {**data, "redirect_page": site.section.pk})
        assert SENTENCE in answer.content.decode()
        assert not tells(answer)
        assert not Redirect.objects.filter(old_path="/old").exists()

        client.post("/admin/redirects/add/", {**data, "redirect_page": site.other.pk})
        assert Redirect.objects.get(old_path="/old").redirect_page_id == site.other.pk


class TestRedirects:
    """They lead anybody to an address: that is told, and not what stands there."""

    def test_name_a_closed_page_by_its_address_alone(self, client: Client, site: Site, other: User) -> None:
        Redirect.objects.create(old_path="/to-open", redirect_page=site.other)
        for path in ("", "?q=secret", "results/", "?is_permanent=True", "?export=csv", "?export=xlsx"):
            answer = client.get(f"/admin/redirects/{path}")
            assert (answer.status_code, names(answer)) == (200, False), path
        listed = plain(client.get("/admin/redirects/"))
        assert ["/secret/" in listed, "公開" in listed] == [True, True]
        assert f"/admin/pages/{site.section.pk}/edit/" not in listed
        assert f"/admin/pages/{site.other.pk}/edit/" in listed
        assert "/secret/" in plain(client.get("/admin/redirects/?export=csv"))

        for path in (f"{CLOSED}/", f"{CLOSED}/delete/"):
            answer = client.get(f"/admin/redirects/{path}")
            assert (answer.status_code, names(answer)) == (200, False), path
        form = {"old_path": "/moved", "site": "", "is_permanent": "on", "redirect_link": ""}
        changed = client.post(f"/admin/redirects/{CLOSED}/", {**form, "redirect_page": CLOSED}, follow=True)
        assert not names(changed)
        assert Redirect.objects.get(pk=CLOSED).old_path == "/moved"

    def test_name_it_to_whoever_may_read_it(self, client: Client, site: Site) -> None:
        mine = site.person("editor")
        assert mine
        mine.groups.get().permissions.add(*Permission.objects.filter(content_type__model="redirect"))
        client.force_login(mine)
        assert names(client.get("/admin/redirects/"))

    @pytest.mark.parametrize("items", [1, 15])
    def test_cost_as_many_queries_for_fifteen_as_for_one(
        self, client: Client, site: Site, other: User, items: int, django_assert_num_queries: Any
    ) -> None:
        for number in range(items):
            Redirect.objects.create(old_path=f"/{number}", redirect_page=site.section)
        client.get("/admin/redirects/results/")
        with django_assert_num_queries(11):
            client.get("/admin/redirects/results/")


class TestFiles:
    """A list that is taken home names what it names on the screen."""

    LISTS = ("/admin/pages/", "/admin/pages/{site.home.pk}/", "/admin/meetings/", "/admin/images/", "/admin/documents/")

    @pytest.mark.parametrize("address", LISTS)
    @pytest.mark.parametrize("query", [{}, {"q": WORD}])
    def test_name_nothing_that_is_closed(
        self, client: Client, site: Site, other: User, address: str, query: dict[str, str]
    ) -> None:
        answer = client.get(address.format(site=site), {**query, "export": "csv"})
        assert not answer.streaming or not names(answer)

    @pytest.mark.parametrize("address", LISTS[1:])
    def test_name_it_to_whoever_edits_it(self, client: Client, site: Site, address: str) -> None:
        client.force_login(site.boss)
        answer = client.get(address.format(site=site), {"export": "csv"})
        assert (answer.streaming, names(answer)) == (True, True)


class TestTags:
    """A tag may say what a closed page is about."""

    PLACES = ("/admin/tag-autocomplete/?term=計画", "/admin/images/", "/admin/documents/", "/admin/images/chooser/")

    @pytest.mark.parametrize("place", PLACES)
    def test_of_what_is_closed_are_not_proposed(self, client: Client, site: Site, other: User, place: str) -> None:
        site.open_image.tags.add("計画公開の図")
        site.open_document.tags.add("計画公開の資料")
        answer = client.get(place)
        assert (names(answer), "計画公開の" in plain(answer)) == (False, True)

    @pytest.mark.parametrize("place", PLACES)
    def test_of_what_they_may_read_are(self, client: Client, site: Site, place: str) -> None:
        client.force_login(site.person("editor"))
        assert TAG in plain(client.get(place))

    def test_that_is_on_something_open_too_is(self, client: Client, site: Site, other: User) -> None:
        site.open_document.tags.add(f"{TAG}頁")
        assert client.get("/admin/tag-autocomplete/?term=計画").json() == [f"{TAG}頁"]

    def test_of_a_draft_alone_is_for_administrators(self, client: Client, site: Site, other: User) -> None:
        Tag.objects.create(name="計画草案")
        assert client.get("/admin/tag-autocomplete/?term=計画草").json() == []
        client.force_login(site.boss)
        assert client.get("/admin/tag-autocomplete/?term=計画草").json() == ["計画草案"]

    @pytest.mark.parametrize(
        ("path", "status"), [("taggit/tag", 200), ("taggit/none", 404), ("none/tag", 404), ("wagtailcore/page", 404)]
    )
    def test_are_those_of_a_model_of_tags(self, client: Client, other: User, path: str, status: int) -> None:
        assert client.get(f"/admin/tag-autocomplete/{path}/").status_code == status
