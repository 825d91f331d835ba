"""The register's own pages in the admin, and the menu's ways to them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from plugins.members.permissions import VIEW_REGISTER
from plugins.members.views import applications, claims, files, handovers, people, register, roster
from plugins.members.views.recording import recorded


class RegisterMenuItem(MenuItem):
    """Shown to those who may read the register."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW_REGISTER)


class RegisterViewSet(ViewSet):
    """The register's own pages."""

    name = "members_admin"
    url_prefix = "members"
    icon = "group"
    menu_label = _("Register")
    menu_item_class = RegisterMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        patterns = [
            path("", register.RegisterListView.as_view(), name="register"),
            path("results/", register.RegisterListView.as_view(results_only=True), name="register_results"),
            path("people/", people.PeopleListView.as_view(), name="people"),
            path("people/results/", people.PeopleListView.as_view(results_only=True), name="people_results"),
            path("seats/<int:seat>/hand-over/", handovers.HandoverView.as_view(), name="hand_over"),
            path("seats/<int:seat>/cancel/", handovers.CancelView.as_view(), name="cancel_handover"),
            path("roster/start/", roster.StartView.as_view(), name="roster_start"),
            path("roster/<int:pk>/remind/", roster.RemindView.as_view(), name="roster_remind"),
            path("roster/answers/<int:pk>/", roster.RecordView.as_view(), name="roster_record"),
            path("roster/answers/<int:pk>/entered/", roster.EnteredView.as_view(), name="roster_entered"),
            path("import/", files.UploadView.as_view(), name="upload"),
            path("import/<int:pk>/", files.ImportView.as_view(), name="import"),
            path("import/<int:pk>/absent/", files.AbsentView.as_view(), name="import_absent"),
            path("export/<str:kind>/<str:file_format>/", files.ExportView.as_view(), name="export"),
            path("applications/<int:pk>/", applications.ApplicationView.as_view(), name="application"),
            path(
                "applications/<int:pk>/accept/",
                applications.AcceptApplicationView.as_view(),
                name="application_accept",
            ),
            path("applications/<int:pk>/ask/", applications.AskView.as_view(), name="application_ask"),
            path("applications/<int:pk>/decline/", applications.DeclineView.as_view(), name="application_decline"),
            path("applications/<int:pk>/letter/", applications.LetterView.as_view(), name="application_letter"),
            path("claims/<int:pk>/", claims.SeatClaimView.as_view(), name="claim"),
            path("claims/<int:pk>/approve/", claims.ApproveView.as_view(), name="claim_approve"),
            path("claims/<int:pk>/decline/", claims.DeclineView.as_view(), name="claim_decline"),
            path("withdrawals/<int:pk>/", applications.WithdrawalView.as_view(), name="withdrawal"),
            path("<int:pk>/", register.OrganisationView.as_view(), name="organisation"),
            path("<int:pk>/admit/", register.AdmitView.as_view(), name="admit"),
            path("<int:pk>/withdraw/", register.WithdrawView.as_view(), name="withdraw"),
            path("<int:pk>/close/", register.CloseView.as_view(), name="close"),
        ]
        # What is exported is recorded with its number of rows, by the service.
        return recorded(patterns, but=("roster_start", "roster_remind", "upload", "export"))


class PeopleMenuViewSet(ViewSet):
    """The menu's way to the people on the seats; the pages stand with the register's own."""

    name = "members_people"
    icon = "user"
    menu_label = _("People and invitations")
    menu_item_class = RegisterMenuItem

    @property
    def menu_url(self) -> str:
        return reverse("members_admin:people")
