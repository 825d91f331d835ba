"""Puts announcements into the admin."""

from wagtail.snippets.models import register_snippet

from .viewsets import AnnouncementViewSet

register_snippet(AnnouncementViewSet)
