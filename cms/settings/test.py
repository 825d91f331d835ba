"""Settings of the test suite: a cheap password hasher, tasks run at once, no file outside the temporary directory."""

from .base import *  # noqa: F403

SECRET_KEY = "kairan-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
