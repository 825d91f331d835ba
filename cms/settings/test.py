"""Settings of the test suite: a cheap password hasher, tasks run at once, no file outside a temporary directory."""

import atexit
import os
import shutil
import tempfile

# Whatever KAIRAN_DATA says: a test never writes into the data of a real site.
os.environ["KAIRAN_DATA"] = tempfile.mkdtemp(prefix="kairan-test-")
atexit.register(shutil.rmtree, os.environ["KAIRAN_DATA"], ignore_errors=True)

from .base import *  # noqa: E402, F403  the data directory is chosen first

STATIC_ROOT.mkdir()  # noqa: F405  WhiteNoise warns where it is missing

SECRET_KEY = "kairan-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names need a collectstatic run; templates are tested without one.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS += ["tests.dummy_plugin"]  # noqa: F405  from base
