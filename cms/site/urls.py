"""Addresses that belong to the frame of the site rather than to a page."""

from django.urls import path

from .views import language, machines, sitemap

urlpatterns = [
    path("language/", language.language_set, name="language_set"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path(".well-known/security.txt", machines.security_txt, name="security_txt"),
    path("healthz", machines.health, name="health"),
]
