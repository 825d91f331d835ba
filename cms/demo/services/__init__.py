"""What `manage.py demo` does: look before touching, prepare what changed, run web server and worker together."""

from .errors import DemoError
from .folder import DemoFolder
from .preparation import Preparation
from .processes import run_site

__all__ = ["DemoError", "DemoFolder", "Preparation", "run_site"]
