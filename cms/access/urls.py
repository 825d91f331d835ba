"""Where Wagtail has views that know nothing of our rules: privacy, choosers, moves, tags. Mounted before it."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from .views.choosers import ReadableBrowseView, ReadableChosenMultipleView, ReadableExternalLinkView
from .views.desk import ReadableMoveConfirmView
from .views.rules import CollectionRuleView, PageRuleView, collection_reach, page_reach
from .views.tags import propose_tags

choose_page = require_admin_access(ReadableBrowseView.as_view())

urlpatterns = [
    path("admin/choose-page/", choose_page),
    path("admin/choose-page/<int:parent_page_id>/", choose_page),
    path("admin/choose-page/chosen-multiple/", require_admin_access(ReadableChosenMultipleView.as_view())),
    path("admin/choose-external-link/", require_admin_access(ReadableExternalLinkView.as_view())),
    path(
        "admin/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/",
        require_admin_access(ReadableMoveConfirmView.as_view()),
    ),
    path("admin/tag-autocomplete/", require_admin_access(propose_tags)),
    path("admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/", require_admin_access(propose_tags)),
    path("admin/pages/<int:pk>/privacy/", require_admin_access(PageRuleView.as_view())),
    path("admin/pages/<int:pk>/reach/", require_admin_access(page_reach), name="access_page_reach"),
    path("admin/collections/<int:pk>/privacy/", require_admin_access(CollectionRuleView.as_view())),
    path("admin/collections/<int:pk>/reach/", require_admin_access(collection_reach), name="access_collection_reach"),
]
