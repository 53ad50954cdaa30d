"""On the phone: photos are cleaned before they leave it, and arrive although the connection does not hold."""

from __future__ import annotations

import base64
import io
import json
import re
import struct
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import APIResponse, Browser, BrowserContext, Download, Locator, Page, Route, expect

from lib.photos import prepare_photo
from lib.picker import address
from tests.conftest import RunningApp, running_app
from tests.stories.conftest import PHONE, settled
from tests.ui.hevc_decoder import give_hevc_decoder
from tests.ui.made_photos import CANARIES, told_everything, write

PHONE_OPTIONS = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture
def door(picker_app: RunningApp) -> Path:
    """Every byte that browsers sent to the server."""
    path = picker_app.data_dir.parent / "door.bin"
    path.unlink(missing_ok=True)
    return path


def choose(page: Page, files: list[Path]) -> None:
    page.locator("input.pick").set_input_files(files)


def cards(page: Page) -> Locator:
    return page.locator("li.card")


def names(page: Page) -> list[str]:
    return page.locator("li.card .name").all_text_contents()


def opened(page: Page, name: str) -> Locator:
    """Tap a photo, and return the sheet that tells about it."""
    cards(page).filter(has_text=name).get_by_role("button").tap()
    return page.get_by_role("dialog", name=name)


def remove(page: Page, name: str) -> None:
    opened(page, name).get_by_role("button", name="Remove").tap()


def stored(app: RunningApp) -> set[Path]:
    """Every file in the photo store of the app."""
    return {path for path in (app.data_dir / "photos").rglob("*") if path.is_file()}


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.05)


def in_the_draft(page: Page, *wanted: str) -> None:
    """The server's own words about what it has, in its order."""
    told = page.get_by_text(f"In the draft: {', '.join(wanted) or 'nothing'}", exact=True)
    expect(told).to_be_visible(timeout=60_000)


def test_ten_photos_are_cleaned_on_the_phone_and_arrive(
    phone: Page,
    picker_app: RunningApp,
    door: Path,
    tmp_path: Path,
    no_axe_violations: Callable[[Page], None],
    look: Callable[[Page, str], None],
) -> None:
    phone.goto(picker_app.url)
    no_axe_violations(phone)
    look(phone, "picker-empty")
    photos = write(tmp_path, 10)
    choose(phone, photos)
    in_the_draft(phone, *(photo.name for photo in photos))
    expect(phone.locator(".total-words")).to_contain_text("10 photos ready")
    first = cards(phone).first
    expect(first.locator("img")).to_be_visible()
    look(phone, "picker-ten")
    sheet = opened(phone, "photo 1.jpg")
    for text in ("Location removed", "51.50000, -0.12500", "SERIAL-CANARY-4711", "Removed on this device"):
        expect(sheet.locator(".found")).to_contain_text(text)
    no_axe_violations(phone)
    look(phone, "picker-sheet")
    sheet.get_by_role("button", name="Close").tap()
    expect(first.get_by_role("button")).to_be_focused()
    no_axe_violations(phone)
    sent = door.read_bytes()
    assert sent.count(b"\xff\xd8\xff") >= 10
    assert not [canary for canary in CANARIES if canary in sent]
    told = [set(line.decode().split(",")) for line in re.findall(rb"x-removed: (.*)\n", sent)]
    assert len(told) == 10
    assert all(kinds >= {"position", "serial", "owner", "time", "device"} for kinds in told)
    assert b"51.500" not in sent
    assert b"ICC_PROFILE" not in sent
    # What was cleaned on the phone is not compressed a second time.
    stored = [path.read_bytes() for path in (picker_app.data_dir / "photos").rglob("*") if path.is_file()]
    assert sum(data in sent for data in stored) >= 10


def test_a_phone_without_workers_still_cleans_on_the_page(
    phone: Page, picker_app: RunningApp, door: Path, tmp_path: Path
) -> None:
    phone.add_init_script("delete window.Worker; delete window.OffscreenCanvas; delete Crypto.prototype.randomUUID;")
    phone.goto(picker_app.url)
    choose(phone, write(tmp_path, 2))
    in_the_draft(phone, "photo 1.jpg", "photo 2.jpg")
    sent = door.read_bytes()
    assert not [canary for canary in CANARIES if canary in sent]
    assert len(set(re.findall(rb"x-upload-key: ([0-9a-f]{32})", sent))) == 2


def test_a_lost_connection_in_the_middle_loses_nothing(phone: Page, picker_app: RunningApp, tmp_path: Path) -> None:
    phone.goto(picker_app.url)
    expect(phone.get_by_text("Choose photos")).to_be_visible()
    wanted = write(tmp_path, 5)
    posts: list[str] = []

    def drop_after_two(route: Route) -> None:
        posts.append("post")
        if len(posts) == 3:
            phone.context.set_offline(True)
        route.continue_()

    phone.route(re.compile(r"/api/drafts/[^/]+/photos\?"), drop_after_two)
    choose(phone, wanted)
    expect(phone.locator("li.card[data-state=pausing]").first).to_contain_text("offline, goes on by itself")
    expect(phone.locator(".total-words")).to_contain_text("You are offline")
    phone.context.set_offline(False)
    expect(phone.locator(".total-words")).to_contain_text("5 photos ready")
    in_the_draft(phone, *(photo.name for photo in wanted))
    assert len(cards(phone).all()) == 5


def test_a_reload_keeps_what_arrived_and_names_what_did_not(
    phone: Page, picker_app: RunningApp, tmp_path: Path
) -> None:
    phone.goto(picker_app.url)
    wanted = write(tmp_path, 4)
    choose(phone, wanted[:3])
    in_the_draft(phone, *(photo.name for photo in wanted[:3]))
    phone.route(
        re.compile(r"/api/drafts/[^/]+/photos\?"),
        lambda route: None if route.request.method == "POST" else route.continue_(),
    )
    choose(phone, wanted[3:])
    expect(phone.locator("li.card[data-state=sending]")).to_be_visible()
    phone.on("dialog", lambda dialog: dialog.accept())
    phone.reload()
    expect(phone.locator(".notice")).to_contain_text("Please choose again: photo 4.jpg")
    expect(cards(phone)).to_have_count(3)
    expect(cards(phone).first).to_contain_text("uploaded earlier")
    expect(cards(phone).first.locator("img")).to_be_visible()


def test_order_removal_and_undo_by_keyboard_reach_the_server(
    phone: Page, picker_app: RunningApp, tmp_path: Path
) -> None:
    phone.goto(picker_app.url)
    wanted = write(tmp_path, 3)
    choose(phone, wanted)
    in_the_draft(phone, "photo 1.jpg", "photo 2.jpg", "photo 3.jpg")
    tile = cards(phone).filter(has_text="photo 1.jpg").get_by_role("button")
    tile.press("Enter")
    sheet = phone.get_by_role("dialog", name="photo 1.jpg")
    sheet.get_by_role("button", name="Move later").press("Enter")
    in_the_draft(phone, "photo 2.jpg", "photo 1.jpg", "photo 3.jpg")
    expect(phone.locator(".said")).to_have_text("photo 1.jpg is now photo 2 of 3.")
    sheet.press("Escape")
    expect(tile).to_be_focused()
    tile.press("ArrowRight")  # walks on, and moves nothing
    third = cards(phone).filter(has_text="photo 3.jpg").get_by_role("button")
    expect(third).to_be_focused()
    third.press("Alt+ArrowLeft")
    expect(phone.locator(".said")).to_have_text("photo 3.jpg is now photo 2 of 3.")
    expect(third).to_be_focused()
    in_the_draft(phone, "photo 2.jpg", "photo 3.jpg", "photo 1.jpg")
    third.press("Delete")
    in_the_draft(phone, "photo 2.jpg", "photo 1.jpg")
    expect(tile).to_be_focused()
    phone.get_by_role("button", name="Undo").press("Enter")
    in_the_draft(phone, "photo 2.jpg", "photo 3.jpg", "photo 1.jpg")
    assert names(phone) == ["photo 2.jpg", "photo 3.jpg", "photo 1.jpg"]


def test_a_photo_removed_on_its_way_is_not_in_the_draft(phone: Page, picker_app: RunningApp, tmp_path: Path) -> None:
    phone.goto(picker_app.url)
    held: list[tuple[Route, APIResponse]] = []
    phone.route(re.compile(r"/api/drafts/[^/]+/photos\?"), lambda route: held.append((route, route.fetch())))
    choose(phone, write(tmp_path, 2))
    while len(held) < 2:
        phone.wait_for_timeout(50)
    remove(phone, "photo 2.jpg")
    for route, answer in held:
        route.fulfill(response=answer)
    in_the_draft(phone, "photo 1.jpg")
    phone.get_by_role("button", name="Undo").tap()
    in_the_draft(phone, "photo 1.jpg", "photo 2.jpg")


def test_a_photo_removed_without_a_connection_is_removed_as_soon_as_there_is_one(
    phone: Page, picker_app: RunningApp, tmp_path: Path
) -> None:
    phone.goto(picker_app.url)
    choose(phone, write(tmp_path, 2))
    in_the_draft(phone, "photo 1.jpg", "photo 2.jpg")
    phone.context.set_offline(True)
    remove(phone, "photo 1.jpg")
    expect(cards(phone)).to_have_count(1)
    phone.context.set_offline(False)
    in_the_draft(phone, "photo 2.jpg")


def test_photos_are_put_in_order_by_a_finger(phone: Page, picker_app: RunningApp, tmp_path: Path) -> None:
    phone.goto(picker_app.url)
    choose(phone, write(tmp_path, 2))
    in_the_draft(phone, "photo 1.jpg", "photo 2.jpg")
    grip = cards(phone).nth(1)
    grip.scroll_into_view_if_needed()
    box, target = grip.bounding_box(), cards(phone).first.bounding_box()
    assert box
    assert target
    finger = phone.context.new_cdp_session(phone)
    x, y = box["x"] + 20, box["y"] + 20
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    expect(phone.locator("li.card.dragged")).to_be_visible()  # as soon as the finger has rested on it
    for step in range(1, 9):
        there = x + (target["x"] + 30 - x) * step / 8
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": there, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    in_the_draft(phone, "photo 2.jpg", "photo 1.jpg")
    expect(phone.get_by_role("dialog")).to_have_count(0)  # a drag is no tap


def test_a_phone_offers_its_camera_and_a_computer_does_not(
    phone: Page, desktop: Page, picker_app: RunningApp, tmp_path: Path
) -> None:
    for page in (phone, desktop):
        page.goto(picker_app.url)
        expect(page.get_by_text("Choose photos")).to_be_visible()
    expect(phone.get_by_text("Take a photo")).to_be_visible()
    expect(desktop.get_by_text("Take a photo")).to_be_hidden()
    camera = phone.locator("input[type=file][capture=environment]")
    expect(camera).to_have_attribute("accept", "image/*")
    camera.set_input_files(write(tmp_path, 1))
    in_the_draft(phone, "photo 1.jpg")


COPY_A_PICTURE = """async (encoded) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
}"""
DROP_A_PICTURE = """(drop, encoded) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], "dropped.jpg", { type: "image/jpeg" }));
  for (const kind of ["dragover", "drop"])
    drop.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true, composed: true }));
}"""


def test_photos_are_pasted_and_dropped(new_context: Callable[..., BrowserContext], picker_app: RunningApp) -> None:
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(picker_app.url)
    expect(page.get_by_text("Choose photos")).to_be_visible()
    page.evaluate(COPY_A_PICTURE, base64.b64encode(told_everything(format_="PNG", size=(200, 150))).decode())
    page.keyboard.press("Control+V")
    in_the_draft(page, "image.png")
    page.locator(".drop").evaluate(DROP_A_PICTURE, base64.b64encode(told_everything()).decode())
    in_the_draft(page, "image.png", "dropped.jpg")


def test_a_tab_closed_in_the_middle_leaves_what_had_arrived(
    new_context: Callable[..., BrowserContext], picker_app: RunningApp, tmp_path: Path
) -> None:
    context = new_context(**PHONE_OPTIONS)
    first = context.new_page()
    first.goto(picker_app.url)
    photos = write(tmp_path, 3)
    choose(first, photos[:2])
    in_the_draft(first, "photo 1.jpg", "photo 2.jpg")
    first.route("**/photos*", lambda route: route.abort())  # this tab's line is dead, to its end
    choose(first, photos[2:])
    expect(first.locator("li.card[data-state=pausing]")).to_have_count(1)
    first.close(run_before_unload=False)
    later = context.new_page()
    later.goto(picker_app.url)
    in_the_draft(later, "photo 1.jpg", "photo 2.jpg")
    choose(later, photos[2:])
    in_the_draft(later, "photo 1.jpg", "photo 2.jpg", "photo 3.jpg")


def test_photos_are_put_in_order_by_dragging(desktop: Page, picker_app: RunningApp, tmp_path: Path) -> None:
    desktop.goto(picker_app.url)
    choose(desktop, write(tmp_path, 3))
    in_the_draft(desktop, "photo 1.jpg", "photo 2.jpg", "photo 3.jpg")
    grip = cards(desktop).nth(2).bounding_box()
    target = cards(desktop).first.bounding_box()
    assert grip
    assert target
    desktop.mouse.move(grip["x"] + 20, grip["y"] + 20)
    desktop.mouse.down()
    desktop.mouse.move(target["x"] + 40, target["y"] + 40, steps=8)
    desktop.mouse.up()
    in_the_draft(desktop, "photo 3.jpg", "photo 1.jpg", "photo 2.jpg")


def test_what_is_no_photo_is_refused_with_words(
    phone: Page, picker_app: RunningApp, door: Path, tmp_path: Path, look: Callable[[Page, str], None]
) -> None:
    photo = told_everything()
    bad = {
        "drawing.jpg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.jpg is not a photo."),
        "letter.png": (b"%PDF-1.7 " + b"x" * 500, "letter.png is not a photo."),
        "nothing.jpg": (b"", "nothing.jpg is empty."),
        "half.jpg": (photo[: len(photo) // 2], "half.jpg is cut off"),
    }
    for name, (data, _) in bad.items():
        (tmp_path / name).write_bytes(data)
    lying = tmp_path / "really-a-png.jpg"
    lying.write_bytes(told_everything(format_="PNG"))
    phone.goto(picker_app.url)
    choose(phone, [*(tmp_path / name for name in bad), lying])
    in_the_draft(phone, "really-a-png.jpg")
    for name, (_, text) in bad.items():
        expect(phone.locator(".problem").filter(has_text=name)).to_contain_text(text)
        expect(cards(phone).filter(has_text=name)).to_contain_text(text)
    look(phone, "picker-refused")
    assert b"<svg" not in door.read_bytes()
    assert b"%PDF" not in door.read_bytes()


def test_the_thirty_first_photo_is_left_out_and_named(
    new_context: Callable[..., BrowserContext], picker_app: RunningApp, tmp_path: Path
) -> None:
    page = new_context(**PHONE_OPTIONS).new_page()
    page.goto(picker_app.url)
    small = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(small, "JPEG")
    paths = [tmp_path / f"{number}.jpg" for number in range(1, 32)]
    for path in paths:
        path.write_bytes(small.getvalue())
    choose(page, paths)
    expect(page.locator(".notice")).to_contain_text("30 photos fit. One was not added: 31.jpg")
    expect(page.locator(".total-words")).to_contain_text("30 photos ready")
    expect(cards(page)).to_have_count(30)


def test_what_the_browser_cannot_open_goes_up_blanked_and_is_named(
    phone: Page,
    picker_app: RunningApp,
    door: Path,
    real_photo: Callable[[str], Path],
    look: Callable[[Page, str], None],
) -> None:
    heic = real_photo("phone/iphone-landscape-gps.heic")
    assert b"iPhone 8" in heic.read_bytes()
    phone.goto(picker_app.url)
    choose(phone, [heic])
    in_the_draft(phone, heic.name)
    expect(phone.locator(".total-words")).to_contain_text(
        f"Made smaller on our server, because this browser cannot do it right: {heic.name}"
    )
    card = cards(phone).first
    expect(card.locator("img")).to_be_visible()
    expect(card).to_contain_text("Location removed")
    expect(opened(phone, heic.name).locator(".found")).to_contain_text("23.17792, 113.39432")
    look(phone, "picker-heic")
    sent = door.read_bytes()
    assert b"ftypheic" in sent
    assert not [word for word in (b"iPhone 8", b"2018:02:05", b"11.2.2", b"back camera") if word in sent]


def made_heic(size: tuple[int, int] = (640, 480), turn: bytes = b"") -> bytes:
    """A HEIC photo that tells everything. `turn` ("irot" or "imir" and its byte) overwrites a box that nobody needs."""
    pillow_heif.register_heif_opener()
    photo = told_everything(7, "HEIF", size=size)
    at = photo.index(b"pixi")
    return photo[:at] + turn + photo[at + len(turn) :]


def difference(one: bytes, other: bytes) -> float:
    """How far the colours of two pictures are apart, in steps of 255, on average; sharpness does not count."""
    here, there = (Image.open(io.BytesIO(data)).convert("RGB").reduce(8) for data in (one, other))
    assert here.size == there.size
    return sum(ImageStat.Stat(ImageChops.difference(here, there)).mean) / 3


@pytest.mark.parametrize("name", ["", "phone/iphone-13-pro-max.heic"])
def test_a_device_that_decodes_hevc_opens_heic_itself(
    phone: Page, picker_app: RunningApp, door: Path, tmp_path: Path, real_photo: Callable[[str], Path], name: str,
) -> None:  # fmt: skip
    photo = real_photo(name) if name else tmp_path / "made.heic"
    if not name:
        photo.write_bytes(made_heic())
    asked = give_hevc_decoder(phone, refuses="hvc1.3." if name else "nothing")
    phone.goto(picker_app.url)
    choose(phone, [photo])
    in_the_draft(phone, photo.name)
    expect(phone.locator(".total-words")).not_to_contain_text("on our server")
    sent = door.read_bytes()
    assert asked
    assert b"ftyp" not in sent
    assert not [canary for canary in CANARIES if canary in sent]
    stored = (path.read_bytes() for path in (picker_app.data_dir / "photos").rglob("*") if path.is_file())
    arrived = next(data for data in stored if data in sent)
    assert difference(arrived, prepare_photo(photo.read_bytes()).data) < 0.8


ON_DEVICE = """async ([script, encoded, maxSide]) => {
  const { cleanPhoto } = await import(script);
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const { blob, decoded, width, height } = await cleanPhoto(new File([bytes], "x.heic"), { maxBytes: 3e7, maxSide });
  const made = new Uint8Array(await blob.arrayBuffer());
  return { decoded, width, height, data: btoa(Array.from(made, (byte) => String.fromCharCode(byte)).join("")) };
}"""


def test_heic_comes_out_as_on_the_server_whatever_its_turn_and_size(desktop: Page, picker_app: RunningApp) -> None:
    give_hevc_decoder(desktop)
    desktop.goto(picker_app.url)
    turns = [kind + bytes([step]) for kind in (b"irot", b"imir") for step in range(4 if kind == b"irot" else 2)]
    for photo in [made_heic(turn=turn) for turn in turns] + [made_heic((321, 239)), made_heic((64, 64), b"irot\1")]:
        told = desktop.evaluate(ON_DEVICE, [address("clean.js"), base64.b64encode(photo).decode(), 400])
        assert told["decoded"]
        theirs = prepare_photo(photo, max_side=400)
        assert (told["width"], told["height"]) == (theirs.width, theirs.height)
        assert difference(base64.b64decode(told["data"]), theirs.data) < 2


def with_trailer(photo: bytes) -> bytes:
    """A motion photo: a video that tells the place hides behind the picture."""
    return photo + b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + b"+51.5000-000.1250/ VIDEO-CANARY " * 20


def several(photo: bytes) -> bytes:
    """An MPO file: a second picture, with its own Exif, behind the first."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(photo)) as first, Image.open(io.BytesIO(told_everything(5))) as second:
        first.save(out, "MPO", save_all=True, append_images=[second], exif=first.getexif())
    return out.getvalue()


TOLD_BY: dict[str, Callable[[], bytes]] = {
    "photo.jpg": told_everything,
    "motion.jpg": lambda: with_trailer(told_everything()),
    "two.mpo.jpg": lambda: several(told_everything()),
    "drawing.png": lambda: told_everything(format_="PNG"),
    "web.webp": lambda: told_everything(format_="WEBP"),
    "new.avif": lambda: told_everything(format_="AVIF", size=(640, 480)),
    "phone.heic": made_heic,
    "motion.heic": lambda: made_heic() + b"\0\0\2\x08mpvd" + b"+51.5000-000.1250/ VIDEO-CANARY " * 16,
    "scan.tif": lambda: told_everything(format_="TIFF"),
    "old.gif": lambda: told_everything(format_="GIF", size=(320, 240)),
    "bare.bmp": lambda: told_everything(format_="BMP", size=(320, 240)),
}


def test_no_format_takes_anything_private_through_the_door(
    phone: Page, picker_app: RunningApp, door: Path, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in TOLD_BY]
    for path in paths:
        path.write_bytes(TOLD_BY[path.name]())
    private = [*CANARIES[:3], b"VIDEO-CANARY", b"Model X", b"2026:05:01", b"GPSL", b"ns.adobe.com"]
    told = [path.name for path in paths if any(word in path.read_bytes() for word in private)]
    assert set(TOLD_BY) - set(told) <= {"old.gif", "bare.bmp"}  # the test is worth its name
    phone.goto(picker_app.url)
    choose(phone, paths)
    in_the_draft(phone, *(path.name for path in paths))
    sent = door.read_bytes()
    for whole in (b"ftypheic", b"II*\0"):  # what this browser cannot open goes up as it is, blanked
        assert whole in sent
    assert not [word for word in private if word in sent]
    degrees = struct.pack("<6I", 51, 1, 30, 1, 0, 1), struct.pack(">6I", 51, 1, 30, 1, 0, 1)
    assert not [place for place in degrees if place in sent]
    assert any(place in path.read_bytes() for place in degrees for path in paths)


def test_every_photo_arrives_upright(phone: Page, picker_app: RunningApp, tmp_path: Path) -> None:
    turned = {f"turned-{orientation}.jpg": orientation for orientation in (1, 3, 6, 8)}
    for name, orientation in turned.items():
        (tmp_path / name).write_bytes(told_everything(orientation=orientation))
    phone.goto(picker_app.url)
    choose(phone, [tmp_path / name for name in turned])
    in_the_draft(phone, *turned)
    for card, orientation in zip(cards(phone).all(), turned.values(), strict=True):
        image = card.locator("img")
        expect(image).to_be_visible()
        wide = image.evaluate("image => image.naturalWidth > image.naturalHeight")
        assert wide == (orientation < 5), orientation


def test_a_ticket_that_is_refused_is_replaced_and_the_photo_arrives(
    phone: Page, picker_app: RunningApp, tmp_path: Path
) -> None:
    phone.goto(picker_app.url)
    tried: list[str] = []

    def with_an_old_ticket_first(route: Route) -> None:
        tried.append(route.request.url)
        old = re.sub(r"drafts/[^/]+", "drafts/an.old.ticket", route.request.url)
        route.continue_(url=old if len(tried) == 1 else route.request.url)

    phone.route(re.compile(r"/api/drafts/[^/]+/photos\?"), with_an_old_ticket_first)
    choose(phone, write(tmp_path, 1))
    in_the_draft(phone, "photo 1.jpg")
    assert len(tried) == 2
    assert tried[0] != tried[1]


def test_where_there_is_no_room_the_photo_says_so_and_the_others_stay(tmp_path: Path, phone: Page) -> None:
    with running_app(tmp_path, script="tests/ui/picker_app/app.py", PASSALONG_VISITOR_BYTES="150000") as small:
        phone.goto(small.url)
        choose(phone, write(tmp_path, 3))
        refused = phone.locator("li.card[data-state=refused]")
        expect(refused).not_to_have_count(0)
        expect(refused.first).to_contain_text("is the limit for one visitor")
        expect(phone.locator("li.card[data-state=done]")).not_to_have_count(0)
        expect(phone.locator(".total-words")).to_contain_text("ready")


def test_photos_that_a_troubled_server_did_not_take_are_tried_again_together(
    phone: Page, picker_app: RunningApp, tmp_path: Path, look: Callable[[Page, str], None]
) -> None:
    phone.goto(picker_app.url)
    full = json.dumps({"problem": {"title": "No room", "happened": "This server is full.", "fix": "Try again later."}})
    uploads = re.compile(r"/api/drafts/[^/]+/photos\?")
    phone.route(uploads, lambda route: route.fulfill(status=507, body=full, content_type="application/json"))
    choose(phone, write(tmp_path, 3))
    failed = phone.locator("li.card[data-state=failed]")
    expect(failed).to_have_count(3)
    expect(failed.first).to_contain_text("This server is full. Try again later.")
    expect(phone.locator(".total-words")).to_have_text("0 photos ready, 3 not uploaded.")
    look(phone, "picker-failed")
    phone.unroute(uploads)
    phone.locator(".problem").nth(1).get_by_role("button", name="Try again").tap()
    in_the_draft(phone, "photo 2.jpg")
    phone.get_by_role("button", name="Try all again").tap()
    in_the_draft(phone, "photo 1.jpg", "photo 2.jpg", "photo 3.jpg")
    expect(phone.get_by_role("button", name="Try")).to_have_count(0)


FAILS_AT_ONCE = """
const real = window.addEventListener;
window.addEventListener = function (kind, ...rest) {
  if (kind === "online") throw new Error("an old browser");
  return real.call(this, kind, ...rest);
};
"""
FAILS_LATER = "Crypto.prototype.getRandomValues = () => { throw new Error('an old browser'); };"


@pytest.mark.parametrize("fails", [FAILS_AT_ONCE, FAILS_LATER], ids=["at once", "later"])
def test_where_the_picker_fails_the_simple_one_takes_its_place(
    phone: Page, app: RunningApp, tmp_path: Path, fails: str
) -> None:
    phone.add_init_script(fails)
    phone.goto(f"{app.url}/create")
    photos = write(tmp_path, 1)
    if fails == FAILS_LATER:
        choose(phone, photos)
    settled(phone)
    phone.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(photos)
    expect(phone.get_by_text("What was hidden inside")).to_be_visible()
    expect(phone.get_by_role("button", name="Create link")).to_be_enabled()


# The browser's own door to the share sheet, which writes down what it is given. Like Chrome's, it first says yes to any
# file, and then refuses without a tap, more than ten files, 50 MB, and HEIC:
# https://chromium.googlesource.com/chromium/src/+/lkgr-android-internal/chrome/browser/webshare/share_service_impl.cc
SHARE_SHEET = """
window.shared = [];
navigator.canShare = ({ files }) => files?.length > 0;
navigator.share = async ({ files = [], ...words }) => {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const taken = ({ name, type }) => /[.](jpg|png|mp4)$/.test(name) && /^(image.(jpeg|png)|video.mp4)$/.test(type);
  if (!navigator.userActivation.isActive || files.length > 10 || size > 50 * 1024 * 1024 || !files.every(taken))
    throw new DOMException("Permission denied", "NotAllowedError");
  if (!files.length) window.shared.push(words);
  for (const file of files)
    window.shared.push({ name: file.name, bytes: [...new Uint8Array(await file.arrayBuffer())] });
};
"""


def shared_files(page: Page) -> list[bytes]:
    """What the share sheet got; every photo by a name that tells nothing."""
    shared = page.evaluate("window.shared.splice(0)")
    assert [one["name"] for one in shared] == [f"photo-{number}.jpg" for number in range(1, len(shared) + 1)]
    files = [bytes(one["bytes"]) for one in shared]
    assert not [canary for canary in CANARIES for data in files if canary in data]
    return files


def frame_bytes(frame: bytes | str) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def test_nine_clean_photos_are_shared_without_any_upload(
    phone: Page, app: RunningApp, tmp_path: Path,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    phone.add_init_script(SHARE_SHEET)
    sent: list[str] = []
    told: list[bytes] = []
    phone.on("request", lambda request: sent.append(request.method))
    phone.on("websocket", lambda socket: socket.on("framesent", lambda frame: told.append(frame_bytes(frame))))
    phone.goto(f"{app.url}/attach")
    choose(phone, write(tmp_path, 10))
    expect(phone.locator(".notice")).to_contain_text("9 photos fit. One was not added: photo 10.jpg")
    share = phone.get_by_role("button", name="Share 9 photos")
    expect(share).to_be_visible()
    no_axe_violations(phone)
    look(phone, "picker-attach")
    share.tap()
    expect(phone.locator(".finish-words")).to_have_text("Shared.")
    files = shared_files(phone)
    assert [Image.open(io.BytesIO(data)).size for data in files] == [(1600, 1200)] * 9
    # Nothing was uploaded: neither by a request nor within Streamlit's own connection.
    assert set(sent) <= {"GET", "HEAD"}
    assert max(map(len, told)) < 5_000
    assert not [data for data in files for message in told if data[600:640] in message]


def test_where_nothing_can_be_shared_photos_are_saved_one_by_one_or_all_at_once(
    phone: Page, picker_app: RunningApp, tmp_path: Path
) -> None:
    phone.add_init_script("delete Navigator.prototype.canShare; delete Navigator.prototype.share;")
    saved: list[Download] = []
    phone.on("download", lambda download: saved.append(download))  # noqa: PLW0108 - Playwright marks its handlers
    phone.goto(f"{picker_app.url}/?mode=attach")
    choose(phone, write(tmp_path, 3))
    with phone.expect_download():
        opened(phone, "photo 2.jpg").get_by_role("button", name="Save").tap()
    phone.keyboard.press("Escape")
    phone.get_by_role("button", name="Save 3 photos").tap()
    expect(phone.locator(".finish-words")).to_contain_text("3 photos saved.")
    expect(phone.get_by_role("button", name="Share")).to_have_count(0)
    assert [one.suggested_filename for one in saved] == ["photo-2.jpg", "photo-1.jpg", "photo-2.jpg", "photo-3.jpg"]
    for one in saved:
        data = Path(one.path()).read_bytes()
        assert Image.open(io.BytesIO(data)).size == (1600, 1200)
        assert not [canary for canary in CANARIES if canary in data]


def test_what_cannot_be_opened_here_is_attached_through_the_server_only_when_asked(
    phone: Page, picker_app: RunningApp, door: Path, tmp_path: Path,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    phone.add_init_script(SHARE_SHEET)
    phone.goto(f"{picker_app.url}/?mode=attach")
    photo = tmp_path / "IMG_1.heic"
    photo.write_bytes(made_heic())
    before = stored(picker_app)
    choose(phone, [*write(tmp_path, 1), photo])
    card = cards(phone).filter(has_text="IMG_1.heic")
    problem = phone.locator(".problem").filter(has_text="IMG_1.heic")
    expect(problem).to_contain_text("This browser cannot open this HEIC photo. Hidden data is removed")
    expect(phone.locator(".finish-words")).to_contain_text("IMG_1.heic cannot be shared from this browser")
    expect(phone.get_by_role("button", name="Share 1 photo")).to_be_visible()
    no_axe_violations(phone)
    look(phone, "picker-attach-heic")
    assert not door.exists()
    problem.get_by_role("button", name="Make it a JPEG on our server").tap()
    share = phone.get_by_role("button", name="Share 2 photos")
    expect(share).to_be_visible()
    expect(card.locator("img")).to_be_visible()
    sheet = opened(phone, "IMG_1.heic")
    expect(sheet.locator(".found")).to_contain_text("Location removed")
    expect(sheet.locator(".found")).to_contain_text("Made a JPEG on our server, where no copy is kept.")
    sheet.get_by_role("button", name="Close").tap()
    share.tap()
    expect(phone.locator(".finish-words")).to_have_text("Shared.")
    assert [Image.open(io.BytesIO(data)).size for data in shared_files(phone)] == [(1600, 1200), (640, 480)]
    sent = door.read_bytes()
    assert sent.count(b"ftypheic") == 1
    assert b"\xff\xd8\xff" not in sent  # the other photo stayed
    assert not [canary for canary in CANARIES[:3] if canary in sent]
    wait_until(lambda: stored(picker_app) == before)


def test_a_host_that_asks_for_a_password_makes_no_jpeg_for_strangers(tmp_path: Path, phone: Page) -> None:
    with running_app(
        tmp_path, script="tests/ui/picker_app/app.py",
        PASSALONG_WHO_MAY_CREATE="password", PASSALONG_ACCESS_PASSWORD="open sesame",
    ) as closed:  # fmt: skip
        phone.goto(f"{closed.url}/?mode=attach")
        path = tmp_path / "scan.tif"
        path.write_bytes(told_everything(format_="TIFF"))
        choose(phone, [path])
        expect(phone.locator(".problem")).to_contain_text("Use Create a link for this one.")
        expect(phone.get_by_role("button", name="Make it a JPEG on our server")).to_have_count(0)


def test_the_photos_of_a_draft_are_shared_without_a_link(phone: Page, app: RunningApp, tmp_path: Path) -> None:
    phone.add_init_script(SHARE_SHEET)
    phone.goto(f"{app.url}/create")
    choose(phone, write(tmp_path, 2))
    phone.get_by_role("button", name="Share 2 photos without a link").tap()
    expect(phone.locator(".finish-words")).to_have_text("Shared.")
    assert len(shared_files(phone)) == 2
    # Nothing of them is on the device after a reload: they come back from the draft.
    phone.reload()
    expect(cards(phone)).to_have_count(2)
    remove(phone, "photo 1.jpg")
    phone.get_by_role("button", name="Share 1 photo without a link").tap()
    expect(phone.locator(".finish-words")).to_have_text("Shared.")
    assert [Image.open(io.BytesIO(data)).size for data in shared_files(phone)] == [(1600, 1200)]


def test_picked_watched_created_and_shared_in_one_tap(
    new_context: Callable[..., BrowserContext], app: RunningApp, tmp_path: Path,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    context = new_context(**PHONE_OPTIONS, permissions=["clipboard-read", "clipboard-write"])
    phone = context.new_page()
    phone.add_init_script(SHARE_SHEET)
    phone.goto(f"{app.url}/create")
    choose(phone, write(tmp_path, 3))
    expect(phone.locator(".total-words")).to_contain_text("3 photos ready")
    create = phone.get_by_role("button", name="Create link")
    expect(create).to_be_enabled()
    look(phone, "create-picked")
    create.tap()
    expect(phone.get_by_role("heading", name="Your link is ready")).to_be_visible()
    link = phone.locator(".address").inner_text().strip()
    phone.get_by_role("button", name="Share", exact=True).tap()
    expect(phone.get_by_text("Shared.", exact=True)).to_be_visible()
    shared = phone.evaluate("window.shared")
    assert len(shared) == 1
    assert link in shared[0]["text"]
    phone.get_by_role("button", name="Copy link").tap()
    expect(phone.get_by_role("button", name="Copied")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()") == link
    # Without https browsers give no clipboard: then it is copied the old way.
    phone.evaluate("window.paste = () => navigator.clipboard.readText()")
    phone.evaluate("Object.defineProperty(Clipboard.prototype, 'writeText', { value: undefined })")
    message = phone.locator("button.copy-all")
    message.tap()
    expect(message).to_have_text("Copied")
    assert phone.evaluate("window.paste()") == shared[0]["text"]
    no_axe_violations(phone)
    look(phone, "create-made")


def note(folder: Path) -> Path:
    """A file that says it is a photo and is none."""
    path = folder / "note.jpg"
    path.write_text("hello")
    return path


def test_the_plain_page_needs_no_script_and_its_photos_appear_in_the_picker(
    new_context: Callable[..., BrowserContext], picker_app: RunningApp, tmp_path: Path,
    no_axe_violations: Callable[[Page], None], look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    plain = new_context(**PHONE_OPTIONS, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{picker_app.url}/send")
    look(page, "send-plain")
    photos = write(tmp_path, 3)
    page.get_by_label("Choose photos").set_input_files([*photos, note(tmp_path)])
    page.get_by_role("button", name="Create link").tap()
    expect(page.get_by_role("heading", name="3 photos are ready")).to_be_visible()
    cookies = plain.cookies()
    owner = next(cookie for cookie in cookies if cookie["name"] == "passalong_owner")
    assert owner["httpOnly"]
    later = new_context(**PHONE_OPTIONS)
    later.add_cookies(cookies)
    app = later.new_page()
    app.goto(picker_app.url)
    in_the_draft(app, "photo 1.jpg", "photo 2.jpg", "photo 3.jpg")
    expect(cards(app)).to_have_count(3)
    app.goto(f"{picker_app.url}/send")
    no_axe_violations(app)


def test_the_plain_page_says_which_files_were_not_taken(
    new_context: Callable[..., BrowserContext], picker_app: RunningApp, tmp_path: Path,
    look: Callable[[Page, str], None],
) -> None:  # fmt: skip
    phone = new_context(**PHONE_OPTIONS, java_script_enabled=False).new_page()
    good = write(tmp_path, 1)
    phone.goto(f"{picker_app.url}/send")
    phone.get_by_label("Choose photos").set_input_files([note(tmp_path), *good])
    phone.get_by_role("button", name="Create link").tap()
    expect(phone.get_by_role("heading", name="Left out, and why")).to_be_visible()
    expect(phone.get_by_role("alert")).to_contain_text("note.jpg")
    look(phone, "send-refused")
    phone.get_by_role("button", name="Create link").tap()
    expect(phone.get_by_role("heading", name="Your link is ready")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "screen", "script"),
    [
        ("light", "phone", True), ("dark", "phone", False), ("light", "desktop", True),
        pytest.param("dark", "phone", True, marks=pytest.mark.thorough),
        pytest.param("light", "phone", False, marks=pytest.mark.thorough),
        pytest.param("light", "desktop", False, marks=pytest.mark.thorough),
    ],
)  # fmt: skip
def test_the_plain_page_does_the_whole_job(
    new_context: Callable[..., BrowserContext], app: RunningApp, tmp_path: Path, look: Callable[[Page, str], None],
    no_axe_violations: Callable[[Page], None], script: bool, scheme: str, screen: str,  # noqa: FBT001
) -> None:  # fmt: skip
    """Choose, options, create, and the link at the end; with script, copied with one tap."""
    size = PHONE_OPTIONS if screen == "phone" else {"viewport": {"width": 1280, "height": 900}}
    context = new_context(
        **size, java_script_enabled=script, color_scheme=scheme, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"{app.url}/send")
    if script:
        page.locator("#picker input.pick").set_input_files(write(tmp_path, 3))
        expect(page.locator("#picker .total-words")).to_contain_text("3 photos ready")
    else:
        page.get_by_label("Choose photos").set_input_files(write(tmp_path, 3))
    page.get_by_text("Works for 30 days").click()
    page.get_by_label("Title").fill("At the lake")
    page.get_by_label("Password").fill("three odd words")
    look(page, f"send-{screen}-{scheme}-{script}")
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_role("heading", name="Your link is ready")).to_be_visible()
    expect(page.get_by_text("Checked: somebody else meets the closed door")).to_be_visible()
    look(page, f"send-done-{screen}-{scheme}-{script}")
    link = page.get_by_label("Your link").input_value()
    assert "three odd words" not in page.content()
    if script:
        no_axe_violations(page)
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("status")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == link
    page.reload()
    assert page.get_by_label("Your link").input_value() == link
    friend = new_context(viewport=PHONE, java_script_enabled=False).new_page()
    friend.goto(link)
    friend.get_by_label("Password").fill("three odd words")
    friend.get_by_role("button").click()
    expect(friend.get_by_role("heading", name="At the lake")).to_be_visible()
    page.goto(f"{app.url}/links")
    if script:
        expect(page.get_by_text("1 link of this server can be opened now.")).to_be_visible()


def test_photos_shared_from_the_gallery_wait_in_the_picker(
    new_context: Callable[..., BrowserContext], picker_app: RunningApp
) -> None:
    target = httpx.get(f"{picker_app.url}/manifest.webmanifest").json()["share_target"]
    field = target["params"]["files"][0]["name"]
    shared = [(field, (f"IMG_{number}.jpg", told_everything(number), "image/jpeg")) for number in (2, 1, 3)]
    answer = httpx.request(
        target["method"],
        f"{picker_app.url}{target['action']}",
        headers={"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Origin": "null"},
        files=shared,
        data={target["params"]["title"]: "", target["params"]["text"]: "hi"},
    )
    assert answer.status_code == 200
    assert "3 photos are ready" in answer.text
    context = new_context(**PHONE_OPTIONS)
    context.add_cookies(
        [{"name": name, "value": value, "url": picker_app.url} for name, value in answer.cookies.items()]
    )
    page = context.new_page()
    page.goto(picker_app.url)
    in_the_draft(page, "IMG_2.jpg", "IMG_1.jpg", "IMG_3.jpg")
    expect(cards(page)).to_have_count(3)


def test_a_video_is_handed_to_the_share_sheet(phone: Page, picker_app: RunningApp) -> None:
    phone.add_init_script(SHARE_SHEET)
    phone.goto(f"{picker_app.url}/?mode=video")
    phone.get_by_role("button", name="Share the video").tap()
    expect(phone.get_by_text("Shared.", exact=True)).to_be_visible()
    (shared,) = phone.evaluate("window.shared")
    assert shared["name"] == "photos.mp4"
    assert bytes(shared["bytes"])[4:8] == b"ftyp"
    phone.evaluate("navigator.canShare = () => false")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Share the video").tap()
    assert download.value.suggested_filename == "photos.mp4"


def test_nothing_is_wider_than_an_enlarged_screen(
    new_context: Callable[..., BrowserContext], app: RunningApp, tmp_path: Path, look: Callable[[Page, str], None]
) -> None:
    page = new_context(**PHONE_OPTIONS | {"viewport": {"width": 180, "height": 740}}).new_page()  # 200 % of a phone
    page.goto(f"{app.url}/attach")
    named = tmp_path / f"{'a-very-long-name-without-a-space-' * 5}.jpg"
    named.write_bytes(told_everything(2))
    turned = tmp_path / "صورة من العطلة.jpg"
    turned.write_bytes(told_everything(3))
    (tmp_path / "note.jpg").write_text("hello")
    choose(page, [*write(tmp_path, 1), named, turned, tmp_path / "note.jpg"])
    expect(page.locator(".total-words")).to_contain_text("3 photos clean")
    settled(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    assert page.locator(".picker").evaluate("picker => picker.scrollWidth <= picker.clientWidth")
    targets = page.locator(".picker").locator("button, .way")
    small = (
        "all => all.filter((one) => one.offsetWidth && Math.min(one.offsetWidth, one.offsetHeight) < 44).map(String)"
    )
    assert targets.evaluate_all(small) == []
    look(page, "picker-enlarged")


def test_the_app_can_be_installed(windowed: Browser, picker_app: RunningApp) -> None:
    phone = windowed.new_context(**PHONE_OPTIONS).new_page()
    phone.goto(picker_app.url)
    link = phone.locator("head link[rel=manifest]")
    expect(link).to_have_count(1)
    session = phone.context.new_cdp_session(phone)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == []
    assert json.loads(told["data"])["share_target"]["action"] == "/send"
    problems = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in problems if one["errorId"] != "in-incognito"] == []
    icons = {(icon["sizes"], icon["purpose"]): icon["src"] for icon in json.loads(told["data"])["icons"]}
    assert set(icons) >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for (size, _), path in icons.items():
        picture = Image.open(io.BytesIO(phone.request.get(f"{picker_app.url}{path}").body()))
        assert f"{picture.width}x{picture.height}" == size


def test_the_frame_of_the_browser_has_the_colour_of_the_page(
    new_context: Callable[..., BrowserContext], app: RunningApp
) -> None:
    for scheme, colour in (("light", "#fdfcf9"), ("dark", "#121a1a")):
        page = new_context(**PHONE_OPTIONS, color_scheme=scheme).new_page()
        page.goto(f"{app.url}/attach")
        said = page.locator("meta[name=theme-color]").evaluate_all(
            "all => all.filter((one) => !one.media || matchMedia(one.media).matches).map((one) => one.content)"
        )
        assert said == [colour]


def test_a_forged_ticket_writes_nothing(new_context: Callable[..., BrowserContext], picker_app: RunningApp) -> None:
    request = new_context().request
    request.get(picker_app.url)
    answer = request.post(
        f"{picker_app.url}/api/drafts/forged.ticket.value/photos",
        headers={"X-File-Name": "a.jpg", "Content-Type": "image/jpeg", "Sec-Fetch-Site": "same-origin"},
        data=told_everything(),
    )
    assert 400 <= answer.status < 500
    assert set(answer.json()["problem"]) >= {"happened", "fix"}
