"""Puts enquiries into the admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from .models import Enquiry
from .permissions import EnquiryPermissionPolicy
from .viewsets import EnquiryViewSet, SettleBulkAction

register_permission_policy(Enquiry, EnquiryPermissionPolicy(Enquiry))
register_snippet(EnquiryViewSet)
hooks.register("register_bulk_action", SettleBulkAction)
