"""Addresses that mails lead to, and the one to which a mail service reports."""

from django.conf import settings
from django.urls import URLPattern, path

from cms.mail.services.webhooks import webhook_services
from cms.mail.views import codes, unsubscribe

app_name = "mail"


def webhook_patterns() -> list[URLPattern]:
    """Return the configured service's webhook; nothing without one."""
    pattern = webhook_services().get(settings.MAIL_WEBHOOK_SERVICE)
    return [path("mail/hooks/tracking/", pattern.callback, name="webhook")] if pattern else []


urlpatterns = [
    path("code/", codes.CodeView.as_view(), name="code"),
    path("code/address/", codes.ConfirmAddressView.as_view(), name="confirm_address"),
    path("mail/unsubscribe/<str:token>/", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
    *webhook_patterns(),
]
