"""Addresses that belong to the frame of the site rather than to a page."""

from django.urls import path

from . import views

urlpatterns = [
    path("language/", views.language_set, name="language_set"),
]
