"""Fuzzy dates in forms, model columns and StreamFields."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.test.utils import isolate_apps

from cms.calendar import FuzzyDate
from cms.calendar.blocks import FuzzyDateBlock
from cms.calendar.fields import FuzzyDateField
from cms.calendar.forms import DayField, FuzzyDateFormField

JUNE = FuzzyDate.month(2010, 6)


class PlanForm(forms.Form):
    when = FuzzyDateFormField(required=False)


def test_form_reads_the_association_s_way_of_writing_and_shows_it_again():
    form = PlanForm({"when": "平成 2 2 年 6 月予定"})
    assert form.is_valid()
    assert form.cleaned_data["when"] == JUNE
    assert 'value="平成22年6月"' in str(PlanForm(initial={"when": JUNE}))


def test_form_keeps_what_was_typed_and_says_why_it_is_refused():
    form = PlanForm({"when": "そのうち"})
    assert not form.is_valid()
    assert "そのうち" in str(form["when"])
    assert "平成22年6月" in form.errors["when"][0]


def test_form_takes_nothing_for_nothing():
    form = PlanForm({"when": ""})
    assert form.is_valid()
    assert form.cleaned_data["when"] is None


def test_another_way_of_writing_is_no_change():
    assert not PlanForm({"when": "2010-06"}, initial={"when": JUNE}).has_changed()
    assert PlanForm({"when": "2010-07"}, initial={"when": JUNE}).has_changed()
    assert PlanForm({"when": "そのうち"}, initial={"when": JUNE}).has_changed()


@pytest.fixture
def plan_class():
    with isolate_apps("cms.calendar"):

        class Plan(models.Model):
            when = FuzzyDateField(blank=True)

            class Meta:
                app_label = "calendar"

            def __str__(self):
                return str(self.when)

        yield Plan


def test_column_stores_sortable_text_and_reads_a_fuzzy_date(plan_class):
    field = plan_class._meta.get_field("when")
    assert field.get_prep_value(JUNE) == "2010-06"
    assert field.get_prep_value(None) == ""
    assert field.from_db_value("2010-06", None, None) == JUNE
    assert field.from_db_value("", None, None) is None
    assert field.value_to_string(plan_class(when=JUNE)) == "2010-06"


def test_column_is_cleaned_like_any_other(plan_class):
    plan = plan_class(when="平成22年6月")
    plan.clean_fields(exclude=["id"])
    assert plan.when == JUNE
    with pytest.raises(ValidationError, match="そのうち"):
        plan_class(when="そのうち").clean_fields(exclude=["id"])


def test_column_offers_the_form_field_that_reads_eras(plan_class):
    form = forms.modelform_factory(plan_class, fields=["when"])({"when": "未定"})
    assert form.is_valid()
    assert form.instance.when == FuzzyDate.undecided()


def test_block_stores_the_text_and_shows_the_label():
    block = FuzzyDateBlock()
    assert block.get_prep_value(JUNE) == "2010-06"
    assert block.to_python("2010-06") == JUNE
    assert block.to_python("") is None
    assert block.value_for_form(JUNE) == "平成22年6月"
    assert block.clean("平成22年6月") == JUNE


@pytest.mark.parametrize("typed", ["2010-02-01", "平成22年2月1日", "Ｈ２２．２．１", "平成 2 2 年 2 月 1 日（月）"])
def test_day_field_reads_what_offices_write(typed):
    assert DayField().clean(typed) == date(2010, 2, 1)


def test_day_field_says_what_it_cannot_read_and_keeps_it():
    field = DayField()

    with pytest.raises(ValidationError, match="平成22年2月30日"):
        field.clean("平成22年2月30日")
    assert field.prepare_value("平成22年2月30日") == "平成22年2月30日"
    assert field.prepare_value(date(2010, 2, 1)) == "平成22年2月1日"
    assert DayField(required=False).clean("") is None


def test_day_field_has_changed_where_another_day_was_typed():
    assert not DayField().has_changed(date(2010, 2, 1), "H22.2.1")
    assert DayField().has_changed(date(2010, 2, 1), "H22.2.2")
    assert DayField().has_changed(date(2010, 2, 1), "??")


@pytest.mark.parametrize("typed", ["0001-01-01", "1889-03-31", "2200-01-01", "9999-12-31"])
def test_a_day_beyond_every_register_is_refused_with_the_range(typed):
    with pytest.raises(ValidationError, match="1889年4月1日から2199年12月31日まで"):
        DayField().clean(typed)


@pytest.mark.parametrize("typed", ["1889-04-01", "2199-12-31"])
def test_the_first_and_the_last_day_of_the_range_are_taken(typed):
    assert DayField().clean(typed) == date.fromisoformat(typed)
