"""Hands out the resized copies of images. Nothing else in the folder of uploads has an address of its own."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

MAX_AGE = 7 * 24 * 60 * 60
"""Seconds that a browser may keep a rendition. A changed image gets renditions with other names."""


@require_safe
def rendition(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a rendition. Documents go through Wagtail's view; originals are for nobody."""
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT / "images"))
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
