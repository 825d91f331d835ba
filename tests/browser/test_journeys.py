"""What visitors do on the site, from the first page to the last click."""

from playwright.sync_api import Page, expect


def test_visitor_reads_the_meetings_of_the_fiscal_year(page: Page) -> None:
    page.goto("/")
    page.locator("a[href$='/meetings/']:visible").first.click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("平成21年度")
    page.locator("main a[href$='/meetings/fy2009-3/']").first.click()

    record = page.locator("main")
    expect(record).to_contain_text("平成22年2月10日（水）11:00～12:00")
    expect(record).to_contain_text("メルパルク大阪")
    expect(record).to_contain_text("8団体")
    expect(record).to_contain_text("平成22年度事業計画")


def test_visitor_takes_a_meeting_into_the_calendar(page: Page, visit) -> None:
    page.goto("/meetings/fy2009-1/")

    answer = visit.context.request.get(page.locator("main a[href$='.ics']").first.get_attribute("href"))

    assert answer.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;TZID=Asia/Tokyo:20090609T114500" in answer.text()
