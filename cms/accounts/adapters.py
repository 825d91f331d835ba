"""Where allauth asks us."""

from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.calendar import today

from .models import User
from .permissions import can_enter_admin


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up, and one sentence for every failed login."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "The login ID or the password is not right. If your section shares one mail address, use your login ID."
        ),
        "too_many_login_attempts": _(
            "There were too many failed attempts for this login ID. Please wait five minutes, then try again, or "
            "choose a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the secretariat."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Say to who has left their seat why nobody is let in, however they proved who they are."""
        if User.objects.departed_on(today()).filter(pk=user.pk).exists():
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Bring the secretariat to its desk and everybody else to the site."""
        return reverse("wagtailadmin_home") if can_enter_admin(request.user) else settings.LOGIN_REDIRECT_URL

    def get_client_ip(self, request: HttpRequest) -> str:
        """Write IPv4 that came in over a socket for both as IPv4: as IPv6, all of it is one network."""
        ip: str = super().get_client_ip(request)
        return str(getattr(ip_address(ip), "ipv4_mapped", None) or ip)

    def get_client_origin(self, request: HttpRequest) -> str:
        """Return whom every throttle counts a request to: an IPv4 address, or the network (/64) of an IPv6 address.

        Whoever has one IPv6 address has all of its network. It is what allauth counts its own limits by.
        """
        return str(ratelimit.get_ip(request))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by account alone: allauth's key has the host's name in it, so each name would give more attempts."""
        return str(credentials.get("username") or "").casefold()


class MFAAdapter(DefaultMFAAdapter):
    """Names the account by its ID: addresses are shared."""

    def get_totp_issuer(self) -> str:
        """Return what an authenticator app lists the account under."""
        return settings.WAGTAIL_SITE_NAME

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    def _get_user_identifier(self, user: User) -> str:
        return user.username
