"""Announcements for tests."""

from datetime import timedelta

import factory
from django.utils import timezone

from cms.announcements.models import Announcement


class AnnouncementFactory(factory.django.DjangoModelFactory):
    """On show from an hour ago for two hours, unless said otherwise."""

    text = "6月9日の役員会は、会場を変更しました。"
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    ends_at = factory.LazyAttribute(lambda one: one.starts_at + timedelta(hours=2))

    class Meta:
        model = Announcement
