"""The form on which an administrator chooses the theme."""

from django import forms
from django.utils.translation import gettext_lazy

from .themes import installed_themes


class ThemeForm(forms.Form):
    """Takes every theme that can be read, or nothing: that leaves the choice to the deployment."""

    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        named = [(theme.name, theme.title) for theme in installed_themes()]
        self.fields["theme"].choices = [("", ""), *named]  # type: ignore[attr-defined]  # a ChoiceField
