"""Seminars for tests."""

from datetime import datetime, timedelta
from typing import Any

import factory
import wagtail_factories

from cms.calendar import TOKYO
from plugins.seminars.models import Occurrence, SeminarIndexPage, SeminarPage, Session

START = datetime(2010, 2, 9, 13, 30, tzinfo=TOKYO)


class SeminarIndexPageFactory(wagtail_factories.PageFactory):
    title = "セミナー"
    slug = "seminars"

    class Meta:
        model = SeminarIndexPage


class SeminarPageFactory(wagtail_factories.PageFactory):
    title = factory.Sequence(lambda number: f"セミナー{number}")
    slug = factory.Sequence(lambda number: f"fy2009-seminar-{number}")
    fiscal_year = 2009

    class Meta:
        model = SeminarPage


class OccurrenceFactory(factory.django.DjangoModelFactory):
    start = START
    end = factory.LazyAttribute(lambda row: row.start + timedelta(hours=3, minutes=30))
    venue_city = "東京"
    venue_building = "見本会館"

    class Meta:
        model = Occurrence


class SessionFactory(factory.django.DjangoModelFactory):
    label = "午前の部"

    class Meta:
        model = Session


def talk(**values: Any) -> tuple[str, dict[str, Any]]:
    """Describe a talk as the programme stores it."""
    speakers = [{**NOBODY, **speaker} for speaker in values.pop("speakers", [])]
    return ("talk", {"kind": "", "title": "", "at": [], **values, "speakers": speakers})


NOBODY = {"name": "", "honorific": "", "affiliation": "", "post": "", "organisation": ""}
