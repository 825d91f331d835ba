"""Settings shared by every way of running Kairan."""

from django.utils.translation import gettext_lazy as _

from cms.plugin_api.loader import plugin_apps

from .environment import BASE_DIR, DATA_DIR, env
from .logins import *  # noqa: F403  one room's settings, kept together

CMS_PLUGINS = env.list("CMS_PLUGINS", default=None)
CMS_PLUGINS_DORMANT = env.list("CMS_PLUGINS_DORMANT", default=[])
CMS_THEME = env.str("CMS_THEME", default="standard")
THEMES_DIR = BASE_DIR / "themes"
BASE_URL = env.str("BASE_URL", default="http://localhost:8000")

INSTALLED_APPS = [
    "cms.plugin_api",
    "cms.accounts",
    "cms.media",
    "cms.calendar",
    "cms.jobs",
    "cms.translation",
    "cms.theming",
    "cms.site",
    "cms.pages",
    "cms.dashboard",
    "cms.demo",
    *plugin_apps(BASE_DIR / "plugins", CMS_PLUGINS, CMS_PLUGINS_DORMANT),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_q",
    "django_tasks",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.plugin_api.middleware.SiteStateMiddleware",
    "cms.site.middleware.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.accounts.middleware.AdminGuardMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # The active theme comes first, then the apps' own templates.
            "loaders": ["cms.theming.loaders.Loader"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'kairan.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: IMMEDIATE with WAL commits twice as much as the defaults and never answers "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://kairan_cache")}

if CACHES["default"]["BACKEND"] != "django.core.cache.backends.db.DatabaseCache":
    # Without its server, failed logins are counted in the database and pages are served all the same.
    CACHES = {
        "default": {
            "BACKEND": "cms.accounts.backends.FallbackCache",
            "OPTIONS": {"primary": "shared", "fallback": "database"},
        },
        "shared": CACHES["default"],
        "database": env.cache_url_config("dbcache://kairan_cache"),
    }

AUTH_USER_MODEL = "accounts.User"
WAGTAILIMAGES_IMAGE_MODEL = "media.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.SiteDocument"

LANGUAGE_CODE = "ja"
LANGUAGE_COOKIE_NAME = "kairan_language"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "cms" / "locale", *sorted(THEMES_DIR.glob("*/locale"))]
TIME_ZONE = "Asia/Tokyo"
# Fiscal year 2019 is 令和元年度 ("reiwa") or 平成31年度 ("heisei"): each body chose one.
CALENDAR_FY2019_ERA = env.str("CALENDAR_FY2019_ERA", default="reiwa")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# A theme's files are served below its own name: static/themes/<theme>/…
STATICFILES_DIRS = [(f"themes/{path.parent.name}", path) for path in sorted(THEMES_DIR.glob("*/static"))]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"

WAGTAIL_SITE_NAME = "Kairan"
# Addresses are short ASCII: proposed from type, year and number.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_BASE_URL = BASE_URL
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

Q_CLUSTER = {
    "name": "kairan",
    "orm": "default",
    "workers": 1,
    "timeout": 300,
    "retry": 3600,
    "max_attempts": 1,
    "ack_failures": True,
    "queue_limit": 2,
    "save_limit": 1000,
    "catch_up": False,
}
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "jobs": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
}
