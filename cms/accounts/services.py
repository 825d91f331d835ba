"""What happens to accounts."""

from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from .models import User


def absolute_url(*, path: str) -> str:
    """Return the address of `path` on the configured host, never on the one that a request claims."""
    return urljoin(settings.BASE_URL, path)


def password_reset_url(*, person: User) -> str:
    """Return the link by which this person, and only once, chooses a new password."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return absolute_url(path=path)


def password_reset_mail_send(*, email: str, language: str) -> int:
    """Send one mail that lists every active ID of that address with its link; return how many there are.

    Nothing is sent to an unknown address: it would let anybody write to anybody in the association's name.
    """
    people = User.objects.active().with_email(email).order_by("username")
    accounts = [{"person": person, "url": password_reset_url(person=person)} for person in people]
    if not accounts:
        return 0
    context = {"accounts": accounts, "site_url": settings.BASE_URL, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600}
    with translation.override(language):
        subject = render_to_string("account/email/password_reset_ids_subject.txt", context).strip()
        message = render_to_string("account/email/password_reset_ids_message.txt", context)
    # To the stored address: the typed one may differ by letters that only look alike.
    send_mail(subject, message, None, [people[0].email])
    return len(accounts)
