"""Files into the register and out of it: what is read, what is said, and that nothing is written unseen."""

import codecs
import csv
import datetime as dt
import io
import itertools
import zipfile

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from wagtail.models import ModelLogEntry

from cms.accounts.demo import sample_municipal_code
from cms.accounts.enums import OrganisationKind, SeatRole
from cms.accounts.models import Affiliation, Organisation, User
from cms.calendar import today
from cms.mail.models import Delivery
from plugins.members.enums import FileFormat, ImportKind, JoinReason, LeaveReason, LineState
from plugins.members.models import Handover, KnownColumn, Membership, RegisterAccess, RegisterImport
from plugins.members.selectors.register import members_on
from plugins.members.services import spreadsheets
from plugins.members.services.exports import register_export
from plugins.members.services.handovers import handover_announce, handover_cancel
from plugins.members.services.imports import (
    PlanChangedError,
    import_map,
    import_plan,
    import_upload,
    import_write,
    imports_forget,
)
from plugins.members.services.rows import Absent, codes_normalised
from plugins.members.services.spreadsheets import BYTES_ALLOWED, table_read, table_write
from tests.factories.accounts import AffiliationFactory, OrganisationFactory, SeatFactory, UserFactory
from tests.factories.members import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

HEADINGS = ["団体コード", "団体名", "種別", "電話"]
MATSUYAMA = ["382019", "松山市", "市", "089-000-0000"]


def octets(rows, encoding="utf-8"):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx(rows, *others, state="visible"):
    workbook, out = Workbook(), io.BytesIO()
    for row in rows:
        workbook.active.append(row)
    for further in others:
        sheet = workbook.create_sheet("異動分")
        sheet.sheet_state = state
        for row in further:
            sheet.append(row)
    workbook.save(out)
    return out.getvalue()


def read(content):
    return table_read(file=io.BytesIO(content), size=len(content))


def uploaded(content, kind=ImportKind.ORGANISATIONS):
    return import_upload(kind=kind, file=io.BytesIO(content), size=len(content), name="名簿.csv", by=None)


def written(made):
    return import_write(register_import=made, digest=import_plan(register_import=made).digest, by=None)


def states(made):
    return [line.state for line in import_plan(register_import=made).lines]


@pytest.mark.parametrize(
    "content",
    [
        octets([HEADINGS, MATSUYAMA]),
        codecs.BOM_UTF8 + octets([HEADINGS, MATSUYAMA]),
        octets([HEADINGS, MATSUYAMA], "cp932"),
        xlsx([HEADINGS, MATSUYAMA]),
        "\t".join(HEADINGS).encode() + b"\n" + "\t".join(MATSUYAMA).encode(),
    ],
    ids=["utf-8", "bom", "cp932", "xlsx", "tabs"],
)
def test_every_form_that_offices_make_is_read_alike(content):
    table = read(content)

    assert (table.headings, table.rows) == (HEADINGS, [MATSUYAMA])


def with_links():
    out = io.BytesIO(xlsx([HEADINGS, MATSUYAMA]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<x/>")
    return out.getvalue()


def broken(part, content):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([HEADINGS, MATSUYAMA]))) as whole, zipfile.ZipFile(out, "w") as archive:
        for name in whole.namelist():
            archive.writestr(name, content if name == part else whole.read(name))
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 101 * 1024 * 1024)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空です"),
        (octets([HEADINGS]), "行がありません"),
        (octets([["コード", "コード"], ["1", "2"]]), "2つあります"),
        (b"\x81\x00\xff\xfe\x00binary", "保存し直して"),
        (b"%PDF-1.4\x00\x00", "保存し直して"),
        (broken("xl/workbook.xml", b"<workbook><sheets>"), "保存し直して"),
        (broken("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c"), "保存し直して"),
        (broken("xl/workbook.xml", b"<x/>"), "保存し直して"),
        ('団体コード,団体名\n382019,"松山市'.encode(), "引用符"),
        (xlsx([HEADINGS, ["382019", "=1+1", "市", ""]]), "セル B2 に数式"),
        (with_links(), "参照しているブック"),
        (bomb(), "大きすぎるブック"),
        (b"PK\x03\x04broken", "ブックを読み取れません"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(content, words):
    with pytest.raises(ValidationError) as refusal:
        read(content)

    assert len(refusal.value.messages) == 1
    assert words in refusal.value.messages[0]


def test_line_has_the_number_that_the_spreadsheet_shows_also_behind_an_empty_one():
    empty = [""] * len(HEADINGS)
    made = uploaded(octets([HEADINGS, MATSUYAMA, empty, ["12", "短い", "市", ""], empty, empty]))

    lines = import_plan(register_import=made).lines

    assert [(line.number, line.state) for line in lines] == [(2, LineState.NEW), (4, LineState.ERROR)]


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
@pytest.mark.parametrize("rows", [[HEADINGS, MATSUYAMA], [HEADINGS], []])
def test_second_worksheet_with_rows_is_refused_and_not_lost(rows, state):
    with pytest.raises(ValidationError, match="「異動分1」にも"):
        read(xlsx(rows, [], [[None]] * 5 + [["131016"]], state=state))


def test_further_worksheets_that_are_empty_do_not_matter():
    assert read(xlsx([HEADINGS, MATSUYAMA], [], [[None, " "]])).rows == [MATSUYAMA]


@pytest.mark.parametrize("as_file", [octets, xlsx])
def test_rows_below_empty_ones_are_read_all_or_refused(monkeypatch, as_file):
    monkeypatch.setattr(spreadsheets, "ROWS_ALLOWED", 20)
    above, row = [[""]] * 5, ["382019"]

    assert len(read(as_file([*above, ["団体コード"], *[row] * 20])).rows) == 20
    with pytest.raises(ValidationError, match="20行を超え"):
        read(as_file([*above, ["団体コード"], *[row] * 21]))


@pytest.mark.parametrize("as_file", [octets, xlsx])
def test_rows_behind_a_long_gap_are_refused_and_not_lost(monkeypatch, as_file):
    monkeypatch.setattr(spreadsheets, "ROWS_ALLOWED", 20)

    with pytest.raises(ValidationError, match="20行を超え"):
        read(as_file([["団体コード"], ["382019"], *[[""]] * 21, ["131016"]]))


@pytest.mark.parametrize("as_file", [octets, xlsx])
@pytest.mark.parametrize(
    ("kind", "headings", "row"),
    [
        (ImportKind.ORGANISATIONS, [*HEADINGS, "所在地"], [*MATSUYAMA, "二番町4丁目", "7番地2"]),
        (ImportKind.PEOPLE, ["団体コード", "役割", "氏名"], ["382019", "正担当者", "矢野", "7番地2"]),
    ],
)
def test_cell_beyond_the_last_heading_is_an_error_and_not_lost(matsuyama, as_file, kind, headings, row):
    made = uploaded(as_file([[*headings, ""], row, [*row[:-1], "", ""]]), kind)

    first, second = import_plan(register_import=made).lines

    assert first.state == LineState.ERROR
    assert "7番地2" in first.problems[0]
    assert "見出し" in first.problems[0]
    assert not [problem for problem in second.problems if "見出し" in problem]


@pytest.mark.parametrize("as_file", [octets, xlsx])
def test_cell_under_an_empty_heading_is_an_error_until_its_column_is_mapped(as_file):
    row = ["382019", "松山市", "松山市役所", "市"]
    made = uploaded(as_file([["団体コード", "団体名", "", "種別"], row, ["131016", "千代田区", "", "特別区"]]))

    first, second = import_plan(register_import=made).lines
    assert (first.state, second.problems) == (LineState.ERROR, [])
    assert "見出しのない列に「松山市役所」" in first.problems[0]

    import_map(register_import=made, mapping=made.mapping | {"": "section"})
    assert import_plan(register_import=made).lines[0].problems == []


def test_hundred_megabytes_are_refused_unread():
    class Unreadable(io.BytesIO):
        def read(self, *args):
            raise AssertionError

    with pytest.raises(ValidationError, match="100 MB"):
        table_read(file=Unreadable(), size=BYTES_ALLOWED * 10)


def test_list_of_another_system_is_told_and_nothing_is_kept():
    with pytest.raises(ValidationError, match="別のシステム"):
        uploaded(octets([["注文番号", "金額"], ["1", "200"]]))

    assert not RegisterImport.objects.exists()


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        (["382019", "11002"], ["382019", "011002"]),
        (["38201", "01100"], ["382019", "011002"]),
        (["38201", "1100"], ["382019", "011002"]),
        (["３８２０１９", "38-2019"], ["382019", "382019"]),
        (["x"], ["x"]),
    ],
)
def test_zero_that_a_spreadsheet_took_away_comes_back(typed, read_as):
    assert codes_normalised(typed) == read_as


def test_preview_says_of_each_row_what_happens_and_writes_nothing():
    OrganisationFactory(code="382019", name="松山市", telephone="089-111-1111")
    OrganisationFactory(code="382027", name="今治市")
    made = uploaded(
        octets(
            [
                HEADINGS,
                MATSUYAMA,
                ["382027", "今治市", "", ""],
                ["011002", "札幌市", "市", ""],
                ["011003", "誤り市", "市", ""],
                ["271004", "大阪市", "城", "電話なし"],
                ["382019", "松山市", "", ""],
            ]
        )
    )

    plan = import_plan(register_import=made)

    assert [line.state for line in plan.lines] == ["changed", "unchanged", "new", "error", "error", "error"]
    (change,) = plan.lines[0].changes
    assert (change.before, change.after) == ("089-111-1111", "089-000-0000")
    assert [line.number for line in plan.lines] == [2, 3, 4, 5, 6, 7]
    assert "011003" in plan.lines[3].problems[0]
    assert len(plan.lines[4].problems) == 2
    assert "2行目" in plan.lines[5].problems[0]
    assert Organisation.objects.count() == 2
    assert Organisation.objects.get(code="382019").telephone == "089-111-1111"


def test_confirmed_rows_are_written_and_errors_left_out():
    OrganisationFactory(code="382019", name="松山市", telephone="")
    made = uploaded(octets([HEADINGS, MATSUYAMA, ["011002", "札幌市", "", ""], ["011003", "誤り市", "市", ""]]))

    done = written(made)

    assert (done.created_count, done.changed_count, done.error_count) == (1, 1, 1)
    assert Organisation.objects.get(code="382019").telephone == "089-000-0000"
    sapporo = Organisation.objects.get(code="011002")
    assert (sapporo.kind, sapporo.prefecture) == (OrganisationKind.CITY, "01")
    assert not Organisation.objects.filter(name="誤り市").exists()
    assert done.rows == []


def test_repeated_import_changes_nothing():
    content = octets([HEADINGS, MATSUYAMA, ["011002", "札幌市", "市", ""]])
    written(uploaded(content))

    again = uploaded(content)

    assert states(again) == [LineState.UNCHANGED, LineState.UNCHANGED]
    assert import_plan(register_import=again).is_idle


def test_empty_cell_leaves_what_is_there():
    OrganisationFactory(code="382019", name="松山市", telephone="089-111-1111")

    written(uploaded(octets([HEADINGS, ["382019", "松山市", "", ""]])))

    assert Organisation.objects.get().telephone == "089-111-1111"


def test_what_is_absent_is_listed_and_never_deleted():
    OrganisationFactory(code="011002", name="札幌市")
    made = uploaded(octets([HEADINGS, MATSUYAMA]))

    assert import_plan(register_import=made).absent == [Absent("011002", "札幌市")]
    written(made)
    assert Organisation.objects.count() == 2


UNION = ["", "見本協議会", "その他の団体", "03-0000-0001"]


def other(**values):
    """An organisation that has no municipal code."""
    return OrganisationFactory(**{"code": None, "name": "見本協議会", "kind": OrganisationKind.OTHER, **values})


def test_organisation_without_a_code_is_known_by_its_name():
    written(uploaded(octets([HEADINGS, UNION])))
    union = Organisation.objects.get()
    assert (union.code, union.name, union.kind) == (None, "見本協議会", OrganisationKind.OTHER)
    assert states(uploaded(octets([HEADINGS, UNION]))) == [LineState.UNCHANGED]

    written(uploaded(octets([HEADINGS, [*UNION[:3], "03-0000-0002"]])))

    assert Organisation.objects.get().telephone == "03-0000-0002"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["", "新市", "市", ""], "コードが必要です"),
        (["", "松山市", "", ""], "名称「松山市」：松山市の団体コードは382019です"),
        (["", "双子協議会", "その他の団体", ""], "名称「双子協議会」：全国地方公共団体コードのない団体に"),
        (["", "", "その他の団体", "03-0000-0001"], "6桁"),
    ],
)
def test_name_that_means_no_single_organisation_is_an_error(row, words):
    OrganisationFactory(code="382019", name="松山市")
    other(name="双子協議会")
    other(name="双子協議会", valid_to=today())

    (line,) = import_plan(register_import=uploaded(octets([HEADINGS, row]))).lines

    assert line.state == LineState.ERROR
    assert words in " ".join(line.problems)


def test_organisation_without_a_code_stands_in_a_file_once():
    (_first, second) = import_plan(register_import=uploaded(octets([HEADINGS, UNION, UNION]))).lines

    assert second.problems == ["見本協議会は2行目にもあります。"]


def test_absent_organisations_without_a_code_are_listed_too_each_of_them():
    for name in ("双子協議会", "双子協議会", "見本協議会"):
        other(name=name)

    plan = import_plan(register_import=uploaded(octets([HEADINGS, MATSUYAMA, UNION])))

    assert plan.absent == [Absent("", "双子協議会"), Absent("", "双子協議会")]


def test_two_at_once_write_what_each_has_seen_or_nothing():
    OrganisationFactory(code="382019", name="松山市", telephone="089-111-1111")
    mine, theirs = uploaded(octets([HEADINGS, MATSUYAMA])), uploaded(octets([HEADINGS, MATSUYAMA]))
    seen = import_plan(register_import=mine).digest
    written(theirs)

    with pytest.raises(PlanChangedError):
        import_write(register_import=mine, digest=seen, by=None)
    with pytest.raises(ValidationError, match="既に反映"):
        import_write(register_import=theirs, digest=seen, by=None)


def test_columns_are_mapped_and_remembered():
    content = octets([["番号", "なまえ", "電話"], [*MATSUYAMA[:2], "089-000-0000"]])
    made = uploaded(content)
    assert made.mapping == {"電話": "telephone"}

    import_map(register_import=made, mapping={"番号": "code", "なまえ": "name", "電話": ""})
    made.refresh_from_db()
    assert states(made) == [LineState.NEW]
    import_map(register_import=made, mapping={"番号": "code", "なまえ": "name", "電話": "telephone"})

    assert KnownColumn.objects.get(heading="なまえ").field == "name"
    assert uploaded(content).mapping == {"番号": "code", "なまえ": "name", "電話": "telephone"}


@pytest.mark.parametrize("mapping", [{"番号": "code", "電話": "code"}, {"電話": "telephone"}])
def test_mapping_that_cannot_be_meant_is_refused(mapping):
    made = uploaded(octets([["番号", "なまえ", "電話"], MATSUYAMA[:3]]))

    with pytest.raises(ValidationError):
        import_map(register_import=made, mapping=mapping)


PEOPLE = ["団体コード", "役割", "氏名", "メール", "開始日"]


@pytest.fixture
def matsuyama():
    return OrganisationFactory(code="382019", name="松山市")


def people(*rows):
    return uploaded(octets([PEOPLE, *rows]), ImportKind.PEOPLE)


def test_people_get_seats_and_accounts_without_a_password(matsuyama):
    written(people(["382019", "正担当者", "矢野 友哉", "joho@example.jp", "2010-04-01"]))

    person = User.objects.get()
    assert (person.username, person.last_name, person.first_name) == ("382019-1", "矢野", "友哉")
    assert not person.has_usable_password()
    row = Affiliation.objects.get()
    assert (row.person, row.seat.role, row.starts_on) == (person, SeatRole.LEAD, dt.date(2010, 4, 1))


def test_another_person_on_a_seat_is_a_hand_over_of_that_day(matsuyama):
    content = ["382019", "正担当者", "須田 徹", "", "2012-04-01"]
    written(people(["382019", "正担当者", "矢野 友哉", "", "2010-04-01"]))

    made = people(content)
    (line,) = import_plan(register_import=made).lines
    assert (line.state, line.changes[0].before) == (LineState.CHANGED, "矢野 友哉")
    written(made)

    rows = [(row.person.last_name, row.starts_on.year, row.ends_on) for row in Affiliation.objects.all()]
    assert rows == [("矢野", 2010, dt.date(2012, 4, 1)), ("須田", 2012, None)]
    assert states(people(content)) == [LineState.UNCHANGED]


def test_announced_hand_over_read_twice_changes_nothing(matsuyama):
    coming = (today() + dt.timedelta(days=30)).isoformat()
    written(people(["382019", "正担当者", "矢野 友哉", "", "2010-04-01"]))
    written(people(["382019", "正担当者", "須田 徹", "", coming]))

    assert states(people(["382019", "正担当者", "須田 徹", "", coming])) == [LineState.UNCHANGED]


COMING = today() + dt.timedelta(days=30)
SUDA = ["382019", "正担当者", "須田 徹", "suda@example.jp", COMING.isoformat()]


@pytest.fixture
def yano(matsuyama):
    """Who sits on the seat that a file hands over."""
    return AffiliationFactory(
        seat=SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label=""),
        person__last_name="矢野",
        person__first_name="友哉",
    )


def test_hand_over_by_a_file_is_announced_shown_and_cancelled_like_any_other(client, yano):
    staff = UserFactory(is_superuser=True)
    made = people(SUDA)
    import_write(register_import=made, digest=import_plan(register_import=made).digest, by=staff)

    handover = Handover.objects.pending_on(today()).get()
    arrived = User.objects.get(last_name="須田")
    assert (handover.seat, handover.predecessor, handover.successor) == (yano.seat, yano.person, arrived)
    assert (handover.on, handover.announced_by, handover.announced_by_name) == (COMING, staff, staff.display_name)
    history = ModelLogEntry.objects.for_instance(yano.organisation).get(action="members.handover")
    assert (history.data["from"], history.data["to"]) == ("矢野 友哉", "須田 徹")
    client.force_login(staff)
    cancel = reverse("members_admin:cancel_handover", args=[yano.seat_id])
    assert cancel in client.get(reverse("members_admin:organisation", args=[yano.organisation_id])).text
    listed = client.get(reverse("members_admin:people"), {"arrival": "not_invited"}).context["object_list"]
    assert [row.person for row in listed] == [arrived]
    assert not Delivery.objects.exists()
    assert states(people(SUDA)) == [LineState.UNCHANGED]

    client.post(cancel)

    yano.refresh_from_db()
    assert (list(Affiliation.objects.all()), yano.ends_on) == ([yano], None)
    assert states(people(SUDA)) == [LineState.CHANGED]


@pytest.mark.parametrize("day", [COMING - dt.timedelta(days=1), COMING, COMING + dt.timedelta(days=1)])
def test_hand_over_that_is_announced_is_cancelled_before_a_file_makes_another(yano, day):
    handover_announce(seat=yano.seat, successor=UserFactory(), on=COMING, by=None)

    (line,) = import_plan(register_import=people([*SUDA[:4], day.isoformat()])).lines

    assert line.state == LineState.ERROR
    assert "先にその引継ぎを取り消してください" in line.problems[0]


def test_hand_over_by_a_file_puts_back_the_end_that_was_known(yano):
    Affiliation.objects.filter(pk=yano.pk).update(ends_on=COMING)
    made = people(SUDA)
    assert states(made) == [LineState.CHANGED]
    written(made)

    handover_cancel(handover=Handover.objects.get(), by=None)

    yano.refresh_from_db()
    assert yano.ends_on == COMING


def test_hand_over_of_today_is_in_force_and_that_of_the_past_is_no_announcement(yano):
    written(people([*SUDA[:4], "2012-04-01"]))
    assert not Handover.objects.exists()
    written(people(["382019", "正担当者", "後任 花子", "", ""]))

    handover = Handover.objects.get()
    assert (handover.on, handover.predecessor.last_name) == (today(), "須田")
    assert states(people([*SUDA[:2], "次 太郎", "", COMING.isoformat()])) == [LineState.CHANGED]


def test_nobody_takes_a_seat_of_an_organisation_that_is_closed_by_then(matsuyama):
    Organisation.objects.update(valid_to=COMING)

    (line,) = import_plan(register_import=people(SUDA)).lines

    assert line.problems == ["松山市はその日に存在しません。"]


@pytest.mark.parametrize("kind", list(ImportKind))
def test_page_of_a_written_file_leads_to_the_invitations_of_its_people(desk, matsuyama, kind):
    made = people(SUDA) if kind == ImportKind.PEOPLE else uploaded(octets([HEADINGS, MATSUYAMA]))
    written(made)

    page = desk.get(reverse("members_admin:import", args=[made.pk])).text

    assert ("メールは送っていません" in page) is (f"{reverse('members_admin:people')}?arrival" in page)
    assert ("メールは送っていません" in page) is (kind == ImportKind.PEOPLE)


def test_plan_of_people_takes_as_many_queries_for_thirty_as_for_one(django_assert_num_queries, matsuyama):
    rows = [
        ["382019", "副担当者", f"見本 {number}郎", "", "", f"席{number}", f"mihon-{number}"] for number in range(30)
    ]
    for count in (1, 30):
        made = uploaded(octets([[*PEOPLE, "席の備考", "ログインID"], *rows[:count]]), ImportKind.PEOPLE)
        with django_assert_num_queries(7):
            states(made)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["999999", "正担当者", "矢野 友哉", "", ""], "このコードの団体はありません"),
        (["382019", "係長", "矢野 友哉", "", ""], "該当するものがありません"),
        (["382019", "正担当者", "", "", ""], "氏名がありません"),
        (["382019", "正担当者", "矢野 友哉", "a..b@docomo.ne.jp", ""], "a..b@docomo.ne.jp"),
        (["382019", "正担当者", "矢野 友哉", "", "4月30日頃"], "4月30日頃"),
        (["382019", "正担当者", "須田 徹", "", "2009-04-01"], "それより後の日"),
    ],
)
def test_wrong_row_names_its_cell(matsuyama, row, words):
    AffiliationFactory(
        seat=SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label=""), starts_on=dt.date(2009, 4, 1)
    )

    (line,) = import_plan(register_import=people(row)).lines

    assert line.state == LineState.ERROR
    assert words in " ".join(line.problems)


def test_note_on_a_seat_that_is_too_long_is_an_error_and_not_cut(matsuyama):
    headings = ["団体コード", "役割", "氏名", "席の備考"]
    made = uploaded(octets([headings, ["382019", "正担当者", "矢野 友哉", "あ" * 51]]), ImportKind.PEOPLE)

    (line,) = import_plan(register_import=made).lines

    assert line.state == LineState.ERROR
    assert "あ" * 51 in line.problems[0]
    assert "50" in line.problems[0]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "明治1年1月1日"])
def test_day_out_of_reach_names_its_cell(matsuyama, day):
    lines = [
        *import_plan(register_import=people(["382019", "正担当者", "矢野 友哉", "", day])).lines,
        *import_plan(register_import=joining(["382019", "松山市", day, "", ""])).lines,
        *import_plan(
            register_import=uploaded(
                octets([["団体コード", "団体名", "人口", "人口基準日"], ["382019", "松山市", "1", day]])
            )
        ).lines,
    ]

    for line in lines:
        assert line.state == LineState.ERROR
        assert f"「{day}」：1889年4月1日から2199年12月31日まで" in " ".join(line.problems)


def test_person_of_another_organisation_is_an_error(matsuyama):
    elsewhere = AffiliationFactory(person__username="yano")
    made = uploaded(
        octets([[*PEOPLE, "ログインID"], ["382019", "正担当者", "矢野 友哉", "", "", "yano"]]), ImportKind.PEOPLE
    )

    (line,) = import_plan(register_import=made).lines

    assert line.state == LineState.ERROR
    assert elsewhere.organisation.name in line.problems[0]


def with_ids(*rows):
    return uploaded(octets([["団体コード", "役割", "氏名", "ログインID"], *rows]), ImportKind.PEOPLE)


@pytest.mark.parametrize("is_known", [False, True], ids=["new", "known"])
@pytest.mark.parametrize("second", ["yano", "YANO"])
def test_login_id_in_two_organisations_is_an_error_in_the_second_line(matsuyama, is_known, second):
    other = OrganisationFactory()
    if is_known:
        UserFactory(username="yano")
    made = with_ids(["382019", "正担当者", "矢野 友哉", "yano"], [other.code, "正担当者", "矢野 友哉", second])

    first, refused = import_plan(register_import=made).lines
    written(made)

    assert (first.state, refused.state, len(refused.problems)) == (LineState.NEW, LineState.ERROR, 1)
    assert [row.organisation for row in Affiliation.objects.all()] == [matsuyama]


def test_login_id_that_differs_by_case_from_a_stored_one_is_an_error(matsuyama):
    UserFactory(username="yano")
    made = with_ids(["382019", "正担当者", "矢野 友哉", "Yano"])

    (line,) = import_plan(register_import=made).lines
    written(made)

    assert line.state == LineState.ERROR
    assert "yano" in line.problems[0]
    assert not Affiliation.objects.exists()


def test_person_whose_account_is_closed_takes_no_seat(matsuyama):
    seat = SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label="")
    held = AffiliationFactory(seat=seat)
    UserFactory(username="yano", last_name="矢野", first_name="友哉", email="old@example.jp", is_active=False)
    made = uploaded(
        octets([[*PEOPLE, "ログインID"], ["382019", "正担当者", "矢野 友哉", "new@example.jp", "", "yano"]]),
        ImportKind.PEOPLE,
    )

    (line,) = import_plan(register_import=made).lines
    written(made)

    assert line.state == LineState.ERROR
    assert len(line.problems) == 1
    assert line.problems[0].startswith("ID「yano」：矢野 友哉のアカウントは利用停止になっています。先に利用を再開")
    assert list(Affiliation.objects.in_charge_on(today())) == [held]
    assert User.objects.get(username="yano").email == "old@example.jp"


def test_account_that_is_closed_between_preview_and_confirmation_takes_no_seat(matsuyama):
    person = UserFactory(username="yano", last_name="矢野", first_name="友哉")
    made = with_ids(["382019", "正担当者", "矢野 友哉", "yano"])
    seen = import_plan(register_import=made).digest
    User.objects.filter(pk=person.pk).update(is_active=False)

    with pytest.raises(PlanChangedError):
        import_write(register_import=made, digest=seen, by=None)


def test_row_of_who_sits_there_with_a_closed_account_changes_nothing(matsuyama):
    """An export names them, too, and read in again it changes nothing."""
    seat = SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label="")
    held = AffiliationFactory(seat=seat, person__is_active=False)

    made = with_ids(["382019", "正担当者", held.person.get_full_name(), held.person.username])

    assert states(made) == [LineState.UNCHANGED]


def enters_by_group(person):
    group = Group.objects.create(name="事務局")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    person.groups.add(group)


SECRETARIAT = {
    "administrator": lambda person: User.objects.filter(pk=person.pk).update(is_superuser=True),
    "staff": lambda person: User.objects.filter(pk=person.pk).update(is_staff=True),
    "right": lambda person: person.user_permissions.add(Permission.objects.get(codename="access_admin")),
    "group": enters_by_group,
}


@pytest.mark.parametrize("is_seated", [False, True], ids=["arrives", "sits there"])
@pytest.mark.parametrize("become", SECRETARIAT.values(), ids=SECRETARIAT)
def test_file_reaches_nobody_who_may_enter_the_admin(matsuyama, become, is_seated):
    person = UserFactory(username="kanri", email="kanri@example.jp")
    become(person)
    if is_seated:
        AffiliationFactory(seat=SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label=""), person=person)
    made = uploaded(
        octets([[*PEOPLE, "ログインID"], ["382019", "正担当者", "見本 他人", "other@example.jp", "", "KANRI"]]),
        ImportKind.PEOPLE,
    )

    (line,) = import_plan(register_import=made).lines
    written(made)

    assert (line.state, "管理画面に入れる" in line.problems[0]) == (LineState.ERROR, True)
    assert User.objects.get().email == "kanri@example.jp"
    assert Affiliation.objects.count() == is_seated


def test_person_on_a_seat_is_of_the_secretariat_by_name_too(matsuyama):
    row = AffiliationFactory(
        seat=SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label=""), person__is_superuser=True
    )

    assert states(people(["382019", "正担当者", row.person.get_full_name(), "other@example.jp", ""])) == [
        LineState.ERROR
    ]


def test_changed_person_is_in_the_history_of_person_and_organisation(matsuyama):
    by = UserFactory()
    row = AffiliationFactory(
        seat=SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label=""), person__email="old@example.jp"
    )
    made = people(["382019", "正担当者", row.person.get_full_name(), "new@example.jp", ""])

    import_write(register_import=made, digest=import_plan(register_import=made).digest, by=by)

    of_person, of_organisation = (
        ModelLogEntry.objects.for_instance(one).get(action="members.import", user=by) for one in (row.person, matsuyama)
    )
    assert of_person.data == {"changes": [["メールアドレス", "old@example.jp", "new@example.jp"]]}
    assert (of_organisation.data["person"], of_organisation.data["fields"]) == (str(row.person), ["email"])
    assert "example.jp" not in f"{of_person.message}{of_organisation.message}{of_organisation.data}"


WITH_ID = [*PEOPLE, "ログインID"]


def named(*rows):
    return uploaded(octets([WITH_ID, *rows]), ImportKind.PEOPLE)


def test_somebody_known_who_arrives_is_as_the_file_says_at_once(matsuyama):
    UserFactory(username="yano", last_name="矢野", first_name="友哉", email="old@example.jp")
    content = ["382019", "正担当者", "矢野 友哉", "new@example.jp", "", "yano"]
    made = named(content)

    (line,) = import_plan(register_import=made).lines
    written(made)

    assert (line.state, [(one.before, one.after) for one in line.changes]) == (
        LineState.NEW,
        [("old@example.jp", "new@example.jp")],
    )
    assert User.objects.get().email == "new@example.jp"
    assert states(named(content)) == [LineState.UNCHANGED]


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_person_on_two_seats_is_changed_once(matsuyama, is_known):
    if is_known:
        person = UserFactory(username="yano", last_name="矢野", first_name="友哉", email="old@example.jp")
        for role in (SeatRole.LEAD, SeatRole.DEPUTY):
            AffiliationFactory(seat=SeatFactory(organisation=matsuyama, role=role, label=""), person=person)
    made = named(*(["382019", role, "矢野 友哉", "new@example.jp", "", "yano"] for role in ("正担当者", "副担当者")))

    assert states(made) == ([LineState.CHANGED, LineState.UNCHANGED] if is_known else [LineState.NEW] * 2)
    written(made)

    assert User.objects.get().email == "new@example.jp"


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "new"])
def test_rows_that_contradict_each_other_on_a_person_are_an_error_in_the_second(matsuyama, is_known):
    if is_known:
        UserFactory(username="yano", last_name="矢野", first_name="友哉")
    rows = [
        ["382019", "正担当者", "矢野 友哉", "a@example.jp", "", "yano"],
        ["382019", "副担当者", "矢野 友哉", "b@example.jp", "", "yano"],
    ]

    for again in (False, True):
        made = named(*rows)
        first, second = import_plan(register_import=made).lines
        assert first.state == (LineState.UNCHANGED if again else LineState.NEW)
        assert second.problems == ["メールアドレス「b@example.jp」：2行目では、同じ人について別の内容になっています。"]
        written(made)
    assert User.objects.get().email == "a@example.jp"


def test_thirty_people_are_changed_with_the_queries_of_one(matsuyama, queries_of):
    rows = [["382019", "副担当者", f"見本 {number}郎", "", "", f"席{number}"] for number in range(30)]
    headings = [*PEOPLE, "席の備考"]
    written(uploaded(octets([headings, *rows]), ImportKind.PEOPLE))
    addresses = itertools.count(1)

    def change(count):
        changed = [[*row[:3], f"joho{next(addresses)}@example.jp", *row[4:]] for row in rows[:count]]
        written(uploaded(octets([headings, *changed]), ImportKind.PEOPLE))

    assert queries_of(lambda: change(30)) == queries_of(lambda: change(1))


def test_same_seat_twice_is_an_error_in_the_second_line(matsuyama):
    row = ["382019", "正担当者", "矢野 友哉", "", ""]

    assert states(people(row, ["382019", "正担当者", "須田 徹", "", ""])) == [LineState.NEW, LineState.ERROR]


def test_every_seat_that_the_file_does_not_name_is_listed_by_organisation(matsuyama):
    lead = AffiliationFactory(seat=SeatFactory(organisation=matsuyama, role=SeatRole.LEAD, label=""))
    empty = SeatFactory(organisation=matsuyama, role=SeatRole.DEPUTY, label="空席")
    elsewhere = AffiliationFactory()

    plan = import_plan(register_import=people(["382019", "正担当者", lead.person.get_full_name(), "", ""]))

    assert [(one.organisation, one.seat, one.person, one.is_elsewhere) for one in plan.absent] == [
        ("松山市", str(empty.name), "", False),
        (elsewhere.organisation.name, str(elsewhere.seat.name), elsewhere.person.display_name, True),
    ]
    assert (plan.absent_here, plan.absent_elsewhere) == (1, 1)


def test_whole_list_of_what_is_absent_can_be_turned_and_downloaded(desk):
    Organisation.objects.bulk_create(
        Organisation(code=sample_municipal_code(number), name=f"不在第{number}市", kind="city")
        for number in range(1, 251)
    )
    made = uploaded(octets([HEADINGS, MATSUYAMA]))
    url = reverse("members_admin:import_absent", args=[made.pk])

    preview = desk.get(reverse("members_admin:import", args=[made.pk])).text
    pages = "".join(desk.get(url, {"p": number}).text for number in (1, 2, 3))
    content = desk.get(url, {"csv": ""}).content.decode("utf-8-sig")

    assert "250団体" in preview
    assert url in preview
    names = {f"不在第{number}市" for number in range(1, 251)}
    assert {row[1] for row in csv.reader(io.StringIO(content))} == {*names, "団体"}
    assert all(f"{name}" in pages for name in names)
    assert set(RegisterAccess.objects.values_list("use", flat=True)) == {"record", "export"}


def test_list_of_what_is_absent_needs_the_right_and_is_gone_when_the_file_is_written(client, desk):
    made = uploaded(octets([HEADINGS, MATSUYAMA]))
    url = reverse("members_admin:import_absent", args=[made.pk])
    assert desk.get(url).status_code == 200
    written(made)
    assert desk.get(url).status_code == 404
    client.force_login(UserFactory())
    assert client.get(url).status_code in {302, 403}


def test_made_up_login_id_keeps_out_of_the_way_of_a_later_row(matsuyama):
    made = with_ids(["382019", "正担当者", "矢野 友哉", ""], ["382019", "副担当者", "須田 徹", "382019-1"])

    assert states(made) == [LineState.NEW, LineState.NEW]
    written(made)

    rows = Affiliation.objects.values_list("seat__role", "person__username")
    assert dict(rows) == {"lead": "382019-2", "deputy": "382019-1"}


OF_ANY = ["団体コード", "団体名", "役割", "氏名"]


def test_person_of_an_organisation_without_a_code_is_seated_by_its_name():
    union = other()
    content = octets([OF_ANY, ["", "見本協議会", "正担当者", "矢野 友哉"]])

    written(uploaded(content, ImportKind.PEOPLE))

    row = Affiliation.objects.get()
    assert (row.organisation, row.person.username) == (union, f"x{union.pk}-1")
    assert states(uploaded(content, ImportKind.PEOPLE)) == [LineState.UNCHANGED]
    second = uploaded(octets([OF_ANY, ["", "見本協議会", "副担当者", "須田 徹"]]), ImportKind.PEOPLE)
    written(second)
    assert User.objects.filter(username=f"x{union.pk}-2").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ない協議会", "団体「ない協議会」：全国地方公共団体コードのない団体で、"),
        ("双子協議会", "団体「双子協議会」：全国地方公共団体コードのない団体に、"),
        ("松山市", "団体「松山市」：全国地方公共団体コードのない団体で、"),
        ("", "このコードの団体はありません"),
    ],
)
def test_person_of_nobody_knows_which_organisation_is_an_error(matsuyama, name, words):
    other(name="双子協議会")
    other(name="双子協議会")
    made = uploaded(octets([OF_ANY, ["", name, "正担当者", "矢野 友哉"]]), ImportKind.PEOPLE)

    (line,) = import_plan(register_import=made).lines

    assert line.state == LineState.ERROR
    assert words in " ".join(line.problems)


JOINING = ["団体コード", "団体名", "加入日", "退会日", "退会理由"]


def joining(*rows):
    return uploaded(octets([JOINING, *rows]))


def test_file_makes_members_in_bulk_and_the_second_time_nothing(matsuyama):
    content = (
        ["382019", "松山市", "平成21年4月1日", "", ""],
        ["011002", "札幌市", "2009-04-01", "2012-04-01", "合併・種別変更"],
    )
    first = joining(*content)
    city, new = import_plan(register_import=first).lines
    assert (city.state, new.state) == (LineState.CHANGED, LineState.NEW)
    assert [(str(one.label), one.before, one.after) for one in city.changes] == [("加入日", "", "平成21年4月1日")]

    written(first)
    again = joining(*content)

    assert states(again) == [LineState.UNCHANGED, LineState.UNCHANGED]
    left = Membership.objects.get(ends_on__isnull=False)
    member = Membership.objects.get(ends_on__isnull=True)
    assert (member.organisation, member.join_reason) == (matsuyama, JoinReason.RECORDED)
    assert (left.ends_on, left.leave_reason) == (dt.date(2012, 4, 1), LeaveReason.MERGED)
    assert list(members_on(dt.date(2012, 4, 1))) == [matsuyama]
    assert ModelLogEntry.objects.for_instance(matsuyama).filter(action="members.begin").exists()


def test_row_without_a_membership_cell_leaves_the_membership_alone(matsuyama):
    MembershipFactory(organisation=matsuyama)

    assert states(joining(["382019", "松山市", "", "", ""])) == [LineState.UNCHANGED]


def test_end_in_a_file_ends_the_membership_that_is_open(matsuyama):
    MembershipFactory(organisation=matsuyama, starts_on=dt.date(2009, 4, 1))

    written(joining(["382019", "松山市", "", "2012-04-01", ""]))

    membership = Membership.objects.get()
    assert (membership.ends_on, membership.leave_reason) == (dt.date(2012, 4, 1), LeaveReason.WITHDREW)
    assert ModelLogEntry.objects.for_instance(matsuyama).get(action="members.end").data["on"] == "2012-04-01"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["2012-04-01", "", ""], "加入日「2012-04-01」：松山市は平成21年4月1日から既に会員です"),
        (["2009-04-01", "2009-03-01", ""], "退会日「2009-03-01」：終わり"),
        (["", "いつか", ""], "退会日「いつか」"),
        (["2009-04-01", "2012-04-01", "気分"], "退会理由「気分」"),
        (["2009-04-01", "", "退会"], "退会日「」：終了日を入力"),
    ],
)
def test_membership_that_cannot_be_names_its_cell_and_writes_nothing(matsuyama, cells, words):
    MembershipFactory(organisation=matsuyama, starts_on=dt.date(2009, 4, 1))
    made = joining(["382019", "松山市", *cells])

    (line,) = import_plan(register_import=made).lines
    written(made)

    assert line.state == LineState.ERROR
    assert words in " ".join(line.problems)
    membership = Membership.objects.get()
    assert (membership.starts_on, membership.ends_on) == (dt.date(2009, 4, 1), None)


def test_closed_organisation_is_made_no_member_by_a_file():
    closed = OrganisationFactory(code="382019", name="旧町", valid_to=dt.date(2010, 4, 1))
    made = joining(["382019", "旧町", "2010-04-01", "", ""], ["382027", "新市", "2010-04-01", "", ""])

    refused, other = import_plan(register_import=made).lines
    written(made)

    assert refused.problems == ["加入日「2010-04-01」：旧町は平成22年4月1日廃止のため、その日以後は会員にできません。"]
    assert other.state == LineState.NEW
    assert not Membership.objects.filter(organisation=closed).exists()


def test_past_membership_of_a_closed_organisation_is_read_as_it_was():
    closed = OrganisationFactory(code="382019", name="旧町", valid_to=dt.date(2010, 4, 1))

    written(joining(["382019", "旧町", "2009-04-01", "2010-04-01", "合併・種別変更"]))

    assert list(members_on(dt.date(2010, 3, 31))) == [closed]


def test_row_that_repeats_what_stands_there_changes_nothing_whatever_is_wrong_with_it():
    closed = OrganisationFactory(code="382019", name="旧町", valid_to=dt.date(2010, 4, 1))
    MembershipFactory(organisation=closed)

    assert states(joining(["382019", "旧町", "2009-04-01", "", ""])) == [LineState.UNCHANGED]


def test_every_wrong_cell_of_a_row_is_named_at_once(matsuyama):
    made = uploaded(octets([[*JOINING, "電話"], ["382018", "松山市", "いつか", "", "気分", "電話なし"]]))

    (line,) = import_plan(register_import=made).lines

    assert len(line.problems) == 4


def test_end_of_who_never_was_a_member_is_an_error(matsuyama):
    (line,) = import_plan(register_import=joining(["382019", "松山市", "", "2012-04-01", ""])).lines

    assert "会員期間がありません" in line.problems[0]


def test_plan_with_memberships_takes_two_queries_for_any_number(django_assert_num_queries):
    rows = [[*row[:2], "2009-04-01", "", ""] for row in many(300)]
    Organisation.objects.bulk_create(Organisation(code=row[0], name=row[1], kind="city") for row in rows)
    for count in (1, 300):
        made = joining(*rows[:count])
        with django_assert_num_queries(2):
            assert set(states(made)) == {LineState.CHANGED}


def many(count):
    kinds = "市町村"
    return [
        [sample_municipal_code(number), f"見本第{number}{kinds[number % 3]}", "", f"00-{number:04}-0000"]
        for number in range(1, count + 1)
    ]


def test_1238_rows_are_read_shown_and_written(client):
    client.force_login(UserFactory(is_superuser=True))
    file = SimpleUploadedFile("名簿.xlsx", xlsx([HEADINGS, *many(1238)]))

    shown = client.post(reverse("members_admin:upload"), {"kind": "organisations", "file": file}, follow=True)
    done = client.post(shown.request["PATH_INFO"], {"digest": shown.context["plan"].digest}, follow=True)

    assert Organisation.objects.count() == 1238
    assert done.context["register_import"].created_count == 1238


def test_plan_takes_as_many_queries_for_a_thousand_rows_as_for_one(django_assert_num_queries):
    one, thousand = uploaded(octets([HEADINGS, *many(1)])), uploaded(octets([HEADINGS, *many(1000)]))

    for made in (one, thousand):
        with django_assert_num_queries(1):
            import_plan(register_import=made)


@pytest.mark.parametrize("file_format", list(FileFormat))
@pytest.mark.parametrize("kind", list(ImportKind))
def test_export_read_in_again_changes_nothing(kind, file_format):
    organisation = OrganisationFactory(code="382019", name="松山市", population=517000, population_on=today())
    seat = SeatFactory(organisation=organisation, role=SeatRole.LEAD)
    AffiliationFactory(seat=seat, person__last_name="矢野", person__first_name="友哉")
    AffiliationFactory(seat=SeatFactory(organisation=organisation, role=SeatRole.DEPUTY), person__last_name="＝計算")
    MembershipFactory(organisation=organisation, starts_on=dt.date(2005, 4, 1), ends_on=today(), leave_reason="other")
    MembershipFactory(starts_on=dt.date(2009, 4, 1))
    union = MembershipFactory(organisation=other()).organisation
    AffiliationFactory(seat=SeatFactory(organisation=union), person__last_name="会長")

    content = register_export(
        kind=kind, organisations=Organisation.objects.all(), on=today(), file_format=file_format, by=UserFactory()
    )

    assert set(states(uploaded(content, kind))) == {LineState.UNCHANGED}
    assert "見本協議会" in {cell for row in read(content).rows for cell in row}


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-1", "@x", "\tx", "＝１", "＠x"])
def test_no_exported_cell_runs_as_a_formula(cell):
    for file_format in (FileFormat.CSV, FileFormat.XLSX):
        content = table_write(headings=["a"], rows=[[cell]], file_format=file_format)
        if file_format == FileFormat.CSV:
            assert content.decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
        assert read(content).rows == [[cell.strip()]]


def test_cells_that_shift_jis_cannot_hold_are_named():
    with pytest.raises(ValidationError, match="A2（𠮷田）"):
        table_write(headings=["a"], rows=[["𠮷田"]], file_format=FileFormat.CP932)


@pytest.fixture
def desk(client):
    person = UserFactory()
    rights = ["access_admin", "view_membership", "view_registerimport", "add_registerimport", "view_registeraccess"]
    person.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(person)
    return client


def test_desk_exports_what_is_listed_and_the_log_says_so(desk):
    OrganisationFactory(name="松山市", code="382019")
    OrganisationFactory(name="見本村", kind=OrganisationKind.VILLAGE)
    url = reverse("members_admin:export", args=["organisations", "csv"])

    answer = desk.get(url, {"kind": "city"})

    assert answer.content.startswith(codecs.BOM_UTF8)
    assert "松山市" in answer.content.decode()
    assert "見本村" not in answer.content.decode()
    assert RegisterAccess.objects.get(use="export").detail.endswith("1")
    assert "書き出し" in desk.get(reverse("members_access:index")).text


@pytest.mark.parametrize("arguments", [["secrets", "csv"], ["people", "pdf"]])
def test_export_of_nothing_known_is_not_found(desk, arguments):
    assert desk.get(reverse("members_admin:export", args=arguments)).status_code == 404


def test_desk_says_what_is_wrong_with_a_file(desk):
    file = SimpleUploadedFile("x.csv", b"\x00\x01")

    answer = desk.post(reverse("members_admin:upload"), {"kind": "people", "file": file})

    assert answer.status_code == 422
    assert "保存し直してください" in answer.text


def test_desk_refuses_a_file_that_is_too_large(desk, monkeypatch):
    monkeypatch.setattr(spreadsheets, "BYTES_ALLOWED", 1024 * 1024)
    file = SimpleUploadedFile("x.csv", b"x" * (2 * 1024 * 1024))

    answer = desk.post(reverse("members_admin:upload"), {"kind": "people", "file": file})

    assert answer.status_code == 422
    assert "2 MB" in answer.text
    assert not RegisterImport.objects.exists()


def test_desk_maps_shows_and_writes(desk):
    file = SimpleUploadedFile("x.csv", octets([["番号", "なまえ", "電話"], ["382019", "松山市", "089-000-0000"]]))
    shown = desk.post(reverse("members_admin:upload"), {"kind": "organisations", "file": file}, follow=True)
    url = shown.request["PATH_INFO"]
    assert "次の列を選んでください" in shown.text

    mapping = {"map": "1", "column-0": "code", "column-1": "name", "column-2": "telephone"}
    shown = desk.post(url, mapping, follow=True)
    assert "新規 1" in shown.text
    assert "取り込まない列" not in shown.text
    stale = desk.post(url, {"digest": "old"}, follow=True)
    assert "何も反映していません" in stale.text
    assert not Organisation.objects.exists()
    done = desk.post(url, {"digest": shown.context["plan"].digest}, follow=True)

    assert "新規1" in done.text
    assert Organisation.objects.get().name == "松山市"
    assert "x.csv" in desk.get(reverse("members_imports:index")).text


def test_preview_names_the_columns_that_are_left_out(desk):
    made = uploaded(octets([[*HEADINGS, "内線"], [*MATSUYAMA, "12"]]))

    page = desk.get(reverse("members_admin:import", args=[made.pk])).text

    assert "取り込まない列：内線" in page


@pytest.mark.parametrize("name", ["upload", "import"])
def test_import_needs_its_right(client, name):
    made = uploaded(octets([HEADINGS, MATSUYAMA]))
    person = UserFactory()
    person.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_membership"]))
    client.force_login(person)

    assert client.get(reverse(f"members_admin:{name}", args=[made.pk] if name == "import" else [])).status_code == 403


def test_files_that_nobody_confirmed_are_deleted_after_a_week():
    old, fresh = uploaded(octets([HEADINGS, MATSUYAMA])), uploaded(octets([HEADINGS, MATSUYAMA]))
    RegisterImport.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=8))

    assert imports_forget() == 1
    assert list(RegisterImport.objects.all()) == [fresh]
