"""Settings of a public site. Everything that differs between sites comes from the environment."""

from .base import *  # noqa: F403  settings modules build on each other
from .environment import env

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
REQUIRE_STAFF_MFA = env.bool("REQUIRE_STAFF_MFA", default=True)
