"""Public addresses: a view of our own, and a generic one that only its place gives away as ours."""

from django.urls import path
from django.views.generic import TemplateView

from . import views

app_name = "dummy"
urlpatterns = [
    path("", views.index, name="index"),
    path("generic/", TemplateView.as_view(template_name="dummy/card.html"), name="generic"),
]
