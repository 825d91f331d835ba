"""What other libraries tell this room."""

from typing import Any

from .services.webhooks import tracking_record


def receive_tracking(sender: Any, event: Any, esp_name: str, **kwargs: Any) -> None:
    """Hear what a mail service reports; anymail has checked its signature."""
    tracking_record(event=event)
