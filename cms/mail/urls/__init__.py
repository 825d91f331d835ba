"""Addresses that mails lead to, and the one to which a mail service reports."""

from django.conf import settings
from django.urls import URLPattern, path

from cms.mail.services.webhooks import webhook_services
from cms.mail.views import choices, codes, hooks, unsubscribe

app_name = "mail"


def webhook_patterns() -> list[URLPattern]:
    """Return the configured service's webhook; nothing without one."""
    pattern = webhook_services().get(settings.MAIL_WEBHOOK_SERVICE)
    return [path("mail/hooks/tracking/", hooks.asks_again(pattern.callback), name="webhook")] if pattern else []


urlpatterns = [
    path("accounts/mail/", choices.ChoicesView.as_view(), name="choices"),
    path("code/", codes.CodeView.as_view(), name="code"),
    path("code/address/", codes.ConfirmAddressView.as_view(), name="confirm_address"),
    path("mail/unsubscribe/<str:token>/", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
    *webhook_patterns(),
]
