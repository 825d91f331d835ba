"""People who log in, the organisations they work for, and the seats they hold there."""

from .organisation import Organisation
from .seat import Affiliation, Seat
from .user import User

__all__ = ["Affiliation", "Organisation", "Seat", "User"]
