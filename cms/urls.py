"""The site's addresses: the core's own, then each plugin's behind its gate, then the page tree."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from cms.plugin_api.gate import gated
from cms.plugin_api.urls import plugin_urlpatterns

urlpatterns = gated(
    [
        path("accounts/data/", include("cms.privacy.urls")),
        path("", include("cms.accounts.urls")),
        path("", include("cms.access.urls")),
        path("admin/", include(wagtailadmin_urls)),
        path("", include("cms.mail.urls")),
        path("", include("cms.media.urls")),
        path("", include("cms.site.urls")),
        path("search/", include("cms.search.urls")),
        path("drafts/", include("cms.drafts.urls")),
        path("contact/", include("cms.contact.urls")),
        *plugin_urlpatterns(),
        path("", include("cms.pages.urls")),
        path("", include(wagtail_urls)),
    ]
)

handler400 = "cms.site.views.errors.bad_request"
handler403 = "cms.site.views.errors.permission_denied"
handler404 = "cms.site.views.errors.page_not_found"
handler500 = "cms.site.views.errors.server_error"
