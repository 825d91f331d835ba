"""What is done to the site as a whole."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from wagtail.models import Site

from cms.plugin_api.models import SiteState
from cms.plugin_api.state import forget_state
from cms.site.storage import page_cache

logger = logging.getLogger("cms.site")


def content_changed() -> None:
    """Put everything that was made from the site's content out of date, in every process, when this commits.

    The generation is raised in the transaction of the change itself, so that neither can be seen without the other.
    """
    if not SiteState.objects.filter(pk=1).update(generation=F("generation") + 1):
        SiteState.objects.get_or_create(pk=1, defaults={"generation": 2})
    forget_state()
    forget_kept_pages()


def deployment_changed() -> None:
    """Put out of date what was kept; where no change of content has been counted yet there is nothing to."""
    SiteState.objects.filter(pk=1).update(generation=F("generation") + 1)
    forget_kept_pages()


def site_follow_base_url() -> None:
    """Give Wagtail's default site the host and port of BASE_URL, for the absolute addresses that Wagtail makes."""
    parts = urlsplit(settings.BASE_URL)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not Site.objects.filter(is_default_site=True).update(hostname=parts.hostname, port=port):
        return
    try:
        Site.clear_site_root_paths_cache()
    except page_cache.CACHE_ERRORS:
        logger.info("There is no cache yet, and nothing in it to clear")


def forget_kept_pages() -> None:
    """Let no process answer from the page cache before it has read the generation again; when this commits."""
    transaction.on_commit(page_cache.forget_generation, robust=True)
