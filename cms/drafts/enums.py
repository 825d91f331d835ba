from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Lasting(IntegerChoices):
    """For how many days a link to a draft may be made."""

    DAY = 1, _("1 day")
    THREE_DAYS = 3, _("3 days")
    WEEK = 7, _("1 week")
    FORTNIGHT = 14, _("2 weeks")
    MONTH = 30, _("30 days")
