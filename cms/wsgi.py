"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

APP_LOAD_ERROR = 4
"""The exit code at which gunicorn stops instead of trying the same again."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

try:
    application = get_wsgi_application()
except ImproperlyConfigured as mistake:
    print(f"Configuration: {mistake}", file=sys.stderr, flush=True)  # noqa: T201  nothing else is configured yet
    sys.exit(APP_LOAD_ERROR)
