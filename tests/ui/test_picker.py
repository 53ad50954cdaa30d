"""What the picker says is words from a browser: it gets its proper shape, or it is left out."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.picker import clean_state

NOTHING = {"photos": [], "uploading": 0, "error": ""}
PHOTO = {
    "id": "a", "name": "beach.jpg", "width": 20, "height": 10, "size_bytes": 5, "original_size_bytes": 9,
    "removed": ["position"], "taken": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "understood"),
    [
        (None, NOTHING),
        ("photos", NOTHING),
        ([], NOTHING),
        ({"photos": "many", "uploading": "2", "error": 4}, NOTHING),
        ({"photos": [PHOTO], "uploading": 2, "error": "gone"}, {"photos": [PHOTO], "uploading": 2, "error": "gone"}),
        ({"photos": [PHOTO, "x", None], "uploading": -1}, {"photos": [PHOTO], "uploading": 0, "error": ""}),
        (
            {"photos": [{"id": 7, "name": None, "width": "9", "removed": ["time", 3], "<b>": 1}]},
            NOTHING | {"photos": [{
                "id": "", "name": "", "width": 0, "height": 0, "size_bytes": 0, "original_size_bytes": 0,
                "removed": ["time"], "taken": False,
            }]},
        ),
    ],
)  # fmt: skip
def test_only_the_proper_shape_is_understood(told: object, understood: object) -> None:
    assert clean_state(told) == understood


def _page() -> None:
    import streamlit as st

    from lib.ui.picker import picker

    told = picker(api_base="/api/drafts", ticket="t", max_photos=3, max_bytes=9, max_side=9, key="p")
    st.write(f"{told['uploading']} on the way, {len(told['photos'])} here")


def test_a_page_with_a_picker_starts_with_nothing_chosen() -> None:
    page = AppTest.from_function(_page, default_timeout=60).run()
    assert not page.exception
    assert page.markdown[0].value == "0 on the way, 0 here"
