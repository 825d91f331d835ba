"""Settings of the demo and of a contributor's machine: SQLite, a shared cache table, mail to a mailbox in the admin."""

from .base import *  # noqa: F403  settings modules build on each other
from .base import DATA_DIR
from .environment import env, first_line

DEBUG = env.bool("DEBUG", default=False)
# The demo makes a key of its own and keeps it; this one is for commands on a machine that never ran it.
SECRET_KEY = env.str("SECRET_KEY", default=first_line(DATA_DIR / "secret_key", "django-insecure-development-only"))
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
vars().update(env.email("EMAIL_URL", default="mailbox://"))
DEMO_ACCOUNTS_ALLOWED = True
# A domain that is reserved for examples: the demo has a security.txt, and nobody gets its mail.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="mailto:security@example.jp")
