"""Generic admin views, in viewset classes that are Wagtail's own, over a model of ours and one of the core's."""

from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from cms.accounts.models import Organisation

from .models import Thing

thing_viewset = ModelViewSet("thing", model=Thing, form_fields=["name"], add_to_admin_menu=True, icon="cog")
thing_chooser = ChooserViewSet("thing_chooser", model=Thing)
organisation_viewset = ModelViewSet("dummy_organisations", model=Organisation, form_fields=["name"], icon="cog")
