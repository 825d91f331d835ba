"""What the editor of a seminar sees, and what is checked across the rows of the form."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.pages.panels import BasePageForm

from .enums import AttendanceMeaning
from .validators import (
    OccurrenceRow,
    SessionRow,
    lost_keys,
    outside_fiscal_year,
    repeated_keys,
    session_outside,
    wrong_total,
)


class KeyInput(forms.HiddenInput):
    """Carries a row's key; the script gives each added row one of its own."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-controller": "seminar-key", **(attrs or {})})

    class Media:
        js = ["seminars/programme_editor.js"]


class KeyPanel(FieldPanel):
    """A row's key, which no comparison shows: it says nothing to people."""

    def get_comparison_class(self) -> None:
        return None


def is_pointed_at(row: models.Model) -> bool:
    """Say whether other records, such as registrations, forbid that the row is deleted."""
    try:
        Collector(using=router.db_for_write(type(row), instance=row)).collect([row])
    except (ProtectedError, RestrictedError):
        return True
    return False


class SeminarPageForm(BasePageForm):
    """Checks what no single row can see: keys, sessions within their occurrence, talks at occurrences that exist."""

    def is_valid(self) -> bool:
        """Run the checks across rows once each row is sound by itself."""
        return bool(super().is_valid()) and self._rows_agree()

    def _rows_agree(self) -> bool:
        occurrences = dict(self._occurrence_rows())
        checks = (
            self._check_keys(occurrences),
            self._check_sessions(occurrences),
            self._check_talks(occurrences),
            self._check_page(occurrences),
            self._check_removed(),
        )
        return all(checks)

    def _occurrence_rows(self) -> Iterator[tuple[forms.ModelForm, OccurrenceRow]]:
        for form in _kept(self.formsets.get("occurrences")):
            entered = form.cleaned_data
            sessions = tuple(_session_row(child) for child in _kept(form.formsets.get("sessions")))
            yield (
                form,
                OccurrenceRow(
                    key=entered.get("key"),
                    city=entered.get("venue_city", ""),
                    start=entered["start"],
                    end=entered.get("end"),
                    attendance=entered.get("attendance"),
                    sessions=sessions,
                ),
            )

    def _check_keys(self, occurrences: dict[Any, OccurrenceRow]) -> bool:
        rows: list[tuple[Any, OccurrenceRow | SessionRow]] = [*occurrences.items()]
        for form in occurrences:
            rows += [(child, _session_row(child)) for child in _kept(form.formsets.get("sessions"))]
        repeated = repeated_keys(row for _form, row in rows)
        for form, row in rows:
            if row.key in repeated:
                form.add_error(None, _("Two rows carry the same key. Remove one of them and add it again."))
        return not repeated

    def _check_sessions(self, occurrences: dict[Any, OccurrenceRow]) -> bool:
        sound = True
        for form, occurrence in occurrences.items():
            for child in _kept(form.formsets.get("sessions")):
                if sentence := session_outside(_session_row(child), occurrence):
                    child.add_error("start", sentence)
                    sound = False
        return sound

    def _check_talks(self, occurrences: dict[Any, OccurrenceRow]) -> bool:
        rows = list(occurrences.values())
        lost = {}
        for index, talk in enumerate(self.cleaned_data.get("programme") or ()):
            if talk.block_type == "talk" and lost_keys(talk.value["at"], rows):
                sentence = _("This talk names an occurrence that was removed. Choose its occurrences again.")
                lost[index] = StructBlockValidationError(block_errors={"at": ValidationError(sentence)})
        if lost:
            self.add_error("programme", StreamBlockValidationError(block_errors=lost))
        return not lost

    def _check_page(self, occurrences: dict[Any, OccurrenceRow]) -> bool:
        rows, entered = list(occurrences.values()), self.cleaned_data
        problems = {
            "fiscal_year": outside_fiscal_year(entered["fiscal_year"], rows) if entered.get("fiscal_year") else "",
            "attendance_total": wrong_total(entered.get("attendance_total"), rows)
            if entered.get("attendance_meaning") == AttendanceMeaning.CUMULATIVE
            else "",
        }
        for name, sentence in problems.items():
            if sentence:
                self.add_error(name, sentence)
        return not any(problems.values())

    def _check_removed(self) -> bool:
        """Rows that other records point at stay: the stored ones count, a draft may have dropped them long ago."""
        kept = {form.instance.pk for form in self._all_kept()}
        held = [row for row in self._stored_rows() if row.pk not in kept and is_pointed_at(row)]
        for row in held:
            sentence = _("“%(row)s” cannot be removed: other records such as registrations belong to it.")
            self.add_error(None, sentence % {"row": row})
        return not held

    def _all_kept(self) -> Iterator[Any]:
        for form in _kept(self.formsets.get("occurrences")):
            yield form
            yield from _kept(form.formsets.get("sessions"))

    def _stored_rows(self) -> Iterator[models.Model]:
        if self.instance.pk is None:
            return
        stored = self.formsets["occurrences"].model.objects.filter(page=self.instance.pk)
        for occurrence in stored.prefetch_related("sessions"):
            yield occurrence
            yield from occurrence.sessions.all()


def _kept(formset: Any) -> list[Any]:
    """Return the rows of a formset that hold something and were not removed."""
    forms_ = formset.forms if formset is not None else []
    return [form for form in forms_ if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _session_row(form: Any) -> SessionRow:
    entered = form.cleaned_data
    return SessionRow(
        key=entered.get("key"),
        label=entered.get("label", ""),
        start=entered.get("start"),
        end=entered.get("end"),
        attendance=entered.get("attendance"),
    )
