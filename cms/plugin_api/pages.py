"""Pages of plugins that are off: which they are, and the base class that closes them and everything below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Page, PagePermissionTester

from .ownership import owner_of
from .state import disabled_plugins, is_owner_on, remembered

if TYPE_CHECKING:
    from wagtail.url_routing import RouteResult

Q = TypeVar("Q", bound="QuerySet[Any, Any]")


def plugin_page_models(slug: str) -> list[type[Page]]:
    """Return the page types that a plugin brings."""
    return [model for model in apps.get_models() if issubclass(model, Page) and owner_of(model) == slug]


def disabled_page_types() -> list[ContentType]:
    """Return the content types of the page types whose plugin is off. Content types are cached by Django."""
    models: list[type[Model]] = [model for plugin in disabled_plugins() for model in plugin_page_models(plugin.slug)]
    return list(ContentType.objects.get_for_models(*models).values()) if models else []


def enabled(queryset: Q) -> Q:
    """Leave out the pages of plugins that are off, and every page below one of them.

    Whatever lists pages to somebody must pass through here. It adds no query but that of the state.
    """
    types = disabled_page_types()
    if not types:
        return queryset
    above = Page.objects.filter(content_type__in=types).order_by()
    above = above.alias(listed_path=ExpressionWrapper(OuterRef("path"), CharField())).filter(
        listed_path__startswith=F("path")
    )
    return queryset.exclude(Exists(above))


def disabled_paths() -> frozenset[str]:
    """Return the tree paths of all pages of plugins that are off: one query a request, none if nothing is off."""
    return remembered("disabled_paths", _read_disabled_paths)


def _read_disabled_paths() -> frozenset[str]:
    types = disabled_page_types()
    if not types:
        return frozenset()
    return frozenset(Page.objects.filter(content_type__in=types).order_by().values_list("path", flat=True))


def is_page_enabled(page: Page) -> bool:
    """Say whether neither the page nor any page above it belongs to a plugin that is off."""
    if not is_owner_on(owner_of(page)):
        return False
    step = Page.steplen
    return disabled_paths().isdisjoint(page.path[:end] for end in range(step, len(page.path or "") + 1, step))


def holds_disabled_pages(page: Page) -> bool:
    """Say whether a page of a plugin that is off lies at or below this one."""
    return any(path.startswith(page.path) for path in disabled_paths())


class PluginIsOffError(PermissionDenied):
    """Something was asked of a page whose plugin is off."""


class GatedPage:
    """Mix-in before `Page` for every page type of the core and of plugins (a start-up check sees to it).

    While the page's plugin, or that of a page above it, is off: no address, no URL, read-only for editors.
    """

    def route(self: Any, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Answer 404 for the page and everything below it while its plugin is off."""
        if not is_owner_on(owner_of(type(self))):
            raise Http404
        return super().route(request, path_components)  # type: ignore[misc]  # the next class is Page

    def get_url_parts(self: Any, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Have no URL while closed, so that nothing links here."""
        if not is_page_enabled(self):
            return None
        return super().get_url_parts(request)  # type: ignore[misc]  # the next class is Page

    @classmethod
    def can_create_at(cls: Any, parent: Page) -> bool:
        """Offer the type neither while its plugin is off nor below a page whose plugin is."""
        return _may_be_at(cls, parent) and super().can_create_at(parent)  # type: ignore[misc]  # the next class is Page

    def can_move_to(self: Any, parent: Page) -> bool:
        """Stay where it is while either end is closed."""
        return _may_be_at(type(self), parent) and super().can_move_to(parent)  # type: ignore[misc]  # the next class is Page

    def permissions_for_user(self: Any, user: Any) -> PagePermissionTester:
        """Let nobody, the superuser neither, change a closed page."""
        tester = GatedPagePermissions if is_page_enabled(self) else ClosedPagePermissions
        return tester(user, self)

    def get_admin_display_title(self: Any) -> str:
        """Mark the page in the editors' lists while it is closed."""
        title = super().get_admin_display_title()  # type: ignore[misc]  # the next class is Page
        return title if is_page_enabled(self) else _("%(title)s (closed: its plugin is off)") % {"title": title}

    def publish(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse to publish a closed page, whoever asks."""
        self._refuse_while_closed()
        return super().publish(*args, **kwargs)  # type: ignore[misc]  # the next class is Page

    def copy(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse to copy a closed page, or a branch that holds one."""
        self._refuse_while_closed()
        if kwargs.get("recursive") and holds_disabled_pages(self):
            raise PluginIsOffError(_("This branch holds pages of a plugin that is off."))
        return super().copy(*args, **kwargs)  # type: ignore[misc]  # the next class is Page

    def create_alias(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse to mirror a closed page."""
        self._refuse_while_closed()
        return super().create_alias(*args, **kwargs)  # type: ignore[misc]  # the next class is Page

    def move(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse to move a closed page."""
        self._refuse_while_closed()
        return super().move(*args, **kwargs)  # type: ignore[misc]  # the next class is Page

    def _refuse_while_closed(self: Any) -> None:
        if not is_page_enabled(self):
            raise PluginIsOffError(_("The plugin of this page is off."))


def _may_be_at(page_type: type, parent: Page) -> bool:
    return is_owner_on(owner_of(page_type)) and is_page_enabled(parent)


class GatedPagePermissions(PagePermissionTester):
    """Permissions on an open page: closed pages below it are neither copied nor lost with it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001, FBT002 - Wagtail's signature
        return super().can_delete(ignore_bulk) and not holds_disabled_pages(self.page)

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:  # noqa: FBT001, FBT002 - Wagtail's signature again
        if recursive and holds_disabled_pages(self.page):
            return False
        return super().can_copy_to(destination, recursive)


def _never(self: PagePermissionTester, *args: Any, **kwargs: Any) -> bool:
    return False


CHANGES = [name for name in dir(PagePermissionTester) if name.startswith("can_")]
ClosedPagePermissions = type("ClosedPagePermissions", (PagePermissionTester,), dict.fromkeys(CHANGES, _never))
"""Permissions on a closed page: it can be looked at in the lists, and nothing else."""
