"""The editor's form, posted as the browser posts it."""

import json
import re
from html import unescape
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse

from cms.calendar import fiscal_year_of, today
from plugins.seminars.models import Occurrence, SeminarPage
from tests.factories.accounts import UserFactory
from tests.factories.seminars import OccurrenceFactory, SeminarPageFactory, SessionFactory, talk


@pytest.fixture
def editor(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


def formset(prefix, rows, *, initial=0):
    fields = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    fields |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    for number, row in enumerate(rows):
        row = {"id": "", "ORDER": number + 1, "DELETE": "", "key": str(uuid4()), **row}
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def occurrence(number, *, sessions=(), initial=0, **values):
    values = {"start": "2010-02-09 13:30", "end": "2010-02-09 17:00", "venue_city": "東京", **values}
    values = {"venue_building": "", "venue_room": "", "attendance": "", **values}
    rows = [{"label": "午前の部", "attendance": "", "start": "", "end": "", **session} for session in sessions]
    return values, formset(f"occurrences-{number}-sessions", rows, initial=initial)


def stream(prefix, values, *, kind):
    fields = {f"{prefix}-count": len(values)}
    for number, value in enumerate(values):
        item = f"{prefix}-{number}"
        fields |= {f"{item}-deleted": "", f"{item}-order": number, f"{item}-type": kind, f"{item}-id": str(uuid4())}
        fields |= {f"{item}-value-{name}": entered for name, entered in value.items()}
    return fields


def posted(*occurrences, talks=(), initial=0, **values):
    data = {"title": "セミナー", "slug": "fy2009-cloud", "fiscal_year": 2009, "attendance_meaning": "cumulative"}
    data |= {"language": "ja", "action-publish": "1", "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    data |= (
        stream("hosts", [], kind="host") | stream("documents", [], kind="document") | stream("body", [], kind="text")
    )
    data |= stream("programme", [{"speakers-count": 0, **talk} for talk in talks], kind="talk")
    data |= formset("occurrences", [row for row, _sessions in occurrences], initial=initial)
    for _row, sessions in occurrences:
        data |= sessions
    return {**data, **values}


def add(editor, index, data):
    return editor.post(reverse("wagtailadmin_pages:add", args=("seminars", "seminarpage", index.pk)), data)


def edit(editor, page, data):
    return editor.post(reverse("wagtailadmin_pages:edit", args=(page.pk,)), data)


def in_json(words):
    """Return the words as they stand in the data of a StreamField."""
    return json.dumps(words)[1:-1]


def test_a_seminar_is_published_in_one_step(editor, index):
    tokyo = str(uuid4())
    row, sessions = occurrence(0, key=tokyo, sessions=[{"label": "午前の部", "attendance": 133}])
    talk = {"kind": "lecture", "title": "自治体クラウドについて", "at": tokyo}
    response = add(editor, index, posted((row, sessions), talks=[talk]))
    assert response.status_code == 302
    page = SeminarPage.objects.get(slug="fy2009-cloud")
    assert page.live
    assert str(page.held[0].key) == tokyo
    assert page.held[0].sessions.get().attendance == 133
    assert [talk["title"] for talk in page.programme_by_occurrence[0].talks] == ["自治体クラウドについて"]


@pytest.mark.parametrize(
    ("occurrences", "values", "sentence"),
    [
        ([occurrence(0, end="2010-02-09 13:00")], {}, "終了は開始より後にしてください。"),
        (
            [occurrence(0, sessions=[{"start": "2010-02-09 10:00", "end": "2010-02-09 12:00"}])],
            {},
            "「午前の部」の時間が、開催の時間の範囲外です。",
        ),
        ([occurrence(0)], {"fiscal_year": 2010}, "最初の開催は平成21年度ですが、年度が平成22年度になっています。"),
        ([occurrence(0, attendance=40)], {"attendance_total": 41}, "合計は41名ですが、内訳を足すと40名になります。"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_a_sentence(editor, index, occurrences, values, sentence):
    response = add(editor, index, posted(*occurrences, **values))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not SeminarPage.objects.exists()


def test_a_repeated_key_is_refused(editor, index):
    key = str(uuid4())
    response = add(editor, index, posted(occurrence(0, key=key), occurrence(1, key=key)))
    assert "識別子が重複しています。" in response.content.decode()
    assert not SeminarPage.objects.exists()


def test_a_talk_at_an_occurrence_that_was_removed_is_refused(editor, index):
    response = add(editor, index, posted(occurrence(0), talks=[{"kind": "", "title": "講演", "at": str(uuid4())}]))
    assert in_json("この演目は、削除された開催を選んでいます。") in response.content.decode()
    assert not SeminarPage.objects.exists()


def test_a_draft_may_be_incomplete(editor, index):
    data = posted()
    del data["action-publish"]
    assert add(editor, index, data).status_code == 302
    assert not SeminarPage.objects.get().live


def stored_rows(page):
    return [
        occurrence(
            number,
            id=row.pk,
            key=str(row.key),
            initial=row.sessions.count(),
            sessions=[{"id": part.pk, "key": str(part.key), "label": part.label} for part in row.sessions.all()],
        )
        for number, row in enumerate(page.occurrences.all())
    ]


def test_keys_stay_when_a_seminar_is_edited(editor, index):
    page = SeminarPageFactory(parent=index)
    row = OccurrenceFactory(page=page)
    part = SessionFactory(occurrence=row)
    response = edit(editor, page, posted(*stored_rows(page), initial=1, slug=page.slug, title="改題"))
    assert response.status_code == 302
    stored = SeminarPage.objects.get(pk=page.pk)
    assert (stored.title, stored.held[0].key, stored.held[0].pk) == ("改題", row.key, row.pk)
    assert stored.held[0].sessions.get().key == part.key


@pytest.fixture
def registrations(transactional_db):
    """A table whose rows forbid that the occurrence they belong to is deleted, as registrations will."""

    class Registration(models.Model):
        occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "seminars"

        def __str__(self):
            return str(self.occurrence)

    with connection.schema_editor() as editor:
        editor.create_model(Registration)
    yield Registration
    del apps.all_models["seminars"]["registration"]
    apps.clear_cache()
    with connection.schema_editor() as editor:
        editor.delete_model(Registration)


def test_an_occurrence_that_others_point_at_cannot_be_removed(registrations, editor, index):
    page = SeminarPageFactory(parent=index)
    registrations.objects.create(occurrence=OccurrenceFactory(page=page))
    (row, sessions) = stored_rows(page)[0]
    data = posted((row | {"DELETE": "1"}, sessions), initial=1, slug=page.slug)
    response = edit(editor, page, data)
    assert "申込みなどの記録があるため、削除できません。" in response.content.decode()
    assert page.occurrences.count() == 1


def test_an_occurrence_that_nobody_points_at_can_be_removed(editor, index):
    page = SeminarPageFactory(parent=index)
    OccurrenceFactory(page=page)
    (row, sessions) = stored_rows(page)[0]
    data = posted((row | {"DELETE": "1"}, sessions), initial=1, slug=page.slug)
    assert edit(editor, page, data).status_code == 302
    assert Occurrence.objects.count() == 0


def test_a_new_seminar_begins_with_this_year_and_the_association_as_host(editor, index):
    site = index.get_site()
    site.site_name = "全国市町村情報管理主管課長会"
    site.save()
    response = editor.get(reverse("wagtailadmin_pages:add", args=("seminars", "seminarpage", index.pk)))
    form = response.context["form"]
    (host,) = form["hosts"].value()
    assert (host.value["name"], host.value["role"]) == ("全国市町村情報管理主管課長会", "host")
    assert form["slug"].value() == f"fy{fiscal_year_of(today())}-seminar-1"
    assert form["fiscal_year"].value() == fiscal_year_of(today())


def test_the_form_brings_the_script_that_gives_keys_and_draws_the_occurrences(editor, index):
    html = editor.get(reverse("wagtailadmin_pages:add", args=("seminars", "seminarpage", index.pk))).content.decode()
    assert html.count('data-controller="seminar-key"') >= 2
    assert 'data-controller=\\"seminar-occurrence-keys\\"' in html.replace("&quot;", '"')
    assert "seminars/programme_editor.js" in html
    assert html.count('class="w-panel__wrapper w-hidden"') >= 2  # a key is nobody's business, its label neither


def test_comparison_shows_people_what_they_can_read(editor, index):
    page = SeminarPageFactory(parent=index)
    rows = [OccurrenceFactory(page=page, venue_city=city) for city in ("東京", "大阪")]
    page = SeminarPage.objects.get(pk=page.pk)
    page.programme = [talk(title="講演", at=[str(rows[0].key)], kind="keynote"), talk(title="閉会")]
    page.hosts = [("host", {"name": "協会", "role": "host"})]
    page.save_revision().publish()
    ids = [child.id for child in (*page.programme, *page.hosts)]
    page.programme = [talk(title="講演", at=[str(rows[1].key)], kind="lecture"), talk(title="閉会", at=[str(uuid4())])]
    page.hosts = [("host", {"name": "協会", "role": "supporter"})]
    for child, known in zip((*page.programme, *page.hosts), ids, strict=True):
        child.id = known
    speaker = {"name": "見本 太郎", "honorific": "氏", "affiliation": "見本市 <情報課>", "post": "係長"}
    page.programme.append(talk(title="報告", speakers=[speaker]))
    page.save_revision()

    for address in ("revisions/compare/live...latest/", "approval-sheet/"):
        text = editor.get(f"/admin/pages/{page.pk}/{address}").text.partition("</main>")[0]
        text = unescape(re.sub(r"<[^>]*>", " ", text))
        assert re.findall(r"None|True|False|\+0\d:00|[0-9a-f]{8}-[0-9a-f]{4}|識別子", text) == []
        assert "東京開催 平成22年2月9日（火）13:30～17:00 大阪開催" in " ".join(text.split())
        assert "見本市 <情報課> 係長 見本 太郎 氏" in text
        assert "honorific" not in text
        assert "全ての開催" in text
        assert "1回の開催" in text
