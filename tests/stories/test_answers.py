"""Two recipients answer without script and account; the sender reads it, copies it, and sees what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.albums import LinkInfo, Share
from lib.albums.host import open_share
from lib.albums.owner_cookie import OWNER_COOKIE
from lib.services.base import Album, AlbumPhoto, LinkQuestion, Wishes
from lib.settings import read_settings
from tests.conftest import RunningApp
from tests.stories.conftest import settled
from tests.stories.test_share_page import DESKTOP, PHONE, SIZES, landscape, quiet

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def share(app: RunningApp) -> Iterator[Share]:
    opened = open_share(read_settings(data_dir=app.data_dir))
    yield opened
    opened.close()


def somebody() -> str:
    """A sender of this one try alone: at a second try nobody meets the links of the first."""
    return uuid4().hex


def album(share: Share, owner: str) -> str:
    photos = [
        AlbumPhoto(f"cup {n}.jpg", "image/jpeg", *size, len(data), lambda data=data: data)  # type: ignore[misc]
        for n, size in enumerate(SIZES[:5], 1)
        for data in [landscape(n, size)]
    ]
    return share.intake.take(owner, Album(f"answers {owner}", "Which cup?", "For the kitchen", photos))


def sender(app: RunningApp, new_context: NewContext, owner: str, **screen: object) -> Page:
    context = new_context(**screen)
    sealed = open_share(read_settings(data_dir=app.data_dir)).cookies.value(owner)
    context.add_cookies([{"name": OWNER_COOKIE, "value": sealed, "url": app.url}])
    return context.new_page()


def open_first(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/links")
    expect(page.get_by_role("heading", name="My links")).to_be_visible()
    settled(page)


LANGUAGES = {
    "en-GB": ("I like photo {n}", "Send answer", "Thank you", "Send the changed answer"),
    "de-DE": ("Mir gefällt Foto {n}", "Antwort senden", "Danke", "Geänderte Antwort senden"),
    "ar": ("تعجبني الصورة {n}", "إرسال الرد", "شكرًا", "إرسال الرد المعدّل"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("script", [False, True], ids=["script off", "script on"])
def test_somebody_answers_and_changes_it_on_a_small_phone(
    app: RunningApp, new_context: NewContext, share: Share, no_axe_violations: Callable[[Page], None],
    look: Callable[[Page, str], None], language: str, *, script: bool,
) -> None:  # fmt: skip
    owner = somebody()
    link = share.links.create(owner, album(share, owner), Wishes(question=LinkQuestion.LIKE))
    like, send, thanks, change = LANGUAGES[language]
    scheme = "dark" if script else "light"
    page = new_context(
        **PHONE, locale=language, java_script_enabled=script, color_scheme=scheme, bypass_csp=script
    ).new_page()
    complaints = quiet(page)
    page.goto(app.url + link.path)
    page.get_by_role("checkbox", name=like.format(n=2)).check()
    page.get_by_role("checkbox", name=like.format(n=5)).check()
    page.get_by_role("textbox").first.fill("With <b>handle</b>")
    if script:
        no_axe_violations(page)
    look(page, f"answer-{language}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.context.cookies() == []
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("heading", name=thanks)).to_be_visible()
    expect(page.get_by_text("2, 5")).to_be_visible()
    look(page, f"answer-sent-{language}-{scheme}")
    page.get_by_role("link").first.click()
    expect(page.get_by_role("checkbox", name=like.format(n=5))).to_be_checked()
    page.get_by_role("checkbox", name=like.format(n=5)).uncheck()
    page.get_by_role("button", name=change).click()
    expect(page.get_by_role("heading", name=thanks)).to_be_visible()
    (found,) = share.answers.all(owner, link.album_id)
    assert (dict(found.chosen), found.words) == ({2: 1}, "With <b>handle</b>")
    assert complaints == []


def answered(app: RunningApp, page: Page, link: LinkInfo, amounts: dict[int, int], words: str, name: str) -> None:
    page.goto(app.url + link.path)
    for n, many in amounts.items():
        page.get_by_role("spinbutton", name=f"How many of photo {n}").fill(str(many))
    page.get_by_label("A few words").fill(words)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_two_recipients_order_and_the_sender_reads_it(
    app: RunningApp, new_context: NewContext, share: Share, look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None],
) -> None:  # fmt: skip
    owner = somebody()
    held = album(share, owner)
    anas = share.links.create(owner, held, Wishes(name="For Ana", question=LinkQuestion.MANY))
    bens = share.links.create(owner, held, Wishes(name="For Ben", question=LinkQuestion.MANY))
    answered(app, new_context(**PHONE, java_script_enabled=False).new_page(), anas, {2: 3, 5: 1}, "By Friday?", "Ana")
    answered(app, new_context(**DESKTOP).new_page(), bens, {2: 1}, "=1+1", "")

    page = sender(app, new_context, owner, **PHONE)
    open_first(page, app)
    expect(page.get_by_text("1 new answer")).to_have_count(2)
    page.get_by_role("button", name="Look and change").last.click()
    expect(page.get_by_text("Ana wants 2 (×3) and 5 (×1): By Friday?")).to_be_visible()
    expect(page.get_by_text("New", exact=True)).to_be_visible()
    expect(page.get_by_text("Photo 2 · cup 2.jpg: 4")).to_be_visible()
    expect(page.get_by_alt_text("Photo 5")).to_be_visible()
    expect(page.get_by_text("By Friday?")).to_have_count(1)
    look(page, "answers-sender-phone")
    no_axe_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the answers").click()
    rows = download.value.path().read_text().splitlines()
    assert rows[0] == "link,answered,who,photo,file,name,price,amount,words"
    assert {row.rpartition(",")[2] for row in rows[1:]} == {"By Friday?", "'=1+1"}

    again = sender(app, new_context, owner, **DESKTOP)
    open_first(again, app)
    expect(again.get_by_text("1 new answer")).to_have_count(1)
    again.get_by_role("button", name="Look and change").last.click()
    expect(again.get_by_text("Ana wants")).to_be_visible()
    expect(again.get_by_text("New", exact=True)).to_have_count(0)
    look(again, "answers-sender-desktop")


def test_names_and_prices_are_typed_and_brought_as_a_table(
    app: RunningApp, new_context: NewContext, share: Share, look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None],
) -> None:  # fmt: skip
    owner = somebody()
    link = share.links.create(owner, album(share, owner), Wishes(question=LinkQuestion.MANY))
    page = sender(app, new_context, owner, **PHONE)
    open_first(page, app)
    page.get_by_role("button", name="Look and change").click()
    page.get_by_text("Names and prices", exact=True).click()
    page.get_by_role("textbox", name="Name of photo 2").fill("Blue cup")
    page.get_by_role("textbox", name="Price of photo 2").fill("12 €")
    no_axe_violations(page)
    page.get_by_role("button", name="Keep names and prices").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    table = {"name": "t.csv", "mimeType": "text/csv", "buffer": b"file;name;price\ncup 3.jpg;Bowl;20\nlost.jpg;X;1\n"}
    settled(page)
    page.locator("input[type=file]").last.set_input_files(table)
    expect(page.get_by_text("1 line names no photo of this album")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name of photo 3")).to_have_value("Bowl")
    expect(page.get_by_role("textbox", name="Name of photo 2")).to_have_value("Blue cup")
    look(page, "sheet-phone")
    page.get_by_role("textbox", name="Text across every photo").fill("© Ana's cups")
    page.get_by_role("button", name="Put it on the photos").click()
    expect(page.get_by_text("Saved.")).to_be_visible()  # the page went on after the last photo
    settled(page)
    assert share.albums.get(owner, link.album_id).watermark == "© Ana's cups"
    expect(page.get_by_text("taken out")).to_have_count(0)  # must not happen: photos that changed are called gone

    friend = new_context(**PHONE, java_script_enabled=False).new_page()
    friend.goto(app.url + link.path)
    expect(friend.get_by_text("Blue cup")).to_be_visible()
    expect(friend.get_by_text("12 €")).to_be_visible()
    assert friend.evaluate("document.documentElement.scrollWidth") <= 360
    friend.get_by_role("spinbutton", name="How many of photo 2").fill("3")
    friend.get_by_role("button", name="Send answer").click()
    expect(friend.get_by_text("Chosen: 2 Blue cup (×3)")).to_be_visible()


def test_who_is_in_a_photo_reaches_the_sender_who_takes_it_out_with_one_press(
    app: RunningApp, new_context: NewContext, share: Share, look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None],
) -> None:  # fmt: skip
    owner = somebody()
    link = share.links.create(owner, album(share, owner), Wishes())
    friend = new_context(**PHONE, java_script_enabled=False).new_page()
    friend.goto(app.url + link.path)
    friend.get_by_role("link", name="Report these photos").click()
    friend.get_by_label("I am in a photo").check()
    friend.get_by_label("Which photo?").select_option(label="Photo 2 of 5")
    friend.get_by_label("Anything to add?").fill("Left, with *the* hat")
    look(friend, "report-which-phone")
    friend.get_by_role("button", name="Send report").click()
    expect(friend.get_by_role("heading", name="Thank you")).to_be_visible()

    page = sender(app, new_context, owner, **PHONE)
    open_first(page, app)
    expect(page.get_by_text("Somebody is in a photo")).to_be_visible()
    expect(page.get_by_text("Left, with *the* hat")).to_be_visible()
    no_axe_violations(page)
    look(page, "asked-out-phone")
    page.get_by_role("button", name="Take this photo out").click()
    expect(page.get_by_text("4 of 4 addresses")).to_be_visible()
    expect(page.get_by_text("Somebody is in a photo")).to_have_count(0)
    answer = friend.goto(f"{app.url}{link.path}/p/2.jpg")
    assert answer
    assert answer.status == 404
    friend.goto(app.url + link.path)
    expect(friend.get_by_role("img")).to_have_count(4)
