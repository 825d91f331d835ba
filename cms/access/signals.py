"""Takes away Wagtail's restriction with the rule that stood on it."""

from typing import Any

from django.db.models.signals import post_delete
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from .models import AccessRule


def connect() -> None:
    """Listen."""
    post_delete.connect(_forget_floor, sender=AccessRule, dispatch_uid="access_rule_deleted")


def _forget_floor(instance: AccessRule, **kwargs: Any) -> None:
    PageViewRestriction.objects.filter(pk=instance.page_floor_id).delete()
    CollectionViewRestriction.objects.filter(pk=instance.collection_floor_id).delete()
