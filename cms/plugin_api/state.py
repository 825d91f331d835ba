"""Which plugins are on, read once a request and afresh outside of one."""

from contextvars import ContextVar

from .models import SiteState

_current: ContextVar[SiteState | None] = ContextVar("site_state", default=None)


def site_state() -> SiteState:
    """Return the state of this request, or the stored one outside a request."""
    return _current.get() or SiteState.objects.filter(pk=1).first() or SiteState(pk=1)


def is_enabled(slug: str) -> bool:
    """Say whether the plugin is on."""
    return bool(site_state().plugins.get(slug, {}).get("on"))
