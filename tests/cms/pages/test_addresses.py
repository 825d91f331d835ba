"""What becomes of a Japanese title, which has no letters that an address takes."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.pages.models import DocumentLibraryPage, FAQPage, MeetingIndexPage, NewsIndexPage, SectionPage
from tests.factories.accounts import UserFactory
from tests.factories.pages import SectionPageFactory, home_page

pytestmark = pytest.mark.django_db
TYPES = {
    SectionPage: "page",
    DocumentLibraryPage: "documents",
    FAQPage: "faq",
    NewsIndexPage: "news",
    MeetingIndexPage: "meetings",
}


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(is_superuser=True))
    return client


def sent(**typed: str) -> dict[str, Any]:
    """Return what the form of a new page sends."""
    names = ["slug", "summary", "source", "tags", "seo_title", "search_description", "go_live_at", "expire_at"]
    texts = dict.fromkeys(names, "")
    parts = {"body": streamfield([]), "comments": inline_formset([]), "items": streamfield([])}
    return nested_form_data({**texts, "language": "ja", **parts, **typed})


def made(client: Client, parent: Page, model: type[Page] = SectionPage, **typed: str) -> Page | None:
    options = model._meta
    path = f"/admin/pages/add/{options.app_label}/{options.model_name}/{parent.pk}/"
    response = client.post(path, sent(**typed))
    assert response.status_code == 302, response.context["form"].errors
    return Page.objects.child_of(parent).order_by("-path").first()


@pytest.mark.parametrize("model", TYPES)
@pytest.mark.parametrize("button", [{}, {"action-publish": "1"}])
def test_is_numbered_by_the_kind_of_page(administrator: Client, model: type[Page], button: dict[str, str]) -> None:
    home = home_page()
    slugs = [made(administrator, home, model, title=title, **button).slug for title in ("会長あいさつ", "本会の沿革")]
    assert slugs == [TYPES[model], f"{TYPES[model]}-2"]


def test_of_letters_is_kept_as_wagtail_takes_it(administrator: Client) -> None:
    home = home_page()
    assert made(administrator, home, title="About us").slug == "about-us"
    assert made(administrator, home, title="会長あいさつ", slug="greeting").slug == "greeting"


def test_follows_when_a_page_loses_its_address(administrator: Client) -> None:
    page = SectionPageFactory(parent=home_page(), slug="taken", title="本会の沿革")
    administrator.post(f"/admin/pages/{page.pk}/edit/", sent(title=page.title, **{"action-publish": "1"}))
    page.refresh_from_db()
    assert page.slug == "page"


def test_form_says_so(administrator: Client) -> None:
    html = administrator.get(f"/admin/pages/add/pages/sectionpage/{home_page().pk}/").content.decode()
    assert "空欄で日本語のタイトルのときは「page」に番号を付けます" in html


@pytest.mark.postgres
@pytest.mark.parametrize("typed", ["same", ""])
@pytest.mark.parametrize("by_itself", [True, False])
def test_page_that_was_saved_a_moment_ago_is_told_in_the_form(
    administrator: Client, monkeypatch: pytest.MonkeyPatch, typed: str, by_itself: bool
) -> None:
    home, form = home_page(), SectionPage.base_form_class
    is_valid = form.is_valid

    def valid_until_another_comes(self: Any) -> bool:
        valid = is_valid(self)
        SectionPageFactory(parent=Page.objects.get(pk=home.pk), slug=self.instance.slug)
        return valid

    monkeypatch.setattr(form, "is_valid", valid_until_another_comes)
    headers = {"Accept": "application/json"} if by_itself else {}
    path = f"/admin/pages/add/pages/sectionpage/{home.pk}/"
    response = administrator.post(path, sent(title="会長あいさつ", slug=typed), headers=headers)

    assert Page.objects.child_of(home).count() == 1
    if by_itself:
        assert response.status_code == 400
    else:
        assert response.status_code == 200
        assert "直前に保存されました" in response.content.decode()
        assert "会長あいさつ" in response.content.decode()
