"""Choosing a theme for the site, and looking at one before."""

from collections.abc import MutableMapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.plugin_api.models import SiteState
from cms.plugin_api.state import forget_state

from .selectors import PREVIEW_KEY
from .themes import find_theme


def theme_choose(*, name: str, by: AbstractBaseUser | AnonymousUser) -> bool:
    """Show the site in this theme, from the next request on in every process; False if it already was.

    An empty name leaves the choice to the deployment (`CMS_THEME`). Writes who did it into the log. Raises
    ValidationError where there is no such theme or it cannot be read.
    """
    if name:
        _require_theme(name)
    with transaction.atomic():
        SiteState.objects.get_or_create(pk=1)
        state = SiteState.objects.select_for_update().get(pk=1)
        old = state.theme
        if old == name:
            return False
        state.theme = name
        state.generation += 1
        state.save(update_fields=["theme", "generation"])
        forget_state()
        log(instance=state, action="theming.choose", user=by, data={"old": old, "new": name})
    transaction.on_commit(forget_state)
    return True


def theme_preview(*, name: str, session: MutableMapping[str, Any]) -> None:
    """Show the site in this theme to whoever has this session, until they end it, choose or log out.

    Raises ValidationError where there is no such theme or it cannot be read.
    """
    _require_theme(name)
    session[PREVIEW_KEY] = name


def theme_preview_end(*, session: MutableMapping[str, Any]) -> None:
    """Show whoever has this session what everybody sees."""
    session.pop(PREVIEW_KEY, None)


def _require_theme(name: str) -> None:
    if find_theme(name) is None:
        raise ValidationError(_("There is no theme “%(name)s” here, or it cannot be read.") % {"name": name})
