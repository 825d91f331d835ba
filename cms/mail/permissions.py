"""Who may look at mail in the admin, and who may do something about it."""

from django.contrib.auth.models import AbstractUser, AnonymousUser

VIEW_MAIL = "mail.view_message"
SEND_MAIL = "mail.add_message"
CHANGE_MAIL = "mail.change_delivery"
CHANGE_ADDRESSES = "mail.change_suppression"
VIEW_NOTICES = "mail.view_notice"
WRITE_NOTICES = "mail.add_notice"
SEND_NOTICES = "mail.add_message"
VIEW_MAILBOX = "mail.view_mailboxitem"


def may_view_mail(user: AbstractUser | AnonymousUser) -> bool:
    """Whether somebody may see what was sent to whom."""
    return user.has_perm(VIEW_MAIL)


def may_view_mailbox(user: AbstractUser | AnonymousUser) -> bool:
    """Whether somebody may read what the demo delivered: every mail, reset links included."""
    return user.has_perm(VIEW_MAILBOX)
