"""Paces of domains: Wagtail's own list and form."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from .models import DomainPace


class DomainPaceViewSet(ModelViewSet):
    """How many messages a minute a domain is sent."""

    model = DomainPace
    name = "mail_paces"
    url_prefix = "mail/paces"
    icon = "time"
    menu_label = _("Paces of domains")
    form_fields = ["domain", "per_minute"]
    list_display = ["domain", "per_minute"]
    search_fields = ["domain"]
    copy_view_enabled = False
    add_to_admin_menu = False


domain_paces = DomainPaceViewSet()
