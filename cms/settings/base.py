"""Settings shared by every way of running Kairan."""

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from cms.plugin_api.loader import plugin_apps

from .environment import BASE_DIR, DATA_DIR, env, first_line
from .frame import *  # noqa: F403  one room's settings, kept together
from .frame import THEMES_DIR
from .logins import *  # noqa: F403  one room's settings, kept together

CMS_PLUGINS = env.words("CMS_PLUGINS", default=None)
CMS_PLUGINS_DORMANT = env.words("CMS_PLUGINS_DORMANT", default=[])
# The demo keeps the address that it was started with, so that jobs and commands beside it link to the same place.
BASE_URL = env.address("BASE_URL", default=first_line(DATA_DIR / "base_url", "http://localhost:8000"))

INSTALLED_APPS = [
    "cms.plugin_api",
    "cms.accounts",
    "cms.access",
    "cms.media",
    "cms.calendar",
    "cms.jobs",
    "cms.mail",
    "cms.translation",
    "cms.theming",
    "cms.site",
    "cms.announcements",
    "cms.contact",
    "cms.privacy",
    "cms.pages",
    "cms.drafts",
    "cms.search",
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
    "cms.accounts.apps.PeopleConfig",  # wagtail.users with our forms
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
    "cms.site.middleware.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cms.site.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.plugin_api.middleware.SiteStateMiddleware",
    "cms.site.middleware.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cms.accounts.middleware.EndedSessionMiddleware",
    "cms.access.middleware.ReaderMiddleware",
    "cms.theming.middleware.ThemePreviewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.access.middleware.PublicationMiddleware",
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

DATABASES = {"default": env.database("DATABASE_URL", default=DATA_DIR / "kairan.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One cache that every process shares. The queue's heartbeat, written each second, has an alias of its own: a file
# where the cache is a database table, which a write a second would keep busy.
_table = {**env.cache_url_config("dbcache://kairan_cache"), "OPTIONS": {"MAX_ENTRIES": 10_000}}
_shared = env.cache("CACHE_URL", default="dbcache://kairan_cache")
if _shared["BACKEND"] == _table["BACKEND"]:
    CACHES = {
        "default": {**_table, **_shared},
        "heartbeat": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "heartbeat",
        },
    }
else:
    CACHES = {
        # Without its server, failed logins are counted in the database and pages are served all the same.
        "default": {
            "BACKEND": "cms.accounts.backends.FallbackCache",
            "OPTIONS": {"primary": "shared", "fallback": "database"},
        },
        "shared": _shared,
        "database": _table,
        "heartbeat": {**_shared, "KEY_PREFIX": "heartbeat"},
    }

AUTH_USER_MODEL = "accounts.User"
WAGTAILIMAGES_IMAGE_MODEL = "media.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.media.forms.SiteImageForm"
WAGTAILDOCS_DOCUMENT_MODEL = "media.SiteDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.media.forms.SiteDocumentForm"
# A request larger than the second is not even read; what lies between is refused by its form, which keeps the rest.
DOCUMENT_UPLOAD_LIMIT = 100 * 1024 * 1024
UPLOAD_LIMIT = 300 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "cms.media.storage.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# 50 million pixels is an A3 page at 400 dpi and more than any camera in use; decoding one takes some 200 MB.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
# Each is handed out as a download. No SVG, no HTML: they can carry scripts.
WAGTAILDOCS_EXTENSIONS = [
    "csv", "doc", "docx", "ics", "jtd", "odp", "ods", "odt", "pdf", "ppt", "pptx", "txt", "xls", "xlsx", "zip",
]  # fmt: skip
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_SERVE_METHOD = "serve_view"
MEDIA_SENT_BY = env.media_server("MEDIA_SENT_BY")

LANGUAGE_CODE = "ja"
LANGUAGE_COOKIE_NAME = "kairan_language"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "cms" / "locale",
    *sorted(THEMES_DIR.glob("*/locale")),
    # What Wagtail and others leave in English, or say in other words than a public office does.
    BASE_DIR / "cms" / "translation" / "libraries" / "locale",
]
TIME_ZONE = "Asia/Tokyo"
# Fiscal year 2019 is 令和元年度 ("reiwa") or 平成31年度 ("heisei"): each body chose one.
CALENDAR_FY2019_ERA = env.str("CALENDAR_FY2019_ERA", default="reiwa")
USE_I18N = True
USE_TZ = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# One choice hides the account page's own: the site's clock holds in the admin too.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# A theme's files are served below its own name: static/themes/<theme>/…
STATICFILES_DIRS = [(f"themes/{path.parent.name}", path) for path in sorted(THEMES_DIR.glob("*/static"))]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Stock backends find nothing in Japanese. This is the search of the admin; the site's own is beside it in cms.search.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search.backends"}}
WAGTAIL_SITE_NAME = "Kairan"
# No text takes embeds; Wagtail's own form for them would ask servers elsewhere all the same.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
# Addresses are short ASCII: proposed from type, year and number.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_BASE_URL = BASE_URL
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Whatever is mailed becomes a row of the outbox; MAIL_TRANSPORT, from EMAIL_URL, is how it leaves from there.
EMAIL_BACKEND = "cms.mail.backends.OutboxBackend"
MAIL_TRANSPORT = "cms.mail.transports.mailbox.MailboxTransport"
MAIL_TRANSPORT_BACKEND = ""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"noreply@{urlsplit(BASE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_MESSAGE_ID_DOMAIN = env.str("MAIL_MESSAGE_ID_DOMAIN", default="")
# Where bounces go. With {key} in it, each delivery gets an address of its own: bounce+{key}@example.jp
MAIL_RETURN_PATH = env.str("MAIL_RETURN_PATH", default="")
MAIL_BOUNCE_MAILBOX = env.str("MAIL_BOUNCE_MAILBOX", default="")
# The mail service whose webhooks report bounces (a name of django-anymail's, such as "postmark"), the "user:password"
# that it sends with each, and its key for signatures where it makes some. Without a service no such address exists.
MAIL_WEBHOOK_SERVICE = env.str("MAIL_WEBHOOK_SERVICE", default="")
ANYMAIL = {
    "WEBHOOK_SECRET": env.str("MAIL_WEBHOOK_SECRET", default=""),
    **dict.fromkeys(
        [
            "MAILGUN_WEBHOOK_SIGNING_KEY",
            "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
            "RESEND_SIGNING_SECRET",
            "MAILERSEND_SIGNING_SECRET",
        ],
        env.str("MAIL_WEBHOOK_SIGNING_KEY", default="") or None,
    ),
}
MAIL_SMTP_TIMEOUT = env.int("MAIL_SMTP_TIMEOUT", default=30)
MAIL_KEEP_BODIES_DAYS = env.int("MAIL_KEEP_BODIES_DAYS", default=365)

# Work that outlives a request. `default` runs at once, because Wagtail enqueues its search index through it and what is
# published must be found at once; `jobs` waits for the worker.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "jobs": {"BACKEND": "cms.jobs.backends.QueueBackend"},
}
Q_CLUSTER = {
    "name": "kairan",
    "orm": "default",
    "cache": "heartbeat",
    "workers": env.int("JOB_WORKERS", default=1),
    "timeout": 300,
    # A task is delivered again only when its worker died; a retry before the timeout would run it twice.
    "retry": 3600,
    # Failures are acknowledged and kept; whoever wants a retry enqueues one.
    "max_attempts": 1,
    "ack_failures": True,
    "queue_limit": 2,
    "save_limit": 1000,
    "catch_up": False,
    "poll": 0.5,
    # The heartbeat expires after three seconds.
    "guard_cycle": 1,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # A line for each save of each page; what was done to pages is in the admin's site history.
        "django_tasks": {"level": "WARNING"},
        # A line for each job that waits and each that is done; the admin's home shows how many, and which failed.
        "django-q": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}
