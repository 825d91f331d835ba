"""Mails of this room.

They are sent after the answer, so that its time tells nothing and a dead mail server breaks nothing.
"""

from django_tasks import task

from . import services


@task(backend="jobs")
def password_reset_mail_send(email: str, language: str) -> int:
    """Send the reset mail to whoever has that address."""
    return services.password_reset_mail_send(email=email, language=language)
