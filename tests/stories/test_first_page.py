"""The first look, the first page, the way to all others, and what is said when the server is away."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from lib.front import PAGES
from tests.conftest import RunningApp, running_app
from tests.pictures import photo_with_secrets
from tests.stories.conftest import DESKTOP, PHONE, until

Look = Callable[[Page, str], None]
Contexts = Callable[..., BrowserContext]
DOORS = ("TikTok guide", "Check a link", "Compare storage")


def drawn(page: Page) -> None:
    expect(page.locator("#front-first")).to_have_count(0)
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()


def test_a_phone_says_in_one_look_what_this_is_and_where_to_begin(app: RunningApp, phone: Page, look: Look) -> None:
    phone.goto(app.url)
    drawn(phone)
    expect(phone.get_by_role("heading", level=1, name="Send photos by a link")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_text("Where they were taken stays with you.")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("img", name=re.compile("becomes a link, and opens"))).to_be_in_viewport(ratio=1)
    main = phone.locator("[data-testid=stMain]")
    for name in ("Send photos", *DOORS):
        expect(main.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    look(phone, "first-page")
    main.get_by_role("link", name="TikTok guide", exact=True).click()
    expect(phone.get_by_role("heading", name="Which way fits?")).to_be_in_viewport()
    main.get_by_role("link", name="Send photos", exact=True).click()
    expect(phone).to_have_url(f"{app.url}/send")


def test_the_main_button_leads_to_the_plain_page_where_that_serves_better(
    app: RunningApp, new_context: Contexts
) -> None:
    page = new_context(viewport=DESKTOP).new_page()
    button = page.locator("[data-testid=stMain]").get_by_role("link", name="Send photos", exact=True)
    page.goto(app.url)
    drawn(page)
    button.click()
    expect(page.get_by_role("heading", level=1, name="Send photos")).to_be_visible()
    expect(page).to_have_url(f"{app.url}/create")
    page.evaluate("Object.defineProperty(navigator, 'connection', {value: {effectiveType: '3g'}})")
    page.locator("[data-testid=stHeader]").get_by_role("link", name="Home", exact=True).click()  # from within the app
    drawn(page)
    button.click()
    expect(page).to_have_url(f"{app.url}/send")


def test_before_the_app_has_come_the_page_already_says_it_and_leads_on(app: RunningApp, new_context: Contexts) -> None:
    context = new_context(viewport=PHONE)
    page = context.new_page()
    page.route(re.compile(r"/static/js/index\."), lambda route: route.abort())  # the app never comes
    page.goto(app.url)
    expect(page.get_by_role("heading", level=1, name="Send photos by a link")).to_be_in_viewport(ratio=1)
    for name in ("Send photos", *DOORS):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Check a link").click()
    expect(page.get_by_text("Opening…")).to_be_visible()


def test_without_script_every_page_leads_to_the_way_that_works(app: RunningApp, new_context: Contexts) -> None:
    page = new_context(java_script_enabled=False).new_page()
    for one in PAGES:
        page.goto(f"{app.url}/{one.path}")
        expect(page.get_by_text("You need to enable JavaScript")).to_have_count(0)
        page.get_by_role("link", name="This page of the same server works without it.").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_way_to_all_pages_has_a_name_on_a_phone(app: RunningApp, phone: Page, look: Look) -> None:
    phone.goto(f"{app.url}/check")
    drawn(phone)
    menu = phone.get_by_role("button", name="Menu", exact=True)
    expect(menu).to_be_in_viewport(ratio=1)
    box = menu.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 40
    expect(menu.locator("[data-testid=stIconMaterial]")).to_be_hidden()  # must not happen: "»", which says "skip"
    menu.click()
    for one in PAGES:
        way = phone.locator("[data-testid=stSidebar]").get_by_role("link", name=one.title, exact=True)
        expect(way).to_have_count(int(one.in_menu))  # the host's page is found by its address
    look(phone, "menu")
    phone.locator("[data-testid=stSidebar]").get_by_role("link", name="My links", exact=True).click()
    expect(phone.get_by_role("heading", level=1, name="My links")).to_be_visible()


def test_the_way_to_all_pages_is_named_in_the_visitors_language(app: RunningApp, new_context: Contexts) -> None:
    page = new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="de-DE").new_page()
    page.goto(f"{app.url}/check")
    menu = page.get_by_role("button", name="Menü", exact=True)
    expect(menu).to_be_in_viewport(ratio=1)
    assert "Menü" in menu.evaluate("button => getComputedStyle(button, '::after').content")
    # what Streamlit says in English only is said in German too
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("Zum Inhalt springen")
    page.get_by_text("Viele Links?").click()
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_contain_text("MB je Datei")
    expect(page.get_by_role("button", name="Hilfe zu Link oder Nachricht")).to_be_attached()
    expect(page.locator("[aria-label^='Help for '], [aria-label='file upload']")).to_have_count(0)
    menu.click()
    expect(page.get_by_role("button", name="Menü schließen", exact=True)).to_be_attached()


def test_every_address_opens_its_page_under_its_own_title(app: RunningApp, desktop: Page) -> None:
    for one in PAGES:
        desktop.goto(f"{app.url}/{one.path}")
        drawn(desktop)
        expect(desktop.locator("[data-testid=stMain] h1")).to_have_count(1)
        expect(desktop).to_have_title(one.full_title)
        expect(desktop.get_by_role("dialog")).to_have_count(0)  # there Streamlit says that it has no such page


def test_no_page_asks_for_what_is_not_there(app: RunningApp, desktop: Page) -> None:
    missing: list[str] = []
    desktop.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    for one in PAGES:
        desktop.goto(f"{app.url}/{one.path}")
        drawn(desktop)
    assert missing == []


def test_no_page_asks_for_more_than_its_policy_allows(app: RunningApp, new_context: Contexts) -> None:
    context = new_context(viewport={"width": 1280, "height": 4000})
    context.add_init_script(
        "window.refused = []; document.addEventListener('securitypolicyviolation',"
        " (told) => window.refused.push(`${told.violatedDirective} ${told.blockedURI}`));"
    )
    page = context.new_page()
    for one in PAGES:
        answer = page.goto(f"{app.url}/{one.path}")
        assert answer
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        drawn(page)
        if one.path == "compare":
            expect(page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first).to_be_visible(timeout=60_000)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.refused") == [], one.path
    page.evaluate("fetch('http://127.0.0.2:9/').catch(() => {})")
    until(page, "window.refused.length === 1")  # the ruler works: another server is refused


def test_an_address_that_is_none_says_so_and_names_the_pages(app: RunningApp, phone: Page) -> None:
    answer = phone.goto(f"{app.url}/creat")
    assert answer
    assert answer.status == 404
    expect(phone.get_by_role("heading", level=1, name="There is nothing here")).to_be_visible()
    phone.get_by_role("link", name="Send photos").click()
    expect(phone).to_have_url(f"{app.url}/create")


def test_the_drawing_stands_still_for_who_wants_no_motion(app: RunningApp, new_context: Contexts) -> None:
    for wish, runs in (("reduce", 0), ("no-preference", 1)):
        page = new_context(viewport=PHONE, reduced_motion=wish).new_page()
        page.route(re.compile(r"/static/js/index\."), lambda route: route.abort())
        page.goto(app.url)
        expect(page.locator(".front-way svg")).to_be_visible()
        moving = page.evaluate(
            "document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 100).length"
        )
        assert min(moving, 1) == runs


def test_when_the_server_goes_away_our_words_say_so_and_what_was_done_stays(
    tmp_path: Path, phone: Page, look: Look
) -> None:
    with running_app(tmp_path) as first:
        url = first.url
        phone.goto(f"{url}/check")
        drawn(phone)
        box = phone.get_by_role("textbox", name="Link or message")
        box.fill("half a sentence")
    note = phone.get_by_role("alert").filter(has_text="This server cannot be reached right now.")
    expect(note).to_be_in_viewport(ratio=1)
    expect(note).to_contain_text("What you did stays on this page")
    expect(phone.get_by_text(re.compile("streamlit", re.IGNORECASE))).to_have_count(0)
    expect(phone.get_by_role("dialog")).to_have_count(0)
    expect(box).to_have_value("half a sentence")
    look(phone, "server-away")
    assert phone.evaluate("document.activeElement === document.body || document.activeElement.tagName === 'TEXTAREA'")


# Every free control: its drawn edge (inset shadow or border) against the page behind it.
CONTRASTS = """() => {
  const part = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(part);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  const page = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
  const found = {};
  const note = (name, edge) => { found[name] = Math.min(found[name] ?? 99, edge ? ratio(edge, page) : 1); };
  const radios = "[data-testid=stRadioOption]:not([data-selected=true]) > div > div:first-child";
  const boxes = "[data-testid=stCheckbox]:not([data-selected=true]) label > div:not([data-testid])";
  for (const one of document.querySelectorAll(`${radios}, ${boxes}`))
    note("choice", /rgba?\\([^)]+\\)/.exec(getComputedStyle(one).boxShadow)?.[0]);
  for (const one of document.querySelectorAll("[data-testid$=RootElement], [data-testid=stSelectbox] [role=group]"))
    note("field", getComputedStyle(one).borderTopColor);
  return found;
}"""


@pytest.mark.parametrize("page", ["check", "create"])
def test_controls_that_are_not_chosen_can_be_seen(app: RunningApp, new_context: Contexts, page: str) -> None:
    """The border of a control has 3 to 1 against the page (WCAG 1.4.11); axe does not look at it."""
    for scheme in ("light", "dark"):
        seen = new_context(viewport=PHONE, color_scheme=scheme).new_page()
        seen.goto(f"{app.url}/{page}")
        drawn(seen)
        expect(seen.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        if page == "create":  # nothing is asked before the photos
            expect(seen.get_by_text("Choose photos")).to_be_visible()
            picture = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=photo_with_secrets(1))
            seen.locator("input.pick").set_input_files([picture])
            seen.locator("summary").first.click(timeout=60_000)
        expect(seen.locator("[data-testid$=RootElement]").first).to_be_visible()
        found = seen.evaluate(CONTRASTS)
        assert found, "no control to look at"
        assert {name: ratio for name, ratio in found.items() if ratio < 3} == {}, scheme
