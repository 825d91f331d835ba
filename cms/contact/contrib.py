"""What the contact form gives to the admin's home."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from django.utils.translation import ngettext

from cms.plugin_api.points import ToDo

from .enums import EnquiryState
from .models import Enquiry
from .services import CHANGE_ENQUIRIES


def to_dos(user: AbstractUser) -> Iterator[ToDo]:
    """Remind those who may answer of what waits for an answer."""
    if user.has_perm(CHANGE_ENQUIRIES):
        count = Enquiry.objects.open().count()
        words = ngettext("%(count)d enquiry waits for an answer.", "%(count)d enquiries wait for an answer.", count)
        address = reverse(Enquiry.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]  # Wagtail's
        yield ToDo(words % {"count": count}, f"{address}?state={EnquiryState.OPEN}", count)
