"""Rules that a page must keep, whatever its type."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.plugin_api import reserved_slug_owner
from cms.plugin_api.registry import get_plugin

HOME_DEPTH = 2
"""The depth of a site's home page in the tree; its children have the first path segments."""


def check_root_slug(slug: str, *, owner: str | None) -> None:
    """Refuse a slug directly below the home page that hides, or is hidden by, other addresses of the site.

    `owner` is the plugin whose page type asks; it may have its own prefix. Plugins that are off keep theirs.
    """
    holder = reserved_slug_owner(slug)
    if holder is None or holder == owner:
        return
    plugin = get_plugin(holder)
    if plugin is None:
        message = _("The address “/%(slug)s/” is used by the site itself. Choose another slug.")
        raise ValidationError({"slug": message % {"slug": slug}}, code="reserved")
    message = _("The address “/%(slug)s/” belongs to the plugin “%(plugin)s”. Choose another slug.")
    raise ValidationError({"slug": message % {"slug": slug, "plugin": plugin.title}}, code="reserved")
