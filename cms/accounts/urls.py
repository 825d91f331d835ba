"""The one door for every login, and the others shut. Mounted at the root, before Wagtail's own addresses."""

from allauth.account.views import logout
from django.urls import include, path
from django.views.generic import RedirectView

from .views import home, reset_by_code, session_end, shut

urlpatterns = [
    path("accounts/", home, name="account_home"),
    # Addresses are shared and on file with the secretariat, which alone changes them.
    path("accounts/email/", shut),
    path("accounts/confirm-email/", shut),
    path("accounts/confirm-email/<str:key>/", shut),
    path("accounts/password/code/", reset_by_code, name="account_reset_password_by_code"),
    path("accounts/sessions/<int:pk>/end/", session_end, name="account_session_end"),
    path("accounts/", include("allauth.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    # Asks on GET and logs out on POST; Wagtail's own drops the session on GET.
    path("admin/logout/", logout),
    path("admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/", shut),
    path("files/authenticate_with_password/<int:restriction_id>/", shut),
]
