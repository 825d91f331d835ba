"""Who holds the offices of the association: the roster of a fiscal year, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from cms.access.selectors import readable_pages
from cms.pages.models import MeetingPage
from plugins.members.forms.officers import OfficerYearForm
from plugins.members.models import OfficerTerm
from plugins.members.selectors.officers import officer_years


class OfficersView(View):
    """The organisations that held an office in the year, with who represented them then."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the roster of `?fiscal_year=`, the latest without it. Meetings that the reader may open are links."""
        form = OfficerYearForm(request.GET if "fiscal_year" in request.GET else None, years=officer_years())
        year = form.chosen
        terms = OfficerTerm.objects.held_in(year.start, year.next.start).in_order_of_office()
        rows = list(terms.select_related("organisation"))
        wanted = MeetingPage.objects.live().filter(pk__in={row.meeting_id for row in rows if row.meeting_id})
        meetings = {page.pk: page for page in readable_pages(wanted)}
        lines = [(row, meetings.get(row.meeting_id)) for row in rows]
        return render(request, "members/officers.html", {"form": form, "year": year, "lines": lines})
