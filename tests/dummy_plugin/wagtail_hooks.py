"""Hooks into the admin, through the guarded register."""

from django.urls import path, reverse
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem

from cms.plugin_api import hooks

from . import views
from .viewsets import organisation_viewset, thing_chooser, thing_viewset


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [thing_viewset, thing_chooser, organisation_viewset]


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("dummy-panel/", views.Panel.as_view(), name="dummy_panel"),
        path("dummy-generic/", TemplateView.as_view(template_name="dummy/card.html"), name="dummy_generic"),
    ]


@hooks.register("register_admin_menu_item")
def register_menu_item():
    return MenuItem("Dummy panel", reverse("dummy_panel"), name="dummy-panel")


@hooks.register("register_settings_menu_item")
def register_settings_item():
    return MenuItem("Dummy setting", reverse("dummy_generic"), name="dummy-setting")


@hooks.register("construct_homepage_panels")
def add_panel(request, panels):
    request.dummy_panel_asked = True


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("dummy.tidy", "Tidied dummily", "Tidied up the dummy things")


@hooks.register("insert_global_admin_css")
def css():
    return "<!-- dummy css -->"
