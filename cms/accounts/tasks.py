"""Mails of this room, and sessions that are over.

Mails are sent after the answer, so that its time tells nothing and a dead mail server breaks nothing.
"""

from django_tasks import task

from . import services


@task(backend="jobs")
def password_reset_mail_send(email: str, language: str) -> int:
    """Send the reset mail to whoever has that address."""
    return services.password_reset_mail_send(email=email, language=language)


@task(backend="jobs")
def end_departed_sessions() -> int:
    """End the sessions of who may not log in any more."""
    return services.departed_sessions_end()
