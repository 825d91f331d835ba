"""Addresses of the dashboard, below the admin."""

from django.urls import path

from . import views

app_name = "dashboard"
urlpatterns = [
    path("", views.PluginListView.as_view(), name="plugins"),
    path("<slug:slug>/", views.PluginView.as_view(), name="plugin"),
    path("<slug:slug>/enable/", views.PluginSwitchView.as_view(on=True), name="plugin_enable"),
    path("<slug:slug>/disable/", views.PluginSwitchView.as_view(on=False), name="plugin_disable"),
]
