"""What mail services report by their signed webhooks, through django-anymail."""

from __future__ import annotations

from typing import Any

from anymail import urls as anymail_urls

from cms.mail.enums import BounceKind
from cms.mail.models import Delivery

from .bounces import bounce_record
from .reports import DeliveryReport, delivery_key

_KINDS = {
    "bounced": BounceKind.HARD,
    "rejected": BounceKind.HARD,
    "failed": BounceKind.SOFT,
    "complained": BounceKind.COMPLAINT,
}
_SOFT_REASONS = {"timed_out", "spam", "blocked", "other"}


def webhook_services() -> dict[str, Any]:
    """Return the address pattern of each service's webhook for tracking, by the service's name."""
    ending = "_tracking_webhook"
    named = {str(pattern.name): pattern for pattern in anymail_urls.urlpatterns}
    return {name.removesuffix(ending): pattern for name, pattern in named.items() if name.endswith(ending)}


def tracking_record(*, event: Any) -> Delivery | None:
    """Record what an `AnymailTrackingEvent` says, if it says that something came back."""
    kind = _KINDS.get(str(event.event_type))
    if kind is None:
        return None
    if kind is BounceKind.HARD and str(event.reject_reason) in _SOFT_REASONS:
        # The service keeps back what it takes for spam, or gave up: that says nothing of the address.
        kind = BounceKind.SOFT
    key = delivery_key(f"<{str(event.message_id or '').strip('<>')}>")
    detail = " ".join(
        filter(None, [str(event.reject_reason or ""), str(event.mta_response or event.description or "")])
    )
    report = DeliveryReport(kind, str(event.recipient or "").lower(), key, detail[:500])
    return bounce_record(report=report, signed=True)
