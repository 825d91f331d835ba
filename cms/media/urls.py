"""Addresses of uploaded files."""

from django.urls import include, path
from wagtail.documents import urls as wagtaildocs_urls

from . import views

urlpatterns = [
    path("media/images/<path:name>", views.rendition, name="media_rendition"),
    # Not Wagtail's usual "documents/": that address belongs to the page that lists them.
    path("files/", include(wagtaildocs_urls)),
]
