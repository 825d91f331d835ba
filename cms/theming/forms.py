"""The form on which an administrator chooses the theme."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .themes import installed_themes, load_theme


class ThemeForm(forms.Form):
    """Offers every theme that can be read, and to leave the choice to the deployment."""

    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        deployed = _("As the deployment says (%(theme)s)") % {"theme": load_theme(settings.CMS_THEME).title}
        named = [(theme.name, theme.title) for theme in installed_themes()]
        self.fields["theme"].choices = [("", deployed), *named]  # type: ignore[attr-defined]  # a ChoiceField
