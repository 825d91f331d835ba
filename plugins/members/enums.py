"""The closed lists of this plugin."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JoinReason(models.TextChoices):
    """How a membership came about."""

    JOINED = "joined", _("Joined")
    SUCCEEDED = "succeeded", _("Succeeded a member")
    RECORDED = "recorded", _("A member since before this register")


class LeaveReason(models.TextChoices):
    """Why a membership ended."""

    WITHDREW = "withdrew", _("Withdrew")
    MERGED = "merged", _("Merged or changed its kind")
    DISSOLVED = "dissolved", _("Dissolved")
    OTHER = "other", _("Other reason")


class Standing(models.TextChoices):
    """What an organisation of the register is to the association on a day."""

    MEMBER = "member", _("Member")
    FORMER = "former", _("Former member")
    NEVER = "never", _("Not a member yet")


class Office(models.TextChoices):
    """What an officer organisation (役員団体) is, in the order of the roster."""

    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice_chair", _("Vice-chair")
    OFFICER = "officer", _("Officer")


class ApplicationState(models.TextChoices):
    """How far an application to join has come."""

    UNCONFIRMED = "unconfirmed", _("Mail address not confirmed yet")
    OPEN = "open", _("To be decided")
    ASKED = "asked", _("Asked back")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class WithdrawalState(models.TextChoices):
    """What has become of an announcement to leave."""

    ANNOUNCED = "announced", _("Announced")
    CONFIRMED = "confirmed", _("Confirmed")
    REVOKED = "revoked", _("Not carried out")


class ClaimState(models.TextChoices):
    """How far the claim of a seat has come."""

    UNCONFIRMED = "unconfirmed", _("Mail address not confirmed yet")
    OPEN = "open", _("To be decided")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class WrittenTo(models.TextChoices):
    """Who of an organisation is written to. Where nobody holds such a seat, its representative address is."""

    PEOPLE = "people", _("Everybody on a seat")
    SECTION_HEADS = "section_heads", _("Section heads only")
    ORGANISATION = "organisation", _("The representative mail address")


class PopulationBand(models.TextChoices):
    """How many people live there."""

    NEAR = "near", _("Close to ours (half to twice as many)")
    TO_10K = "0-10000", _("Less than 10,000")
    TO_30K = "10000-30000", _("10,000 to 30,000")
    TO_50K = "30000-50000", _("30,000 to 50,000")
    TO_100K = "50000-100000", _("50,000 to 100,000")
    TO_300K = "100000-300000", _("100,000 to 300,000")
    OVER_300K = "300000-", _("300,000 or more")

    def bounds(self, own: int | None) -> tuple[int, int | None]:
        """Return from how many and below how many people; `own` is the number that is asked about as near.

        Nothing is near an unknown number.
        """
        if self == self.NEAR:
            return ((own + 1) // 2, own * 2 + 1) if own else (0, 0)
        lower, _dash, upper = self.value.partition("-")
        return int(lower), int(upper) if upper else None


class Change(models.TextChoices):
    """How the membership differs from the end of the fiscal year before."""

    JOINED = "joined", _("Became members")
    LEFT = "left", _("Are no members any more")


class FileFormat(models.TextChoices):
    """How a table is written."""

    CSV = "csv", _("CSV (UTF-8)")
    CP932 = "cp932", _("CSV (Shift_JIS)")
    XLSX = "xlsx", _("Excel")


class ImportKind(models.TextChoices):
    """What the rows of a file are."""

    ORGANISATIONS = "organisations", _("Organisations")
    PEOPLE = "people", _("Seats and people")


class LineState(models.TextChoices):
    """What becomes of one row of a file."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    ERROR = "error", _("Error")


class RegisterUse(models.TextChoices):
    """How somebody saw personal data of the register."""

    LIST = "list", _("Listed")
    RECORD = "record", _("Opened")
    EXPORT = "export", _("Exported")
    DIRECTORY = "directory", _("Looked up people")


class Channel(models.TextChoices):
    """How a code reaches its reader."""

    MAIL = "mail", _("By mail")
    LETTER = "letter", _("By letter")


class Arrival(models.TextChoices):
    """How far a person on a seat has come on the way to an account of their own."""

    NOT_INVITED = "not_invited", _("Not invited yet")
    INVITED = "invited", _("Invited")
    EXPIRED = "expired", _("Invitation ran out")
    ACCEPTED = "accepted", _("Has an account")
    CLOSED = "closed", _("Account closed")


class Silence(models.TextChoices):
    """Why an organisation that was asked has no answer."""

    OUTSTANDING = "none", _("No answer yet")
    GONE = "gone", _("Left or closed")


class RosterAnswer(models.TextChoices):
    """What an organisation says when it is asked whether its people are still the same."""

    UNCHANGED = "unchanged", _("Nothing changes")
    CHANGED = "changed", _("Something changes")
