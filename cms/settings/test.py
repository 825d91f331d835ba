"""Settings of the test suite: a cheap password hasher, tasks run at once, no file outside a temporary directory."""

import atexit
import os
import shutil
import tempfile

# Whatever KAIRAN_DATA says: a test never writes into the data of a real site.
os.environ["KAIRAN_DATA"] = tempfile.mkdtemp(prefix="kairan-test-")
atexit.register(shutil.rmtree, os.environ["KAIRAN_DATA"], ignore_errors=True)

from .base import *  # noqa: E402, F403  the data directory is chosen first
from .base import INSTALLED_APPS, STATIC_ROOT, STORAGES, TASKS  # noqa: E402  the data directory is chosen first

STATIC_ROOT.mkdir()  # WhiteNoise warns where it is missing
SECRET_KEY = "kairan-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A test's transaction never commits, so what it changes would not reach the page cache; its tests switch it on.
PAGE_CACHE = False
CACHES = {
    alias: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": alias}
    for alias in ("default", "heartbeat")
}
# Hashed names need a collectstatic run; templates are tested without one.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS["jobs"] = TASKS["default"]
INSTALLED_APPS += ["tests.dummy_plugin"]
