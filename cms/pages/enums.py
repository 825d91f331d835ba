"""Fixed choices of the core's pages."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContentLanguage(TextChoices):
    """The language in which a page is written, whatever language the frame around it speaks."""

    JAPANESE = "ja", _("Japanese")
    ENGLISH = "en", _("English")


class MinutesState(TextChoices):
    """How far the minutes of a meeting have come. Only approved minutes are shown to the public."""

    DRAFT = "draft", pgettext_lazy("document", "Draft")
    APPROVED = "approved", _("Approved")


class NoticeKind(TextChoices):
    """How much a notice in a page matters."""

    INFORMATION = "information", _("Information")
    CAUTION = "caution", _("Caution")
    IMPORTANT = "important", _("Important")
