"""Where an enquiry stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnquiryState(models.TextChoices):
    OPEN = "open", _("To be answered")
    DONE = "done", _("Answered")
