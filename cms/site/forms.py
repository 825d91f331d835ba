"""The form that takes a file of redirects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .services.redirects import BYTES_ALLOWED


class RedirectFileForm(forms.Form):
    """Asks for the file."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
        help_text=_("UTF-8 or Shift_JIS, up to 1 MB."),
    )

    def octets(self) -> bytes:
        """Return what the file holds, and of a larger one enough to tell."""
        content: bytes = self.cleaned_data["file"].read(BYTES_ALLOWED + 1)
        return content
