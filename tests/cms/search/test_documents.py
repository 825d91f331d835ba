"""Documents: found by title at once, by their text once it is read; what cannot be read is kept, and staff are told."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.urls import reverse

from cms.fulltext.query import parse
from cms.media.models import SiteDocument
from cms.search import services, tasks
from cms.search.enums import ExtractionState
from cms.search.models import DocumentText
from cms.search.selectors import Results
from tests.cms.fulltext import files

pytestmark = pytest.mark.postgres


def found(typed: str) -> list[str]:
    hits = Results(parse(typed), reader=AnonymousUser())[0:20]
    return ["".join(segment.text for segment in hit.title) for hit in hits]


@pytest.fixture
def upload(db: None, committed: Any) -> Any:
    """Upload a file as the admin does; its text is read as the worker would, at once in tests."""

    def uploaded(name: str, data: bytes) -> SiteDocument:
        with committed():
            return SiteDocument.objects.create(title=f"資料 {name}", file=ContentFile(data, name=name))

    return uploaded


def test_document_is_found_by_title_and_by_the_text_inside(upload: Any) -> None:
    document = upload("outline.docx", files.docx("共同利用の基本方針"))

    assert found("資料") == ["資料 outline.docx"]
    assert found("基本方針") == ["資料 outline.docx"]
    hit = Results(parse("基本方針"), reader=AnonymousUser())[0:1][0]
    assert hit.url == document.url
    assert hit.file == document


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("secret.pdf", files.pdf("秘", password=True), ExtractionState.PROTECTED),
        ("bomb.xlsx", files.bomb(), ExtractionState.TOO_LARGE),
        ("broken.pdf", b"%PDF-1.4 broken", ExtractionState.UNREADABLE),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00", ExtractionState.UNSUPPORTED),
        ("empty.txt", b" ", ExtractionState.EMPTY),
    ],
)
def test_what_cannot_be_read_is_kept_and_said_so(
    client: Any, admin_user: Any, upload: Any, name: str, data: bytes, state: ExtractionState
) -> None:
    document = upload(name, data)

    with document.file.open("rb") as kept:
        assert kept.read() == data
    assert DocumentText.objects.get(document=document).state == state
    assert found("資料") == [f"資料 {name}"]
    client.force_login(admin_user)
    report = client.get(reverse("search_documents")).content.decode()
    assert f"資料 {name}" in report
    assert str(state.label) in report


def test_replaced_file_is_read_anew(upload: Any, committed: Any) -> None:
    document = upload("plan.txt", "旧い計画".encode())
    assert found("旧い計画")

    with committed():
        document.file.save("plan-2.txt", ContentFile("新たな計画".encode()))

    assert found("新たな計画")
    assert not found("旧い計画")


def test_change_of_title_alone_reads_nothing(upload: Any, committed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = upload("plan.txt", "計画の本文".encode())
    monkeypatch.setattr(services.documents, "extract", None)

    document.title = "別の題"
    with committed():
        document.save()

    assert found("別の題") == ["別の題"]
    assert found("計画の本文") == ["別の題"]


def test_file_that_is_gone_is_unreadable_and_deleted_document_is_no_error(upload: Any) -> None:
    document = upload("plan.txt", "計画".encode())
    document.file.storage.delete(document.file.name)

    services.document_read(document_id=document.pk)
    services.document_read(document_id=0)

    assert DocumentText.objects.get().state == ExtractionState.UNREADABLE


def test_nightly_job_reads_what_came_by_another_way(db: None) -> None:
    document = SiteDocument.objects.create(title="一括取込み", file=ContentFile("取込みの本文".encode(), name="x.txt"))
    assert not found("取込みの本文")

    tasks.tidy.call()

    assert found("取込みの本文") == ["一括取込み"]
    assert services.unread_documents() == []
    assert DocumentText.objects.get(document=document).state == ExtractionState.DONE


def test_deleted_document_is_gone(upload: Any, committed: Any) -> None:
    document = upload("plan.txt", "計画".encode())

    with committed():
        document.delete()

    assert found("計画") == []
