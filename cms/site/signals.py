"""Notices every change of what visitors see, and puts out of date what was made before."""

from functools import cache
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models import Model
from django.db.models.signals import post_delete, post_migrate, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import AbstractSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Collection, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move
from wagtail.snippets.models import get_snippet_models

from cms.plugin_api.models import SiteState

from . import services

PUBLIC_MODELS = (
    AbstractDocument,
    AbstractImage,
    AbstractSetting,
    Collection,
    Page,
    PageViewRestriction,
    Redirect,
    Site,
)
# What Wagtail writes on the live row when somebody saves a draft of it.
DRAFT_FIELDS = frozenset(
    {
        "_comments",
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
        "wagtail_admin_comments",
    }
)


def connect() -> None:
    """Listen. A model that is shown to visitors and is none of the above sets `shown_to_visitors = True`.

    Snippets are, unless they say False.
    """
    post_save.connect(_saved, dispatch_uid="site_saved")
    post_delete.connect(_deleted, dispatch_uid="site_deleted")
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_changed, dispatch_uid="site_page_changed")


def connect_migrations(sender: AppConfig) -> None:
    """Listen to the end of migrations, once for all apps."""
    post_migrate.connect(_migrated, sender=sender, dispatch_uid="site_migrated")


def _migrated(using: str, **kwargs: Any) -> None:
    """Follow BASE_URL, and drop what was kept: a deployment may bring other templates."""
    if {"wagtailcore_site", "plugin_api_sitestate"} <= set(connections[using].introspection.table_names()):
        services.site_follow_base_url()
        services.deployment_changed()


def _saved(sender: type[Model], instance: Model, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    if isinstance(instance, SiteState):
        services.forget_kept_pages()
    elif _is_shown(sender) and not (update_fields and set(update_fields) <= DRAFT_FIELDS):
        services.content_changed()


def _deleted(sender: type[Model], **kwargs: Any) -> None:
    if _is_shown(sender):
        services.content_changed()


def _changed(**kwargs: Any) -> None:
    services.content_changed()


@cache
def _is_shown(model: type[Model]) -> bool:
    if issubclass(model, PUBLIC_MODELS):
        return True
    return bool(getattr(model, "shown_to_visitors", model in get_snippet_models()))
