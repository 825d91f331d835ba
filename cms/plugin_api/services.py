"""Switching plugins on and off."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from .enums import PluginState
from .errors import isolated
from .events import PluginToggled, publish
from .manifest import Plugin
from .models import PluginToggle, SiteState
from .registry import dependents_of, get_plugin, installed_plugins, is_dormant
from .selectors import live_pages_line
from .state import forget_state, is_enabled


def plugin_toggle(*, slug: str, on: bool, by: Any) -> PluginToggle | None:
    """Switch a plugin and write who did it into the audit log; None if it already was so.

    `by` is a user; None is the command line. Publishes `PluginToggled` on commit. Two at once end in one state, because
    the row of the state is locked. Raises ValidationError, naming the plugins in the way, if a requirement forbids it.
    """
    with transaction.atomic():
        SiteState.objects.get_or_create(pk=1)
        state = SiteState.objects.select_for_update().get(pk=1)
        forget_state()
        plugin = _switchable(slug)
        # Switched on, it may be off all the same for want of what it requires: then that is said below.
        if state.plugins.get(slug, {}).get("on", True) is on and is_enabled(slug) is on:
            return None
        _refuse_broken_requirements(plugin, on=on)
        impact = _impact_for_the_log(plugin)
        _write_state(state, slug, on=on)
        _tell_plugin(plugin, on=on)
        entry = PluginToggle.objects.create(
            plugin=slug,
            old=PluginState.OFF if on else PluginState.ON,
            new=PluginState.ON if on else PluginState.OFF,
            by=by,
            by_name=str(by) if by else "",
            impact=impact,
        )
        publish(PluginToggled(slug=slug, on=on))
    return entry


def plugins_remember() -> None:
    """Keep the slugs of the installed plugins, so that the start-up check knows one that has disappeared."""
    state, _created = SiteState.objects.get_or_create(pk=1)
    known = sorted({*state.known_plugins, *(plugin.slug for plugin in installed_plugins())})
    if known != state.known_plugins:
        state.known_plugins = known
        state.save(update_fields=["known_plugins"])


def _switchable(slug: str) -> Plugin:
    plugin = get_plugin(slug)
    if plugin is None:
        raise ValidationError(_("There is no plugin “%(slug)s” here.") % {"slug": slug})
    if is_dormant(slug):
        raise ValidationError(
            _("“%(title)s” is dormant: the deployment keeps it off (CMS_PLUGINS_DORMANT).") % {"title": plugin.title}
        )
    return plugin


def _refuse_broken_requirements(plugin: Plugin, *, on: bool) -> None:
    if on:
        missing = [slug for slug in plugin.requires if not is_enabled(slug)]
        message = _("“%(title)s” needs these plugins, which are off: %(names)s.")
    else:
        missing = [other.slug for other in dependents_of(plugin.slug) if is_enabled(other.slug)]
        message = _("These plugins need “%(title)s”; switch them off first: %(names)s.")
    if missing:
        raise ValidationError(message % {"title": plugin.title, "names": _titles(missing)})


def _titles(slugs: list[str]) -> str:
    plugins = ((slug, get_plugin(slug)) for slug in slugs)
    return ", ".join(str(plugin.title) if plugin else slug for slug, plugin in plugins)


def impact_of(plugin: Plugin) -> list[dict[str, Any]]:
    """Return what a switch touches, in the reader's language: the live pages, then what the plugin itself counts."""
    pages = live_pages_line(plugin)
    lines = [pages] if pages else []
    with isolated(plugin.slug, "impact"):
        lines += [
            {"label": force_str(line.label), "count": int(line.count), "url": force_str(line.url)}
            for line in plugin.impact()
        ]
    return lines


def _impact_for_the_log(plugin: Plugin) -> list[dict[str, Any]]:
    """Return the impact with its words in every language: who reads the log may read another than who switches."""
    languages = [language for language, _name in settings.LANGUAGES]
    told = []
    for language in languages:
        with translation.override(language):
            told.append(impact_of(plugin))
    return [
        {
            "label": {language: line["label"] for language, line in zip(languages, same, strict=True)},
            "count": same[0]["count"],
        }
        for same in zip(*told, strict=False)
    ]


def _write_state(state: SiteState, slug: str, *, on: bool) -> None:
    state.plugins = {**state.plugins, slug: {"on": on}}
    state.generation += 1
    state.save(update_fields=["plugins", "generation"])
    forget_state()
    transaction.on_commit(forget_state)


def _tell_plugin(plugin: Plugin, *, on: bool) -> None:
    """A plugin may refuse to go on, by raising; a broken one must still go off."""
    if on:
        plugin.on_enable()
        return
    with isolated(plugin.slug, "on_disable"):
        plugin.on_disable()
