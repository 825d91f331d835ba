"""The page tree's addresses: Wagtail's, and files that pages offer, such as meetings/calendar.ics."""

from django.urls import re_path

from . import views

urlpatterns = [re_path(r"^((?:[\w\-]+/)*(?:[\w\-]+\.ics)?)$", views.serve, name="wagtail_serve")]
