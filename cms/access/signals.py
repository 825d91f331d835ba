"""What happens when rules, pages and entries of a page's history come and go."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, Page, PageLogEntry, PageViewRestriction
from wagtail.query import PageQuerySet

from .models import AccessRule
from .selectors import sources_of
from .services import alias_rule_keep, file_watch, history_watch


def connect() -> None:
    """Listen."""
    post_delete.connect(_forget_floor, sender=AccessRule, dispatch_uid="access_rule_deleted")
    pre_delete.connect(_part_with_aliases, sender=Page, dispatch_uid="access_source_deleted")
    pre_save.connect(_show_the_source, dispatch_uid="access_alias_saved")
    post_save.connect(_watch_history, sender=PageLogEntry, dispatch_uid="access_history_written")
    for model in (get_image_model(), get_document_model()):
        pre_save.connect(_watch_file, sender=model, dispatch_uid="access_file_saved")


def _forget_floor(instance: AccessRule, **kwargs: Any) -> None:
    """Take away Wagtail's restriction with the rule that stood on it."""
    PageViewRestriction.objects.filter(pk=instance.page_floor_id).delete()
    CollectionViewRestriction.objects.filter(pk=instance.collection_floor_id).delete()


def _watch_history(instance: PageLogEntry, *, created: bool, **kwargs: Any) -> None:
    if created:
        history_watch(entry=instance)


def _watch_file(instance: Any, **kwargs: Any) -> None:
    file_watch(file=instance)


def _show_the_source(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Let an alias of an alias be one of what both show: lists look for the rules of one source."""
    if issubclass(sender, Page) and instance.alias_of_id and (sources := list(sources_of(instance))):
        instance.alias_of_id = sources[-1].pk


def _part_with_aliases(instance: Page, origin: Any, **kwargs: Any) -> None:
    """Leave an alias as closed as what it showed; those that go in the same deletion need no rule any more."""
    going = origin if isinstance(origin, PageQuerySet) else Page.objects.filter(pk=instance.pk)
    for alias in Page.objects.filter(alias_of=instance).exclude(pk__in=going.order_by().values("pk")):
        alias_rule_keep(alias=alias)
