"""The pages of the app: their addresses, and what a search result and the menu say about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lib.text.later import later


@dataclass(frozen=True, slots=True)
class AppPage:
    """One page. `path` is its address below this server, without a slash; the first page has none."""

    path: str
    file: str  # below pages/
    title: str  # in the menu, in English
    icon: str
    full_title: str  # in a search result, and in the browser's tab in the visitor's language
    description: str  # in a search result: about 150 characters
    # Streamlit's scripts for the widgets that the page begins with: asked for with the page, not after it
    parts: tuple[str, ...] = ()
    # the same for what it shows next: asked for with the visitor's first tap, which leaves time for it
    next_parts: tuple[str, ...] = ()
    in_menu: bool = True  # what concerns the host alone is found by its address


PAGES: Final = (
    AppPage(
        "", "guide.py", later("Home"), ":material/home:", later("Send photos by a link · Passalong"),
        later(
            "Pick photos, get a link that the other person can really open. Where they were taken stays with you, and "
            "you can take the link back. With a guide to photos on TikTok."
        ),
        ("ImageList", "PageLink", "ButtonGroup", "Radio", "BidiComponent", "TextInput", "Html"),
    ),
    AppPage(
        "create", "create_link.py", later("Send photos"), ":material/add_link:",
        later("Send photos by a link · Passalong"),
        later(
            "Pick photos and get a link that opens for anyone, without an account. Location and other hidden data "
            "are removed first. You can take the link back at any time."
        ),
        ("BidiComponent",),
        ("Radio", "Checkbox", "TextInput", "TextArea", "Selectbox", "Button"),
    ),
    AppPage(
        "attach", "attach_photos.py", later("Attach photos"), ":material/attach_file:",
        later("Clean photos to attach to a chat · Passalong"),
        later(
            "Remove the location and other hidden data from photos on your own device, then attach the clean copies "
            "to any chat. Nothing is uploaded."
        ),
        ("BidiComponent", "PageLink"),
    ),
    AppPage(
        "video", "make_video.py", later("Make a video"), ":material/movie:",
        later("Make a video of photos · Passalong"),
        later("Turn photos into an upright MP4 video that fills TikTok’s screen, with nothing private left inside."),
        ("BidiComponent", "NumberInput", "Radio", "TextInput", "Button"),
    ),
    AppPage(
        "check", "check_link.py", later("Check a link"), ":material/stethoscope:",
        later("Check if a photo link opens for others · Passalong"),
        later(
            "Paste a link from Google Photos, iCloud, Dropbox, OneDrive and others. See whether somebody else can open "
            "it, why not, and which taps mend it."
        ),
        ("TextArea", "FileUploader", "Button", "TextInput", "ButtonGroup"),
    ),
    AppPage(
        "compare", "compare_storage.py", later("Compare storage"), ":material/table_chart:",
        later("Compare photo storage for sharing · Passalong"),
        later(
            "Free space, price, privacy and what the other person needs to open a shared photo link: storage providers "
            "side by side, every fact with its source and date."
        ),
        ("Checkbox", "Radio", "NumberInput"),
    ),
    AppPage(
        "checklist", "privacy_checklist.py", later("Privacy checklist"), ":material/checklist:",
        later("Privacy checklist for sharing photos · Passalong"),
        later(
            "What to look at before, while and after sharing photos. Look into a photo, see everything that it would "
            "tell, and take the clean copy."
        ),
        ("Progress", "FileUploader", "Selectbox", "Radio", "BidiComponent", "Checkbox"),
    ),
    AppPage(
        "links", "my_links.py", later("My links"), ":material/link:", later("My links · Passalong"),
        later("The links that you made: how often they were opened, change them, and take them back with proof."),
        ("PageLink", "Button", "TextInput"),
    ),
    AppPage(
        "host", "host.py", later("For the host"), ":material/dns:", later("For the host · Passalong"),
        later(
            "For the person who runs this server, with a password: how full it is, what was reported and waits, and "
            "what to do about it."
        ),
        ("TextInput", "Button", "Progress"), in_menu=False,
    ),
)  # fmt: skip
