"""What a mail service is answered that reports too early."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from cms.mail.services.bounces import DeliveryInHandError


def asks_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have the service report again in a minute where the delivery is still being sent."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DeliveryInHandError:
            return HttpResponse(status=503, headers={"Retry-After": "60"})

    return answered
