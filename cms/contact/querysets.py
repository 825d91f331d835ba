"""Reads of enquiries."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from .enums import EnquiryState


class EnquiryQuerySet(models.QuerySet):
    """By state and time."""

    def open(self) -> EnquiryQuerySet:
        return self.filter(state=EnquiryState.OPEN)

    def done_before(self, moment: datetime) -> EnquiryQuerySet:
        return self.filter(state=EnquiryState.DONE, done_at__lt=moment)

    def received_since(self, moment: datetime) -> EnquiryQuerySet:
        return self.filter(received_at__gt=moment)
