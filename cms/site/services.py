"""What is done to the site as a whole."""

from django.db import transaction
from django.db.models import F

from cms.plugin_api.models import SiteState
from cms.plugin_api.state import forget_state

from .storage.page_cache import forget_generation


def content_changed() -> None:
    """Put everything that was made from the site's content out of date, in every process, when this commits.

    The generation is raised in the transaction of the change itself, so that neither can be seen without the other.
    """
    if not SiteState.objects.filter(pk=1).update(generation=F("generation") + 1):
        SiteState.objects.get_or_create(pk=1, defaults={"generation": 2})
    forget_state()
    transaction.on_commit(forget_generation, robust=True)
