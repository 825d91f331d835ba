"""The parts of every page around its content."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

pytestmark = pytest.mark.django_db


def test_base_for_a_view_that_is_no_page_has_the_frame_and_nothing_empty(rf: RequestFactory) -> None:
    html = render_to_string("base.html", {}, rf.get("/somewhere/"))

    assert '<main id="main"' in html
    assert 'href="#main"' in html
    assert "/accounts/login/?next=/somewhere/" in html
    assert "None" not in html
