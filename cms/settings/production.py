"""Settings of a public site. Everything that differs between sites comes from the environment.

Fails closed: what has no safe default must be set, and what is unsafe is refused, each with one sentence.
"""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host  # noqa: TID251  the rule by which Django will judge each request

from .environment import env

env.require(["SECRET_KEY", "BASE_URL", "DATABASE_URL", "CACHE_URL", "EMAIL_URL", "KAIRAN_DATA"])

from .base import *  # noqa: E402, F403  what is missing is said first
from .base import ALLAUTH_TRUSTED_PROXY_COUNT, BASE_URL, DATA_DIR, STORAGES  # noqa: E402  what is missing is said first

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", default=True)
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or SECRET_KEY.startswith("django-insecure-"):
    raise ImproperlyConfigured(
        "SECRET_KEY must be 50 or more random characters, such as `openssl rand -base64 48` prints."
    )
if not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured(f"BASE_URL is '{BASE_URL}', but a production site is reached by https:// only.")
HOST = urlsplit(BASE_URL).hostname or ""
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=[HOST])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the site's hosts; '*' lets anyone forge links in its mails.")
if not validate_host(HOST, ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        f"ALLOWED_HOSTS leaves out {HOST}, the host of BASE_URL: the site would refuse its own address."
    )
env.require_folder("KAIRAN_DATA", DATA_DIR)
vars().update(env.email("EMAIL_URL"))

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

# TLS usually ends at a proxy. Only a deployment that has one, and that lets no one reach the application around it, may
# believe what the proxy says about scheme and client.
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
