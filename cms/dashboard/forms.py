"""Words of Wagtail's own forms and lists that keep one language: those that it makes from names of fields and never
hands to a translator, and those that it translates once, as the process starts, whoever reads them later.
"""

from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as of_wagtail  # under this name makemessages leaves it to Wagtail
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.forms.choosers import (
    AnchorLinkChooserForm,
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)
from wagtail.admin.forms.collections import GroupCollectionManagementPermissionFormSet
from wagtail.admin.forms.workflows import WorkflowPageForm
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.account import LocaleSettingsPanel, NameEmailSettingsPanel
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import AdminPageChooser
from wagtail.contrib.redirects.filters import RedirectsReportFilterSet
from wagtail.contrib.redirects.views import IndexView as RedirectIndexView
from wagtail.documents.forms import GroupDocumentPermissionFormSet
from wagtail.forms import TaskStateCommentForm
from wagtail.images.forms import GroupImagePermissionFormSet, ImageInsertionForm
from wagtail.sites.views import IndexView as SiteIndexView
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.users.forms import PagePermissionsForm
from wagtail.users.views.bulk_actions.assign_role import RoleForm

from cms.accounts.forms import OwnNameForm

LABELS: dict[type, dict[str, Promise]] = {
    AnchorLinkChooserForm: {"url": _("Name of the anchor"), "link_text": _("Text of the link")},
    EmailLinkChooserForm: {
        "email_address": _("Mail address"),
        "link_text": _("Text of the link"),
        "subject": _("Subject"),
        "body": _("Text of the mail"),
    },
    ExternalLinkChooserForm: {"link_text": _("Text of the link")},
    PhoneLinkChooserForm: {"phone_number": _("Telephone number"), "link_text": _("Text of the link")},
    PagePermissionsForm: {"page": _("Page")},
    RoleForm: {"role": _("Role")},
    WorkflowPageForm: {"page": _("Page")},
    TaskStateCommentForm: {"comment": of_wagtail("Comment")},
    ImageInsertionForm: {
        "format": of_wagtail("Format"),
        "image_is_decorative": of_wagtail("Image is decorative"),
        "alt_text": of_wagtail("Alt text"),
    },
}
COLUMNS: dict[str, Promise] = {"port": _("Port"), "site_name": _("Name of the site"), "root_page": _("Home page")}


CHOOSER: dict[str, Promise] = {
    "choose_one_text": of_wagtail("Choose"),
    "choose_another_text": of_wagtail("Choose another"),
    "edit_item_text": of_wagtail("Edit"),
    "search_tab_label": of_wagtail("Search"),
    "create_action_label": of_wagtail("Create"),
}
PERMISSIONS: dict[type, list[tuple[str, Promise, Promise]]] = {
    GroupCollectionManagementPermissionFormSet: [
        ("add_collection", of_wagtail("Add"), of_wagtail("Add collections")),
        ("change_collection", of_wagtail("Edit"), of_wagtail("Edit collections")),
        ("delete_collection", of_wagtail("Delete"), of_wagtail("Delete collections")),
    ],
    GroupImagePermissionFormSet: [
        ("add_image", of_wagtail("Add"), of_wagtail("Add/edit images you own")),
        ("change_image", of_wagtail("Edit"), of_wagtail("Edit any image")),
        ("choose_image", of_wagtail("Choose"), of_wagtail("Select images in choosers")),
    ],
    GroupDocumentPermissionFormSet: [
        ("add_document", of_wagtail("Add"), of_wagtail("Add/edit documents you own")),
        ("change_document", of_wagtail("Edit"), of_wagtail("Edit any document")),
        ("choose_document", of_wagtail("Choose"), of_wagtail("Select documents in choosers")),
    ],
}
REDIRECTS: dict[str, Promise] = {
    "old_path": of_wagtail("From"),
    "site": of_wagtail("Site"),
    "link": of_wagtail("To"),
    "get_is_permanent_display": of_wagtail("Type"),
}
CRUMBS = [
    {"url": reverse_lazy("wagtailadmin_home"), "label": of_wagtail("Home")},
    {"url": reverse_lazy("wagtailsnippets:index"), "label": of_wagtail("Snippets")},
]

choose_pages = AdminPageChooser.__init__
crumbs_of_snippets = SnippetViewSet.breadcrumbs_items.fget


def labels_complete() -> None:
    """Give them their labels, once for the process; and leave the language to the site's own switch."""
    LocaleSettingsPanel.is_active = lambda panel: False
    NameEmailSettingsPanel.form_class = OwnNameForm
    NameEmailSettingsPanel.title = pgettext_lazy("person", "Name")
    NameEmailForm.field_order = ["last_name", "first_name"]  # as in every other form of the site
    for form, labels in LABELS.items():
        for name, label in labels.items():
            form.base_fields[name].label = label  # type: ignore[attr-defined]  # of forms
    for column in SiteIndexView.columns:
        column.label = COLUMNS.get(column.name, column.label)
    for name, label in CHOOSER.items():
        setattr(ChooserViewSet, name, label)
    for formset, types in PERMISSIONS.items():
        formset.permission_types[:] = types  # type: ignore[attr-defined]  # its fields know the same list
        formset.form.base_fields["collection"].label = of_wagtail("Collection")  # type: ignore[attr-defined]  # the same
    _complete_redirects()
    AdminPageChooser.__init__ = _choose_pages
    WagtailPaginator.items_count_label = property(_count_in_words)
    SnippetViewSet.breadcrumbs_items = property(lambda viewset: CRUMBS[: len(crumbs_of_snippets(viewset))])


def _complete_redirects() -> None:
    RedirectIndexView.export_headings = REDIRECTS
    kind = RedirectsReportFilterSet.base_filters["is_permanent"]
    kind.label = of_wagtail("Type")
    kind.extra["choices"] = [(True, of_wagtail("Permanent")), (False, of_wagtail("Temporary"))]
    kind.extra["empty_label"] = of_wagtail("All")


def _choose_pages(chooser: AdminPageChooser, *args: Any, **kwargs: Any) -> None:
    """Name the only type of page that can be chosen in the language of who chooses."""
    choose_pages(chooser, *args, **kwargs)
    if chooser.choose_one_text != AdminPageChooser.choose_one_text:
        kind = chooser.model._meta.verbose_name  # noqa: SLF001  Django's public name for it
        chooser.choose_one_text = format_lazy("{} ({})", AdminPageChooser.choose_one_text, kind)


def _count_in_words(paginator: WagtailPaginator) -> str:
    """Say how many there are: English says the number first, Japanese what it is that is counted."""
    kind = paginator.verbose_name if paginator.count == 1 else paginator.verbose_name_plural
    return gettext("%(count)s %(kind)s") % {"count": f"{paginator.count:,}", "kind": kind}
