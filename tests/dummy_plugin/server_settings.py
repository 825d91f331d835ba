"""A site with the dummy plugin, for tests that start servers: the demo's settings, the shared cache too."""

from cms.settings.dev import *  # noqa: F403  a settings module

# Hashed names of static files would need a collectstatic run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405  from there
INSTALLED_APPS += ["tests.dummy_plugin"]  # noqa: F405  from the settings above
