"""What members find in their corner: a document for members only, and somebody who lets others find them."""

from __future__ import annotations

from django.core.files.base import ContentFile
from wagtail.models import Collection

from cms.access.enums import Audience
from cms.access.services import access_rule_set
from cms.accounts.models import User
from cms.media.models import SiteDocument
from plugins.members.models import DirectoryEntry

COLLECTION = "会員専用（見本）"
TITLE = "見本：担当者名簿の記入例"
_LINES = (
    "団体コード,団体名,役割,姓,名,メールアドレス",
    "980005,見本第1市,主管課長,見本,課長A,joho@a.example.jp",
    "980005,見本第1市,正担当者,見本,担当者A,joho@a.example.jp",
)


def load_corner() -> None:
    """Load the document into a collection that only members read, and list one person in the directory."""
    root = Collection.get_first_root_node()
    collection = root.add_child(name=COLLECTION)
    access_rule_set(subject=collection, audience=Audience.MEMBERS)
    file = ContentFile("\r\n".join([*_LINES, ""]).encode("utf-8-sig"), "sample-roster.csv")
    document = SiteDocument(title=TITLE, file=file, collection=collection)
    document._set_document_file_metadata()  # noqa: SLF001 - what Wagtail's own form calls
    document.save()
    person = User.objects.filter(username="member-b").first()
    if person is not None:
        DirectoryEntry.objects.create(person=person, about="見本：基幹系システムの更新")
