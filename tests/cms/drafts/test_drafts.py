"""A draft that is shown by a link or printed for approval: to whom, for how long, and nothing besides."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, PageLogEntry

from cms.accounts.models import User
from cms.drafts.enums import Lasting
from cms.drafts.models import ApprovalSettings, DraftLink
from cms.drafts.services import draft_link_make, draft_link_revoke
from cms.media.models import SiteDocument, SiteImage
from cms.pages.models import HomePage, SectionPage
from cms.theming.themes import theme_names, using_theme
from tests.cms.access.closed_site import editor as editor_of
from tests.cms.media.test_uploads import png
from tests.factories.access import for_groups, make_group
from tests.factories.accounts import AffiliationFactory, UserFactory
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SECRET = "会員だけの計画"


@pytest.fixture
def home() -> HomePage:
    return home_page()


@pytest.fixture
def closed(home: HomePage) -> Collection:
    """A collection that no visitor may have the files of."""
    collection = Collection.get_first_root_node().add_child(name="役員資料")
    for_groups(collection, make_group())
    return collection


@pytest.fixture
def files(closed: Collection) -> dict[str, Any]:
    """An image and a document on the draft, and one of each that is on none."""
    return {
        name: model.objects.create(
            title=name, file=ContentFile(content, f"{name}.{ending}"), collection=closed, **extra
        )
        for name, model, content, ending, extra in [
            ("image", SiteImage, png(40, 30), "png", {"description": "x"}),
            ("other_image", SiteImage, png(41, 30), "png", {"description": "x"}),
            ("document", SiteDocument, b"text", "txt", {}),
            ("other_document", SiteDocument, b"other", "txt", {}),
        ]
    }


@pytest.fixture
def page(home: HomePage, files: dict[str, Any]) -> SectionPage:
    """A live page below a closed one, with a draft that shows closed files."""
    above = SectionPageFactory(parent=home, slug="secret", title="役員専用")
    for_groups(above, make_group())
    page = SectionPageFactory(parent=above, slug="plan", title="公開中の題")
    page.title = SECRET
    page.body = [
        ("image", {"image": files["image"], "alt_text": "図", "caption": ""}),
        ("documents", {"heading": "", "documents": [files["document"]]}),
    ]
    page.save_revision(user=AffiliationFactory(person__last_name="起案").person)
    return SectionPage.objects.get(pk=page.pk)


@pytest.fixture
def link(page: SectionPage) -> DraftLink:
    return draft_link_make(page=page, lasting=Lasting.WEEK, note="講師", by=UserFactory(is_superuser=True))


@pytest.fixture
def editor(client: Client) -> User:
    editor = UserFactory(is_superuser=True)
    client.force_login(editor)
    return editor


def body(response: Any) -> bytes:
    content: bytes = response.getvalue() if response.streaming else response.content
    return content


class TestLink:
    def test_shows_the_draft_to_a_visitor_and_is_kept_nowhere(self, client: Client, link: DraftLink) -> None:
        response = client.get(link.get_absolute_url())

        text = response.content.decode()
        assert response.status_code == 200
        assert SECRET in text
        assert "下書き（公開前）" in text
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
        link.refresh_from_db()
        assert link.opened == 1

    def test_names_no_page_above_that_is_closed(self, client: Client, link: DraftLink) -> None:
        assert "役員専用" not in client.get(link.get_absolute_url()).content.decode()

    def test_looks_the_same_to_somebody_who_may_more(self, client: Client, link: DraftLink, editor: User) -> None:
        text = client.get(link.get_absolute_url()).content.decode()
        assert "役員専用" not in text
        assert "userbar" not in text

    @pytest.mark.parametrize("theme", theme_names())
    def test_is_marked_as_a_draft_in_every_theme(self, client: Client, link: DraftLink, theme: str) -> None:
        with using_theme(theme):
            assert "draft-banner" in client.get(link.get_absolute_url()).content.decode()

    def test_files_on_the_draft_open_and_no_others(
        self, client: Client, link: DraftLink, files: dict[str, Any]
    ) -> None:
        address = link.get_absolute_url()
        text = client.get(address).content.decode()
        rendition = files["image"].renditions.first()
        other = files["other_image"].get_rendition("width-20")

        assert f"{address.rstrip('/')}{rendition.url}" in text
        assert f'href="{address}files/{files["document"].pk}/"' in text
        shown = [
            client.get(address.rstrip("/") + one)
            for one in (rendition.url, files["document"].url, other.url, files["other_document"].url)
        ]
        assert [one.status_code for one in shown] == [200, 200, 404, 404]
        assert all("no-store" in one.headers["Cache-Control"] for one in shown[:2])
        assert [client.get(one).status_code for one in (rendition.url, files["document"].url)] == [403, 302]
        for one in shown:
            body(one)

    def test_open_file_that_is_not_on_the_draft_opens_as_it_does_elsewhere(
        self, client: Client, link: DraftLink
    ) -> None:
        document = SiteDocument.objects.create(title="公開", file=ContentFile(b"open", "open.txt"))
        response = client.get(f"{link.get_absolute_url()}files/{document.pk}/")
        assert body(response) == b"open"

    @pytest.mark.parametrize("how", ["expired", "revoked"])
    def test_that_is_over_says_so_and_opens_nothing(
        self, client: Client, link: DraftLink, files: dict[str, Any], how: str
    ) -> None:
        address = link.get_absolute_url()
        rendition = files["image"].get_rendition("width-20").url
        if how == "revoked":
            draft_link_revoke(link=link)
        else:
            now = timezone.now()
            DraftLink.objects.update(created_at=now - timedelta(days=8), expires_at=now - timedelta(seconds=1))

        response = client.get(address)

        assert response.status_code == 410
        assert SECRET not in response.content.decode()
        assert "リンクを送った人" in response.content.decode()
        assert client.get(address.rstrip("/") + rendition).status_code == 404
        assert not DraftLink.objects.open_at(timezone.now()).exists()

    @pytest.mark.parametrize("token", ["1", "1:forged", ":", "0:x", "x" * 500])
    def test_that_nobody_made_is_no_page(self, client: Client, link: DraftLink, token: str) -> None:
        assert client.get(f"/drafts/{token}/").status_code == 404

    def test_lasts_at_least_a_moment(self, link: DraftLink) -> None:
        link.expires_at = link.created_at
        with pytest.raises(IntegrityError), transaction.atomic():
            link.save()

    def test_is_made_listed_and_revoked_in_the_admin(self, client: Client, page: SectionPage, editor: User) -> None:
        address = f"/admin/pages/{page.pk}/draft-links/"
        assert "/draft-links/" in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
        client.post(address, {"lasting": "3", "note": "監査の方"})
        link = DraftLink.objects.get()

        assert link.expires_at - link.created_at == timedelta(days=3)
        assert (link.note, link.created_by) == ("監査の方", editor)
        assert link.get_absolute_url() in client.get(address).content.decode()
        client.post(f"/admin/draft-links/{link.pk}/revoke/")
        listed = client.get(address).content.decode()
        assert link.get_absolute_url() not in listed
        assert "取消済" in listed
        actions = PageLogEntry.objects.filter(action__startswith="drafts.").values_list("action", "user")
        assert set(actions) == {("drafts.link_made", editor.pk), ("drafts.link_revoked", editor.pk)}

    def test_with_a_wrong_term_is_not_made(self, client: Client, page: SectionPage, editor: User) -> None:
        response = client.post(f"/admin/pages/{page.pk}/draft-links/", {"lasting": "9999", "note": "講師の方"})
        assert "講師の方" in response.content.decode()
        assert not DraftLink.objects.exists()

    @pytest.mark.parametrize(
        "path", ["pages/{page}/draft-links/", "pages/{page}/approval-sheet/", "draft-links/{link}/revoke/"]
    )
    def test_desk_is_for_those_who_may_edit_the_page(self, client: Client, link: DraftLink, path: str) -> None:
        client.force_login(UserFactory())
        response = client.post("/admin/" + path.format(page=link.page_id, link=link.pk), {"lasting": "3"})
        assert response.status_code != 200
        link.refresh_from_db()
        assert link.revoked_at is None
        assert DraftLink.objects.count() == 1


class TestFilesOfAnotherSection:
    """An editor writes the number of a file into a draft that the choosers would never offer."""

    @pytest.fixture
    def keeper(self, page: SectionPage, closed: Collection) -> User:
        return editor_of("当課", [page], closed)

    @pytest.fixture
    def stranger(self, page: SectionPage) -> User:
        return editor_of("他課", [page], Collection.get_first_root_node().add_child(name="他課"))

    @pytest.fixture
    def addresses(self, files: dict[str, Any]) -> list[str]:
        return [files["image"].get_rendition("width-20").url, files["document"].url]

    def statuses(self, client: Client, link: DraftLink, addresses: list[str]) -> list[int]:
        responses = [client.get(link.get_absolute_url().rstrip("/") + one) for one in addresses]
        for response in responses:
            body(response)
        return [response.status_code for response in responses]

    def test_link_opens_what_its_maker_may_have(
        self, client: Client, page: SectionPage, keeper: User, stranger: User, addresses: list[str]
    ) -> None:
        links = [draft_link_make(page=page, lasting=Lasting.WEEK, by=by) for by in (keeper, stranger, None)]
        opened = [self.statuses(client, link, addresses) for link in links]
        assert opened == [[200, 200], [404, 404], [404, 404]]
        client.force_login(keeper)
        assert self.statuses(client, links[1], addresses) == [404, 404]

    def test_link_opens_no_longer_what_its_maker_may_not_have_now(
        self, client: Client, page: SectionPage, keeper: User, addresses: list[str]
    ) -> None:
        link = draft_link_make(page=page, lasting=Lasting.WEEK, by=keeper)
        keeper.groups.clear()
        assert self.statuses(client, link, addresses) == [404, 404]

    @pytest.mark.parametrize("door", ["link", "sheet", "preview"])
    def test_titles_are_shown_to_who_may_have_the_files(
        self, client: Client, page: SectionPage, keeper: User, stranger: User, files: dict[str, Any], door: str
    ) -> None:
        SiteDocument.objects.update(title="極秘の題")
        SiteImage.objects.update(title="極秘の題", description="極秘の題")
        for someone, named in ((keeper, True), (stranger, False)):
            client.force_login(someone)
            link = draft_link_make(page=page, lasting=Lasting.WEEK, by=someone)
            text = client.get(
                {
                    "link": link.get_absolute_url(),
                    "sheet": f"/admin/pages/{page.pk}/approval-sheet/",
                    "preview": f"/admin/pages/{page.pk}/view_draft/",
                }[door]
            ).content.decode()
            assert SECRET in text
            assert ("極秘の題" in text, "利用できません" in text) == (named, not named)


class TestSheet:
    def test_has_boxes_facts_the_draft_and_what_changes(self, client: Client, page: SectionPage, editor: User) -> None:
        text = client.get(f"/admin/pages/{page.pk}/approval-sheet/").content.decode()

        above, _heading, rest = text.partition("<h1")
        assert [box in above for box in ("起案", "係長", "課長", "事務局長")] == [True] * 4
        assert "起案 " in above
        assert "役員" in above
        assert SECRET in rest.partition("</main>")[0]
        changes = rest.partition("公開中の内容からの変更")[2]
        assert "公開中の題" in changes
        assert "addition" in changes

    def test_boxes_are_the_associations_own(self, client: Client, page: SectionPage, editor: User) -> None:
        settings = ApprovalSettings.load()
        settings.boxes = "担当\n\n会長\n"
        settings.save()
        text = client.get(f"/admin/pages/{page.pk}/approval-sheet/").content.decode()
        assert '<th scope="col">担当</th><th scope="col">会長</th></tr>' in text

    def test_new_page_is_said_to_be_new(self, client: Client, home: HomePage, editor: User) -> None:
        page = SectionPageFactory(parent=home, live=False)
        text = client.get(f"/admin/pages/{page.pk}/approval-sheet/").content.decode()
        assert "新規（現在は公開していない）" in text
        assert "公開中の内容からの変更" not in text
