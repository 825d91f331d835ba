"""Addresses of drafts, for people without an account."""

from django.urls import path

from .views import shown

app_name = "drafts"
urlpatterns = [
    path("<str:token>/", shown.draft, name="draft"),
    path("<str:token>/media/images/<path:name>", shown.image, name="image"),
    path("<str:token>/files/<int:document_id>/", shown.document, name="document"),
]
