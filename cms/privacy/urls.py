"""One's own data, below the account pages."""

from django.urls import path

from .views import DownloadView, OwnDataView

app_name = "privacy"
urlpatterns = [
    path("", OwnDataView.as_view(), name="own_data"),
    path("download/", DownloadView.as_view(), name="download"),
]
