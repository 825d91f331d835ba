"""Addresses below /${slug}/."""

from django.urls import path

from . import views

app_name = "${slug}"
urlpatterns = [path("latest/", views.latest, name="latest")]
