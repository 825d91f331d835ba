"""The frame of the site: its theme, what browsers may load, which answers are kept. `base` takes it over whole."""

from csp.constants import NONE, SELF, UNSAFE_INLINE

from .environment import BASE_DIR, env

CMS_THEME = env.str("CMS_THEME", default="standard")
THEMES_DIR = BASE_DIR / "themes"

# Where people report a weakness: an address or a page, for /.well-known/security.txt. None is invented.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")

ADMIN_PREFIX = "/admin/"
_EVERYWHERE = {
    "default-src": [NONE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "media-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    # The editor shows a page beside its form, in a frame of our own.
    "frame-ancestors": [SELF],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**_EVERYWHERE, "script-src": [SELF], "style-src": [SELF]}}
# Wagtail's explorer and its list of users have inline scripts and styles.
ADMIN_CONTENT_SECURITY_POLICY = {
    **_EVERYWHERE,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Django would rather have DENY; the preview beside the editor's form is a frame of our own.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SECURE_REFERRER_POLICY = "same-origin"

# Whether visitors are answered from the shared cache; off, every answer is made afresh.
PAGE_CACHE = env.bool("PAGE_CACHE", default=True)
# What is below these is never looked for among the kept answers: it has its own way, or is always somebody's own.
PAGE_CACHE_NEVER_BELOW = [
    ADMIN_PREFIX, "/accounts/", "/code/", "/contact/", "/drafts/", "/files/", "/healthz", "/language/", "/mail/",
    "/media/", "/static/",
]  # fmt: skip

CSRF_FAILURE_VIEW = "cms.site.views.errors.csrf_failure"
