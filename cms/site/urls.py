"""Addresses that belong to the frame of the site rather than to a page."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
