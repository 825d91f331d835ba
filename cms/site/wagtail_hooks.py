"""Wiring into Wagtail."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView
from wagtail import hooks

from .views.redirects import RedirectImportView


@hooks.register("register_admin_urls", order=-1)
def import_urls() -> list[URLPattern]:
    """Stand before Wagtail's own import of redirects, at its addresses."""
    return [
        path("redirects/import/", RedirectImportView.as_view(), name="site_redirects_import"),
        path("redirects/import/process/", RedirectView.as_view(pattern_name="site_redirects_import")),
    ]
