"""Who may do what with enquiries."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class EnquiryPermissionPolicy(ModelPermissionPolicy):
    """Django's permissions, but that nobody writes an enquiry in the admin, administrators neither."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "add" and bool(super().user_has_permission(user, action))
