"""Addresses of uploaded files. Wagtail's own views of documents have none: this is the only door."""

from django.urls import path

from . import views

urlpatterns = [
    path("media/images/<path:name>", views.rendition, name="media_rendition"),
    path("media/original_images/<path:name>", views.original, name="media_original"),
    # Not Wagtail's usual "documents/": that address belongs to the page that lists them.
    # It holds no file name: what replaces a file may be called anything.
    path("files/<int:document_id>/", views.document, name="wagtaildocs_serve"),
    path("files/<int:document_id>/history/", views.history, name="media_history"),
    path("files/<int:document_id>/versions/<int:number>/", views.version, name="media_version"),
]
