"""Leaving a list. A GET only asks; the POST of a person or of a mail program (RFC 8058) does it."""

from typing import Any

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cms.mail.models import Delivery, OptOut
from cms.mail.services.optouts import opt_out_record, unsubscribe_delivery

TEMPLATE = "mail/unsubscribe.html"


# The signed token is the proof; a mail program that posts for its user has neither cookie nor CSRF token.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class UnsubscribeView(View):
    """Shows which list it is, and unsubscribes the address that the mail went to."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask, changing nothing: scanners fetch every link of a mail."""
        delivery = _delivery(token)
        gone = OptOut.objects.filter(list_id=delivery.message.list_id, address=delivery.address_key)
        return render(request, TEMPLATE, _context(delivery, done=gone.exists()))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Unsubscribe; a second time changes nothing."""
        delivery = _delivery(token)
        opt_out_record(delivery=delivery)
        return render(request, TEMPLATE, _context(delivery, done=True))


def _delivery(token: str) -> Delivery:
    try:
        return unsubscribe_delivery(token=token)
    except (BadSignature, ValueError, Delivery.DoesNotExist) as error:
        raise Http404 from error


def _context(delivery: Delivery, *, done: bool) -> dict[str, Any]:
    message = delivery.message
    return {"address": delivery.address, "list_name": message.list_name or message.list_id, "done": done}
