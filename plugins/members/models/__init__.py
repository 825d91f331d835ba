"""What the register keeps."""

from .claim import SeatClaim
from .corner import CornerVisitor, DirectoryEntry
from .declared import DeclaredCount
from .handover import Handover
from .imports import KnownColumn, RegisterAccess, RegisterImport
from .invitation import Invitation
from .joining import Application, ApplicationNote, Withdrawal
from .membership import Membership
from .officer import OfficerTerm
from .roster import RosterEntry, RosterRound

__all__ = [
    "Application",
    "ApplicationNote",
    "CornerVisitor",
    "DeclaredCount",
    "DirectoryEntry",
    "Handover",
    "Invitation",
    "KnownColumn",
    "Membership",
    "OfficerTerm",
    "RegisterAccess",
    "RegisterImport",
    "RosterEntry",
    "RosterRound",
    "SeatClaim",
    "Withdrawal",
]
