"""Settings of the demo and of a contributor's machine: SQLite, one shared cache table, mail to files."""

from .base import *  # noqa: F403  settings modules build on each other
from .environment import env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="kairan-development-only")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
