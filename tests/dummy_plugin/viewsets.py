"""Generic admin views over a model, in a viewset class that is Wagtail's own."""

from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Thing

thing_viewset = ModelViewSet("thing", model=Thing, form_fields=["name"], add_to_admin_menu=True, icon="cog")
thing_chooser = ChooserViewSet("thing_chooser", model=Thing)
