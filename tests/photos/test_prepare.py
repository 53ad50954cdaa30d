"""Upright, in sRGB, of the right size, and the same picture as before."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lib.photos import MetadataReport, find_leftovers, prepare_photo, preview_card, read_metadata, small_photo
from lib.photos.decode import UPRIGHT
from tests.photos.making import (
    ADOBE,
    P3,
    SRGB,
    chunk,
    encoded,
    exif,
    heic,
    jpeg,
    matrix_profile,
    photo,
    planted,
    png,
    rationals,
    segment,
    to_xyz,
    webp,
)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def difference(first: Image.Image, second: Image.Image) -> float:
    assert first.size == second.size
    rows = [np.asarray(image.convert("RGB")).astype(float) for image in (first, second)]
    return float(np.abs(rows[0] - rows[1]).mean())


def corners() -> Image.Image:
    """Noisy, and of another colour in each corner, so that no turn looks like another."""
    image = photo().copy()
    draw = ImageDraw.Draw(image)
    for box, colour in (((0, 0, 90, 70), "red"), ((230, 0, 319, 70), "green"), ((0, 170, 90, 239), "blue")):
        draw.rectangle(box, fill=colour)
    return image


INVERSE = {turn: turn for turn in Image.Transpose} | {
    Image.Transpose.ROTATE_90: Image.Transpose.ROTATE_270,
    Image.Transpose.ROTATE_270: Image.Transpose.ROTATE_90,
}


def stored_lying(orientation: int) -> Image.Image:
    turn = UPRIGHT.get(orientation)
    return corners() if turn is None else corners().transpose(INVERSE[turn])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "WebP", "PNG", "TIFF"])
def test_all_eight_orientations_give_the_same_picture(orientation: int, form: str) -> None:
    lying, block = stored_lying(orientation), exif(orientation=orientation)
    if form == "JPEG":
        data = jpeg(segment(0xE1, b"Exif\x00\x00" + block), image=lying)
    elif form == "TIFF":
        data = encoded(lying, "TIFF", tiffinfo={0x0112: orientation})
    else:
        data = encoded(lying, form, exif=block, **({"quality": 95} if form == "WebP" else {}))
    clean = prepare_photo(data)
    assert (clean.width, clean.height) == (320, 240) == (clean.report.width, clean.report.height)
    assert difference(opened(clean.data), corners()) < 6


@pytest.mark.parametrize("orientation", [0, 9, 4711])
def test_a_nonsense_orientation_is_passed_over(orientation: int) -> None:
    clean = prepare_photo(jpeg(segment(0xE1, b"Exif\x00\x00" + exif(orientation=orientation)), image=corners()))
    assert difference(opened(clean.data), corners()) < 6


@pytest.mark.parametrize("number", range(1, 9))
def test_the_real_eight_orientations_give_the_same_picture(real_photo: Callable[[str], Path], number: int) -> None:
    def prepared(n: int) -> Image.Image:
        return opened(prepare_photo(real_photo(f"orientation/Landscape_{n}.jpg").read_bytes(), max_side=600).data)

    assert difference(prepared(1), prepared(number)) < 5  # each has its own number drawn in the middle


def through(patch: tuple[int, int, int], primaries: tuple[tuple[float, float], ...], gamma: float) -> tuple[int, ...]:
    """What an sRGB colour is called in another space."""
    values = np.array(patch) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    other = np.linalg.solve(to_xyz(primaries), to_xyz(SRGB) @ linear)
    assert (other >= 0).all()
    return tuple(round(255 * v) for v in np.minimum(1, other) ** (1 / gamma))


@pytest.mark.parametrize("patch", [(200, 100, 50), (60, 140, 200), (128, 128, 128), (255, 255, 255), (60, 160, 90)])
@pytest.mark.parametrize(("primaries", "gamma"), [(P3, 2.2), (ADOBE, 2.2)], ids=["Display P3", "Adobe RGB"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIC"])
def test_colours_of_other_spaces_look_the_same(
    patch: tuple[int, int, int], primaries: tuple[tuple[float, float], ...], gamma: float, form: str
) -> None:
    stored = through(patch, primaries, gamma)
    image, profile = Image.new("RGB", (64, 64), stored), matrix_profile(primaries, gamma)
    if form == "HEIC":
        image.info["icc_profile"] = profile
        data = heic(image=image)
    else:
        data = encoded(image, form, icc_profile=profile, **({"quality": 98} if form == "JPEG" else {}))
    seen = opened(prepare_photo(data).data).convert("RGB").getpixel((32, 32))
    assert np.abs(np.array(seen) - patch).max() <= 4, (stored, seen)


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("patch", [(200, 100, 50), (60, 140, 200), (255, 255, 255)])
def test_display_p3_named_by_number_looks_the_same(patch: tuple[int, int, int], *, quick: bool) -> None:
    stored = through(patch, P3, 2.2)
    data = heic(image=Image.new("RGB", (64, 64), stored), color_primaries=12, transfer_characteristics=13,
                chroma=420 if quick else 444)  # fmt: skip
    seen = opened(prepare_photo(data).data).convert("RGB").getpixel((32, 32))
    assert np.abs(np.array(seen) - patch).max() <= 5, (stored, seen)
    assert np.abs(np.array(stored) - patch).max() > 5 or patch == (255, 255, 255)


@pytest.mark.parametrize(
    ("ink", "seen"), [((0, 0, 0, 0), (255, 255, 255)), ((0, 0, 0, 255), (0, 0, 0)), ((0, 255, 255, 0), (255, 0, 0))]
)
def test_cmyk_without_a_profile_becomes_rgb(ink: tuple[int, ...], seen: tuple[int, ...]) -> None:
    clean = prepare_photo(encoded(Image.new("CMYK", (64, 64), ink), "JPEG", quality=95))
    assert clean.format == "JPEG"
    assert np.abs(np.array(opened(clean.data).getpixel((9, 9))) - seen).max() <= 6


def test_a_real_cmyk_photo_keeps_its_look(real_photo: Callable[[str], Path]) -> None:
    clean = opened(prepare_photo(real_photo("formats/cmyk.jpg").read_bytes()).data)
    assert clean.mode == "RGB"
    mean = np.asarray(clean).mean(axis=(0, 1))
    assert (mean > 70).all()  # inverted inks would be dark or garish
    assert (mean < 190).all()


def test_a_profile_for_other_pixels_or_in_pieces_is_passed_over() -> None:
    for wrong in (b"", b"nonsense", matrix_profile(P3, 2.2)[:200]):
        clean = prepare_photo(jpeg(segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + wrong)))
        assert difference(opened(clean.data), photo()) < 6
    grey = encoded(photo().convert("L"), "JPEG", icc_profile=matrix_profile(P3, 2.2))
    assert opened(prepare_photo(grey).data).mode == "L"


def ramp(dtype: type, top: int) -> np.ndarray:
    return np.linspace(0, top, 256 * 64).reshape(64, 256).astype(dtype)


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("16-bit grey", Image.fromarray(ramp(np.uint16, 65535))),
        ("8-bit grey", Image.fromarray(ramp(np.uint8, 255))),
        ("32-bit", Image.fromarray(ramp(np.int32, 65535))),
        ("floating point", Image.fromarray(ramp(np.float32, 1))),
    ],
)
def test_every_depth_becomes_eight_bits(name: str, image: Image.Image) -> None:
    clean = opened(prepare_photo(encoded(image, "TIFF")).data).convert("L")
    expected = np.linspace(0, 255, 256 * 64).reshape(64, 256)
    assert np.abs(np.asarray(clean).astype(float) - expected).max() <= 4, name


def test_sixteen_bit_png_keeps_its_look() -> None:
    image = Image.fromarray(ramp(np.uint16, 65535))
    clean = opened(prepare_photo(encoded(image, "PNG")).data).convert("L")
    assert abs(int(clean.getpixel((128, 32))) - 128) <= 4


def drawing(mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (400, 200), (255, 255, 255, 0)[: len(mode)])
    draw = ImageDraw.Draw(image)
    draw.ellipse((50, 20, 350, 180), fill=(0, 128, 128, 255)[: len(mode)])
    return image


def test_a_drawing_stays_png_and_exact() -> None:
    clean = prepare_photo(encoded(drawing(), "PNG"))
    assert clean.format == "PNG"
    assert clean.media_type == "image/png"
    assert difference(opened(clean.data), drawing()) == 0


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_a_drawing_keeps_its_transparency(form: str) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    clean = prepare_photo(encoded(drawing("RGBA"), form, **options))
    assert clean.format == "PNG"
    seen = opened(clean.data).convert("RGBA")
    assert seen.getpixel((0, 0))[3] == 0
    assert seen.getpixel((200, 100)) == (0, 128, 128, 255)


def test_a_photo_with_transparency_gets_a_white_ground() -> None:
    cut = photo().copy()
    mask = Image.new("L", cut.size, 0)
    ImageDraw.Draw(mask).ellipse((40, 40, 280, 200), fill=255)
    cut.putalpha(mask)
    clean = prepare_photo(encoded(cut, "PNG"))
    assert clean.format == "JPEG"
    assert clean.notes == ("Transparent parts are white now.",)
    assert min(opened(clean.data).getpixel((2, 2))) > 248


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "PA", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "F"])
def test_every_pixel_mode_is_taken(mode: str) -> None:
    image = photo().convert("L").convert(mode) if mode in {"I;16", "F", "1"} else _converted(mode)
    form = "PNG" if mode in {"LA", "P", "RGBA"} else "TIFF"
    clean = prepare_photo(encoded(image, form))
    assert (clean.width, clean.height) == photo().size
    assert find_leftovers(clean.data) == ()


def _converted(mode: str) -> Image.Image:
    if mode == "LAB":
        from PIL import ImageCms

        lab = ImageCms.profileToProfile(
            photo(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
        assert lab
        return lab
    return photo().convert("P").convert("PA") if mode == "PA" else photo().convert(mode)


@pytest.mark.parametrize(("size", "max_side", "made"), [
    ((320, 240), 2048, (320, 240)), ((320, 240), 160, (160, 120)), ((240, 320), 100, (75, 100)),
    ((1000, 1), 100, (100, 1)), ((1, 1), 2048, (1, 1)), ((2047, 3), 2048, (2047, 3)),
])  # fmt: skip
def test_made_to_fit_but_never_larger(size: tuple[int, int], max_side: int, made: tuple[int, int]) -> None:
    clean = prepare_photo(encoded(photo().resize(size), "JPEG"), max_side=max_side)
    assert (clean.width, clean.height) == made == opened(clean.data).size


def test_shrinking_while_decoding_keeps_the_picture() -> None:
    large = photo(1640, 1230)
    clean = opened(prepare_photo(encoded(large, "JPEG", quality=95), max_side=400, quality=95).data)
    exact = large.resize((400, 300), Image.Resampling.LANCZOS)
    assert difference(clean.convert("L"), exact.convert("L")) < 2


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_an_animation_gives_its_first_frame_and_says_so(form: str) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "lime", "blue")]
    options = {"lossless": True} if form == "WEBP" else {}
    clean = prepare_photo(encoded(frames[0], form, save_all=True, append_images=frames[1:], **options))
    assert clean.notes == ("Only the first of 3 frames was kept.",)
    assert clean.report.frames == 3
    assert opened(clean.data).convert("RGB").getpixel((30, 30)) == (255, 0, 0)


def test_a_tiff_of_pages_gives_its_first() -> None:
    clean = prepare_photo(encoded(photo(), "TIFF", save_all=True, append_images=[photo()]))
    assert clean.notes == ("Only the first of 2 pages was kept.",)


@pytest.mark.parametrize("place", ["JPEG EXIF", "PNG eXIf", "WebP EXIF", "HEIC EXIF", "AVIF EXIF", "BMP trailer"])
def test_the_same_picture_comes_out_of_every_format(place: str) -> None:
    assert difference(opened(prepare_photo(planted()[place]).data), photo()) < 8


def test_a_jpeg_cleaned_before_is_not_compressed_again() -> None:
    first = prepare_photo(planted()["JPEG EXIF"])
    again = prepare_photo(first.data)
    assert again.data == first.data
    assert prepare_photo(first.data, max_side=100).width == 100
    assert prepare_photo(encoded(photo(), "JPEG", quality=100)).data != encoded(photo(), "JPEG", quality=100)


def test_the_name_of_a_file_plays_no_part_but_its_content_does() -> None:
    assert prepare_photo(webp((b"EXIF", exif()))).report.format == "WebP"
    assert prepare_photo(png(chunk(b"tEXt", b"a\x00b"))).report.format == "PNG"


def test_numbers_are_written_as_photographers_write_them() -> None:
    extra = [rationals(0x829A, (1, 60)), rationals(0x829D, (22, 10)), rationals(0x920A, (425, 100))]
    report = read_metadata(jpeg(segment(0xE1, b"Exif\x00\x00" + exif(extra=extra))))
    values = {finding.label: finding.value for finding in report.findings}
    assert values["Exposure time"] == "1/60 s"
    assert values["F number"] == "f/2.2"
    assert values["Focal length"] == "4.25 mm"
    assert values["Altitude"] == "42.0 m"
    assert values["Direction of view"] == "270.0°"
    assert values["Time by satellite"] == "2024-05-06 07:08:09.00 UTC"


def test_a_report_survives_json() -> None:
    report = read_metadata(planted()["JPEG EXIF thumbnail"])
    back = MetadataReport.from_dict(json.loads(json.dumps(report.to_dict())))
    assert "embedded_preview" not in report.to_dict()
    assert back.findings == report.findings
    assert (back.place, back.verdict, back.taken_at) == (report.place, report.verdict, report.taken_at)
    assert report.taken_at == "2024-05-06 07:08:09 +02:00"
    assert report.device == "Maker Model 5"


def test_secrets_of_a_photo_do_not_show_in_repr() -> None:
    clean = prepare_photo(planted()["JPEG EXIF thumbnail"])
    assert "xff" not in repr(clean)
    assert "CANARY" not in repr(clean)


def test_small_photo_and_card_have_their_sizes() -> None:
    clean = prepare_photo(encoded(photo(1600, 900), "JPEG")).data
    assert opened(small_photo(clean)).size == (480, 270)
    assert opened(small_photo(clean, 100)).size == (100, 56)
    for blurred in (True, False):
        card = preview_card(clean, blurred=blurred)
        assert opened(card).size == (1200, 630)
        assert len(card) <= 300_000


def test_even_noise_fits_into_a_card() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (630, 1200, 3), dtype=np.uint8))
    assert len(preview_card(encoded(noise, "JPEG", quality=95), blurred=False)) <= 300_000


def test_a_blurred_card_keeps_next_to_nothing_of_the_picture() -> None:
    stripes = np.zeros((630, 1200, 3), np.uint8)
    stripes[:, ::20], stripes[:, 1::20] = 255, 255
    card = np.asarray(opened(preview_card(encoded(Image.fromarray(stripes), "PNG"), blurred=True)).convert("L"))
    assert card[100:500, 200:1000].std() < 2  # the stripes, 20 pixels apart, are gone
    halves = Image.new("RGB", (1200, 630), "red")
    halves.paste("blue", (600, 0, 1200, 630))
    seen = opened(preview_card(encoded(halves, "PNG"), blurred=True))
    assert seen.getpixel((100, 300))[0] > 200  # but the mood remains
    assert seen.getpixel((1100, 300))[0] < 60


def test_a_transparent_drawing_can_become_small_and_a_card() -> None:
    clean = prepare_photo(encoded(drawing("RGBA"), "PNG")).data
    assert min(opened(small_photo(clean)).getpixel((1, 1))) > 250
    assert min(opened(preview_card(clean, blurred=False)).getpixel((30, 30))) > 250
