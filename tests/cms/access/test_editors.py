"""What editors see of rules: in words, in the form, when they publish and when they move."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group as EditorGroup
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, GroupPagePermission, Page, PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.access.models import AccessRule
from cms.access.selectors.reach import Reach, narrower_files
from cms.accounts.models import Seat, User
from cms.media.models import SiteDocument, SiteImage
from cms.pages.models import HomePage, SectionPage
from tests.cms.media.test_uploads import png
from tests.factories.access import for_everyone, for_groups, for_members, make_group
from tests.factories.accounts import OrganisationFactory, SeatFactory, UserFactory
from tests.factories.pages import NewsIndexPageFactory, NewsPageFactory, SectionPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DIALOG = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def section(home: HomePage) -> SectionPage:
    return SectionPageFactory(parent=home, slug="kaiin", title="会員専用")


@pytest.fixture
def administrator(client: Client) -> User:
    administrator = UserFactory(is_superuser=True)
    client.force_login(administrator)
    return administrator


@pytest.fixture
def secret() -> Collection:
    return Collection.get_first_root_node().add_child(name="会員資料")


def form_of(page: SectionPage, image: SiteImage, document: SiteDocument) -> dict[str, Any]:
    """Return what the page's form sends to publish it."""
    link = f'<p><a linktype="document" id="{document.pk}">名簿</a></p>'
    blocks = [("image", {"image": image.pk, "alt_text": "写真", "caption": ""}), ("text", rich_text(link))]
    texts = {"title": page.title, "slug": page.slug, "summary": "", "source": "", "language": "ja", "tags": ""}
    unset = dict.fromkeys(["seo_title", "search_description", "go_live_at", "expire_at"], "")
    body = {"body": streamfield(blocks), "comments": inline_formset([])}
    return nested_form_data({**texts, **unset, **body, "action-publish": "1"})


class TestWords:
    def test_open_page(self, section: SectionPage) -> None:
        assert Reach.of(section).sentences == ["誰でも閲覧できます。"]

    def test_page_for_members_counts_the_organisations(self, section: SectionPage) -> None:
        OrganisationFactory.create_batch(3)
        for_members(section)
        assert Reach.of(section).sentences[0] == "閲覧できるのは、会員団体の担当者（現在3団体）に限ります。"

    def test_page_below_says_where_the_rule_is(self, section: SectionPage) -> None:
        for_members(section)
        below = SectionPageFactory(parent=section)
        assert Reach.of(below).sentences[0].startswith("上位の「会員専用」の設定により、")
        unsaved = SectionPage(title="新しいページ")
        assert Reach.of(unsaved, parent=section).sentences[0].startswith("上位の「会員専用」の設定により、")

    def test_groups_are_named_with_seats_and_organisations_of_today(self, section: SectionPage, seat: Seat) -> None:
        second = SeatFactory(organisation=seat.organisation)
        officers = make_group("役員", seat, second)
        make_group("役員", SeatFactory(), ends_on="2010-01-01")
        for_groups(section, officers, make_group("監事"))
        assert "グループ「役員」「監事」の席にある人（現在2席、1団体）" in Reach.of(section).sentences[0]

    def test_two_rules_hold_together(self, section: SectionPage) -> None:
        for_members(section)
        inner = SectionPageFactory(parent=section)
        for_groups(inner, make_group("役員"))
        sentences = Reach.of(inner).sentences
        assert ["会員団体" in sentences[0], "役員" in sentences[1]] == [True, True]
        assert sentences[2] == "閲覧するには、これらのすべてに当てはまる必要があります。"

    @pytest.mark.parametrize("kind", ["members", "wider groups"])
    def test_rule_that_would_widen_is_said_to_change_nothing(self, section: SectionPage, kind: str) -> None:
        inner = SectionPageFactory(parent=section)
        if kind == "members":
            for_members(section)
            for_members(inner)
        else:
            officers = make_group("役員")
            for_groups(section, officers)
            for_groups(inner, officers, make_group("監事"))
        reach = Reach.of(inner)
        assert reach.own_has_no_effect
        assert "上位の設定が同じかそれより狭いため、ここでの設定による違いはありません。" in reach.sentences
        assert "監事" not in " ".join(reach.sentences)

    def test_in_english(self, section: SectionPage) -> None:
        from django.utils import translation

        for_members(section)
        OrganisationFactory()
        with translation.override("en"):
            assert Reach.of(section).sentences == [
                "Only for members of the association (now 1 organisation).",
                "Whoever may edit it can read it all the same.",
            ]


class TestForm:
    def test_takes_the_place_of_wagtails_privacy(
        self, client: Client, administrator: User, section: SectionPage
    ) -> None:
        answer = client.get(f"/admin/pages/{section.pk}/privacy/", headers=DIALOG).json()

        assert answer["step"] == "set_privacy"
        assert "会員団体" in answer["html"]
        assert "password" not in answer["html"]

        done = client.post(f"/admin/pages/{section.pk}/privacy/", {"audience": "member"}, headers=DIALOG).json()
        assert done == {"step": "set_privacy_done", "is_public": False}
        assert AccessRule.objects.get().page_id == section.pk
        assert "会員団体" in client.get(f"/admin/pages/{section.pk}/reach/").content.decode()

    def test_as_a_page_of_its_own_without_scripts(
        self, client: Client, administrator: User, section: SectionPage
    ) -> None:
        path = f"/admin/pages/{section.pk}/privacy/"
        assert 'type="radio"' in client.get(path).content.decode()

        html = client.post(
            path, {"audience": "groups", "groups": [make_group("役員").pk]}, follow=True
        ).content.decode()
        assert "グループ「役員」の席にある人" in html

        client.post(path, {"audience": "everyone"})
        assert not AccessRule.objects.exists()

    def test_asks_for_a_group_and_keeps_the_choice(
        self, client: Client, administrator: User, section: SectionPage
    ) -> None:
        make_group("役員")
        html = client.post(f"/admin/pages/{section.pk}/privacy/", {"audience": "groups"}).content.decode()
        assert "グループを一つ以上選んでください。" in html
        assert re.search(r'value="groups"[^>]*checked', html)
        assert not AccessRule.objects.exists()

    @pytest.mark.parametrize("data", [{}, {"audience": "nobody"}, {"audience": "groups", "groups": ["9999"]}])
    def test_nonsense_sets_nothing(self, client: Client, administrator: User, section: SectionPage, data: Any) -> None:
        for_members(section)
        assert client.post(f"/admin/pages/{section.pk}/privacy/", data).status_code == 200
        assert AccessRule.objects.get().audience == "member"

    def test_below_a_rule_it_offers_no_widening(
        self, client: Client, administrator: User, section: SectionPage
    ) -> None:
        for_members(section)
        below = SectionPageFactory(parent=section)
        html = client.get(f"/admin/pages/{below.pk}/privacy/").content.decode()
        assert "ここでは、これより狭くすることだけができます。" in html
        assert "上位の設定のとおり（ここでは絞り込まない）" in html

        client.post(f"/admin/pages/{below.pk}/privacy/", {"audience": "everyone"})
        client.logout()
        assert client.get(below.url).status_code == 302

    def test_replaces_what_was_set_by_another_way(
        self, client: Client, administrator: User, section: SectionPage
    ) -> None:
        PageViewRestriction.objects.create(page=section, restriction_type="password", password="open")
        client.post(f"/admin/pages/{section.pk}/privacy/", {"audience": "everyone"})
        assert not PageViewRestriction.objects.exists()

    def test_is_for_those_who_may_publish_the_page(self, client: Client, section: SectionPage) -> None:
        mine = SectionPageFactory(parent=section, slug="mine")
        editors = EditorGroup.objects.create(name="会議")
        editors.permissions.add(*EditorGroup.objects.get(name="編集者").permissions.filter(codename="access_admin"))
        editor = UserFactory()
        editor.groups.add(editors)
        client.force_login(editor)
        statuses = {}
        for right in ("change", "publish"):
            GroupPagePermission.objects.create(group=editors, page=mine, permission_type=right)
            statuses[right] = [
                client.post(f"/admin/pages/{page.pk}/privacy/", {"audience": "member"}).status_code
                for page in (mine, section)
            ]
        assert statuses == {"change": [403, 403], "publish": [302, 403]}
        assert list(AccessRule.objects.values_list("page", flat=True)) == [mine.pk]

    def test_of_a_collection(self, client: Client, administrator: User, secret: Collection) -> None:
        assert "誰でも閲覧できます。" in client.get(f"/admin/collections/{secret.pk}/").content.decode()
        client.post(f"/admin/collections/{secret.pk}/privacy/", {"audience": "member"})
        assert AccessRule.objects.get().collection == secret
        assert "会員団体の担当者" in client.get(f"/admin/collections/{secret.pk}/").content.decode()
        assert "会員団体の担当者" in client.get(f"/admin/collections/{secret.pk}/reach/").content.decode()

    def test_visitor_and_member_see_neither_form_nor_words(
        self, client: Client, section: SectionPage, secret: Collection, person: User
    ) -> None:
        paths = [
            f"/admin/{kind}/{pk}/{view}/"
            for kind, pk in (("pages", section.pk), ("collections", secret.pk))
            for view in ("privacy", "reach")
        ]
        assert [client.get(path).status_code for path in paths] == [302] * 4
        client.force_login(person)
        assert [client.get(path).status_code for path in paths] == [403] * 4


class TestEditor:
    def test_says_who_can_read_and_opens_the_form(
        self, client: Client, administrator: User, section: SectionPage
    ) -> None:
        for_members(section)
        html = client.get(f"/admin/pages/{section.pk}/edit/").content.decode()
        assert html.count("会員団体の担当者（現在0団体）") == 2  # in the form, and in the panel of its state
        assert html.count('data-a11y-dialog-show="set-privacy"') == 2
        assert f"/admin/pages/{section.pk}/privacy/" in html

    def test_new_page_inherits_and_says_so(self, client: Client, administrator: User, section: SectionPage) -> None:
        for_members(section)
        html = client.get(f"/admin/pages/add/pages/sectionpage/{section.pk}/").content.decode()
        assert "上位の「会員専用」の設定により" in html

    def test_explorer_still_opens(self, client: Client, administrator: User, section: SectionPage) -> None:
        assert client.get(f"/admin/pages/{section.pk}/").status_code == 200


class TestFiles:
    @pytest.fixture
    def image(self, secret: Collection) -> SiteImage:
        file = ContentFile(png(40, 30), "p.png")
        return SiteImage.objects.create(title="役員の写真", description="x", file=file, collection=secret)

    @pytest.fixture
    def document(self, secret: Collection) -> SiteDocument:
        return SiteDocument.objects.create(title="名簿", file=ContentFile(b"x", "a.pdf"), collection=secret)

    @pytest.fixture
    def page(self, home: HomePage, image: SiteImage, document: SiteDocument) -> SectionPage:
        link = f'<p><a linktype="document" id="{document.pk}">名簿</a></p>'
        body = [("image", {"image": image, "alt_text": "写真", "caption": ""}), ("text", link)]
        return SectionPageFactory(parent=home, slug="open", body=body)

    def test_narrower_than_their_page_are_found_in_blocks_and_in_text(
        self, page: SectionPage, secret: Collection
    ) -> None:
        assert narrower_files(page) == []
        for_members(secret)
        assert [file.title for file, _reach in narrower_files(page)] == ["役員の写真", "名簿"]
        for_members(page)
        assert narrower_files(page) == []
        for_groups(secret, make_group("役員"))
        assert len(narrower_files(page)) == 2
        for_groups(page, make_group("役員"))
        assert narrower_files(page) == []
        for_everyone(secret)
        assert narrower_files(page) == []

    def test_are_warned_of_in_the_editor_and_on_publishing(
        self,
        client: Client,
        administrator: User,
        page: SectionPage,
        secret: Collection,
        image: SiteImage,
        document: SiteDocument,
    ) -> None:
        for_members(secret)
        path = f"/admin/pages/{page.pk}/edit/"
        html = client.get(path).content.decode()
        assert "このページを閲覧できる人の一部は、次の画像・資料を閲覧できません。" in html

        response = client.post(path, form_of(page, image, document), follow=True)

        sentence = f"「{page.title}」を閲覧できる人の一部は、ページにある「役員の写真」「名簿」を閲覧できません。"
        assert sentence in response.content.decode()

    def test_for_as_many_readers_are_published_without_a_word(
        self,
        client: Client,
        administrator: User,
        page: SectionPage,
        secret: Collection,
        image: SiteImage,
        document: SiteDocument,
    ) -> None:
        for_members(secret)
        for_members(page)
        response = client.post(f"/admin/pages/{page.pk}/edit/", form_of(page, image, document), follow=True)
        html = response.content.decode()
        assert "公開" in html
        assert "閲覧できません" not in html


class TestPageChooser:
    """At the page that it opens at."""

    @pytest.fixture
    def editor(self, client: Client, home: HomePage) -> User:
        """Edits a section of their own."""
        editors = EditorGroup.objects.create(name="会議")
        editors.permissions.add(Permission.objects.get(codename="access_admin"))
        mine = SectionPageFactory(parent=home, slug="mine", title="当課")
        GroupPagePermission.objects.create(group=editors, page=mine, permission_type="change")
        editor = UserFactory()
        editor.groups.add(editors)
        client.force_login(editor)
        return editor

    @pytest.mark.parametrize("rule", [True, False])
    def test_opens_at_the_top_where_that_is_closed(
        self, client: Client, editor: User, home: HomePage, rule: bool
    ) -> None:
        index = NewsIndexPageFactory(parent=home, title="秘密の一覧")
        NewsPageFactory(parent=index, title="秘密のお知らせ")
        if rule:
            for_members(index)
        for path in (f"/admin/choose-page/{index.pk}/", "/admin/choose-page/?page_type=pages.newspage"):
            answer = client.get(path).json()
            at = Page.get_first_root_node().pk if rule else index.pk
            assert answer["parent_page_id"] == at, path
            assert ("秘密" in answer["html"]) is not rule, path

    def test_is_for_the_admin_alone(self, client: Client, home: HomePage, person: User) -> None:
        client.force_login(person)
        paths = ("/admin/choose-page/", f"/admin/choose-page/{home.pk}/")
        assert [client.get(path).status_code for path in paths] == [403, 403]


class TestMove:
    def test_under_a_narrower_rule_is_said_before_it_is_confirmed(
        self, client: Client, administrator: User, home: HomePage, section: SectionPage
    ) -> None:
        page = SectionPageFactory(parent=home, slug="moved")
        for_members(section)
        path = f"/admin/pages/{page.pk}/move/{section.pk}/confirm/"

        html = client.get(path).content.decode()
        assert "移動すると、閲覧できる人が変わります。現在：誰でも閲覧できます。" in html
        assert "上位の「会員専用」の設定により" in html

        client.post(path)
        client.logout()
        assert client.get("/kaiin/moved/").status_code == 302

    def test_out_of_it_is_said_too(
        self, client: Client, administrator: User, home: HomePage, section: SectionPage
    ) -> None:
        for_members(section)
        page = SectionPageFactory(parent=section, slug="moved")
        html = client.get(f"/admin/pages/{page.pk}/move/{home.pk}/confirm/").content.decode()
        assert "移動後：誰でも閲覧できます。" in html

    def test_that_changes_nothing_is_silent(
        self, client: Client, administrator: User, home: HomePage, section: SectionPage
    ) -> None:
        page = SectionPageFactory(parent=home, slug="moved")
        html = client.get(f"/admin/pages/{page.pk}/move/{section.pk}/confirm/").content.decode()
        assert "閲覧できる人が変わります" not in html


class TestGroups:
    def test_are_kept_in_the_admin(self, client: Client, administrator: User, seat: Seat, section: SectionPage) -> None:
        data = {
            "name": "役員", "note": "平成22年度",
            "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0",
            "memberships-0-seat": seat.pk, "memberships-0-starts_on": "2010-04-01", "memberships-0-ends_on": "",
        }  # fmt: skip
        response = client.post("/admin/reader_groups/new/", data, follow=True)
        assert response.status_code == 200

        from cms.access.models import Group

        group = Group.objects.get()
        assert [membership.seat for membership in group.memberships.all()] == [seat]
        html = client.get("/admin/reader_groups/").content.decode()
        assert "平成22年度" in html

        for_groups(section, group)
        path = f"/admin/reader_groups/delete/{group.pk}/"
        asked, deleted = client.get(path).content.decode(), client.post(path, follow=True).content.decode()
        sentence = "このグループは、1件のページ又はコレクションの設定で使われているため、削除できません。"
        assert [sentence in html for html in (asked, deleted)] == [True, True]
        for_everyone(section)
        client.post(path)
        assert not Group.objects.exists()

    def test_end_before_the_beginning_is_refused_with_a_sentence(
        self, client: Client, administrator: User, seat: Seat
    ) -> None:
        data = {
            "name": "役員", "note": "",
            "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0",
            "memberships-0-seat": seat.pk, "memberships-0-starts_on": "2010-04-01",
            "memberships-0-ends_on": "2010-04-01",
        }  # fmt: skip
        html = client.post("/admin/reader_groups/new/", data).content.decode()
        assert "終わりの日は始まりの日より後にしてください。" in html
        assert "2010-04-01" in html

    def test_seat_is_chosen_by_the_name_of_its_organisation(
        self, client: Client, administrator: User, seat: Seat
    ) -> None:
        other = SeatFactory()
        html = client.get("/admin/seat_chooser/results/", {"q": seat.organisation.name}).content.decode()
        assert str(seat.organisation) in html
        assert str(other.organisation) not in html
