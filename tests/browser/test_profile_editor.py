"""The editors in a real browser: rows come and go in place, the picture follows, unsaved text is not lost in silence."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Enter, Live

PAGES = "/settings/profile/edit/"


def test_a_procedure_is_changed_with_the_picture_beside_it(live: Live, enter: Enter) -> None:
    seat = enter(live.world.huarong, "administrator")
    page = seat.page
    seat.open(f"{PAGES}procedure")
    picture = page.locator(".hy-diagram svg")
    expect(picture.locator(".hy-diagram-back")).to_have_count(2)
    # one card at a time
    page.locator("#f-procedure-steps-1 > summary").click()
    page.locator("#f-procedure-steps-6 > summary").click()
    expect(page.locator("details.hy-row-card[open]")).to_have_count(1)
    # a way back appears while the form is still unsaved
    page.locator('[name="procedure-steps-6-returns_to"]').select_option(label="拟办")
    expect(picture.locator(".hy-diagram-back")).to_have_count(3)
    expect(page.get_by_text("有未保存的修改")).to_be_visible()
    # a step of the picture opens its card, and what was typed is still there
    picture.locator("a").first.click()
    expect(page.locator("#f-procedure-steps-0")).to_have_attribute("open", "")
    picture.locator("a").nth(6).press("Enter")
    expect(page.locator("#f-procedure-steps-6")).to_have_attribute("open", "")
    expect(page.locator('[name="procedure-steps-6-returns_to"]')).to_have_value("draft")
    # the words of the article follow the choice
    cited = page.locator('[name="procedure-steps-6-article"]')
    cited.select_option("第三条")
    expect(page.locator("#f-procedure-steps-6 [data-hy-article-text]")).to_contain_text(
        "各乡镇和区政府各部门应指定专兼职督查员"
    )
    # a new step: its card opens with the cursor in it, and it moves by keyboard
    seat.press("添加环节")
    name = page.locator('[name="procedure-steps-8-name"]')
    expect(page.locator('[name="procedure-steps-8-kind"]')).to_be_focused()
    page.locator('[name="procedure-steps-8-kind"]').select_option("approval")
    name.fill("会商")
    page.locator('[name="procedure-steps-8-article"]').select_option("本级设定")
    page.locator('[name="procedure-steps-8-approval-on"]').check()
    page.locator('[name="procedure-steps-8-approval-mode"]').select_option("any_of")
    page.locator('[name="procedure-steps-8-approval-roles"]').first.select_option("office_leader")
    page.locator("#f-procedure-steps-8").get_by_role("button", name="上移").press("Enter")
    expect(page.locator('[name="procedure-steps-7-name"]')).to_have_value("会商")
    expect(picture).to_contain_text("8 会商")
    seat.press("保存到草稿")
    expect(page.get_by_text("已保存到草稿，发布之前不生效。")).to_be_visible()
    expect(page.locator(".hy-editor-changed")).to_have_count(1)
    page.get_by_text("没有问题，可以发布").wait_for()
    # and back to what is in force
    page.locator("summary", has_text="放弃草稿").click()
    page.locator(".hy-confirm-box").get_by_role("button", name="放弃草稿").click()
    expect(page.get_by_text("已放弃草稿，恢复为现行规定。")).to_be_visible()
    expect(picture).not_to_contain_text("会商")


def test_a_refusal_leads_to_its_field(live: Live, enter: Enter) -> None:
    seat = enter(live.world.huaian, "administrator")
    page = seat.page
    seat.open(f"{PAGES}deadlines")
    page.locator("#f-deadline_rules-0 > summary").click()
    page.locator('[name="deadline_rules-0-amount"]').fill("三天")
    page.locator('[name="deadline_rules-0-yellow_days"]').fill("999")
    page.evaluate("document.querySelector('form[data-hy-keep]').requestSubmit()")
    expect(page.get_by_text("有 2 处需要更正")).to_be_visible()
    expect(page.locator('[name="deadline_rules-0-amount"]')).to_have_value("三天")
    page.locator(".hy-notice li a").first.click()
    expect(page.locator('[name="deadline_rules-0-amount"]')).to_be_in_viewport()


def test_every_page_fits_the_common_screen(live: Live, enter: Enter) -> None:
    seat = enter(live.world.huarong, "administrator")
    seat.open(f"{PAGES}regulation")
    for link in seat.page.locator(".hy-editor-pages a").all():
        seat.page.goto(f"{seat.root.rpartition('/j/')[0]}{link.get_attribute('href')}")
        assert seat.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), seat.page.url
