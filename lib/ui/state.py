"""What the app remembers for one visitor between two runs of a page: typed slots, JSON values, declared once.

Only JSON values: an instance of one of our own classes stops being one after Streamlit reloads its module.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import streamlit as st

from lib.albums import open_share
from lib.settings import settings

# key -> value at the start of a visit. A page's keys start with the page's name.
SLOTS: Final[dict[str, Any]] = {
    # The frame
    "page.languages": True,  # whether this run of a page ends with the languages
    "visitor.fallback_owner": "",  # used only where no cookie came, such as in a test without a browser
    "visitor.claimed": "",  # the browser's secret whose links went to the signed-in account
    # Guide
    "guide.came_for": None,  # True: the visit began at an answer or a way of the guide
    "guide.answers": {},  # question of the decision -> answer
    "guide.route": "",  # the way on screen, where it is not the one decided
    "guide.done": [],  # names of the steps that are done
    "guide.provider": "Google Photos",
    "guide.country": "Another country",  # where the person lives, asked only beside places that help
    "guide.address": None,  # the address as this page last wrote it
    # Compare storage
    "compare.view": "",  # "cards" or "table"; empty: what suits the width of the screen
    # Privacy checklist
    "checklist.ticked": [],  # names of items that the visitor ticked
    "checklist.evidence": {},  # what the app saw for itself -> in words. Written by Create a link and My links under
    # location_removed, view_only_link, faces_covered, codes_covered, text_covered, surroundings_covered, expiry_set,
    # password_set, link_checked and revoked
    "checklist.provider": "Google Photos",
    "checklist.device": "iphone",
    "checklist.photo": {},  # the photo in the inspector: Streamlit's file id, its report, its clean copy
    # Kept on the visitor's own device: ticks that came back from there
    "memory.loaded": [],
    # Create a link
    "create.draft": "",  # id of the album on the server
    "create.round": 0,  # counts albums: a new one gets fresh pickers
    "create.simple": False,  # Streamlit's own uploader instead of ours
    "create.size": "Standard",
    "create.taken": {},  # Streamlit's file id -> {"photo": id in the draft, "max_side": pixels}
    "create.refused": {},  # Streamlit's file id -> title, happened, fix
    # create.title, .words, .password and .name are not here: what is set anew in every run loses what is being typed.
    # lib.ui.create.album fills them from the album, and notes with what:
    "create.filled": {},  # name of such a field -> its value
    "create.fills": 0,  # runs in which it is still sent again
    "create.provider": "",
    "create.life": None,  # seconds; None: the usual life of this host
    "create.new_password": False,  # the password that is set is about to be changed
    "create.visible": {},  # photo -> what was seen in it: kind -> how many
    "create.unkept": {},  # choice -> why it could not be kept
    "create.photos": 0,  # how many the album held when it was last looked at
    "create.views": None,  # the limit; None: none
    "create.download": True,
    "create.preview": "none",
    "create.question": "none",
    "create.access": "",  # the host's access password, as typed
    "create.phase": "",  # "", "making", "cancelled", "failed", "removing", "done"
    "create.resume": {},  # what a provider needs to go on in the middle of a photo
    "create.begun": "",  # the provider that has photos of an unfinished album, or may have
    "create.removed": "",  # what removing an unfinished upload did, in words
    "create.problem": {},  # title, happened, fix
    "create.taken_out": [],  # {"id", "video"} of what was taken out of the draft and can come back
    "create.changes": 0,  # counts changes of the draft by the page itself, which the picker follows
    "create.language": "",  # of the message; empty: the visitor's own
    "create.tone": "friendly",
    # Attach photos
    "attach.draft": "",  # id of the draft in which a photo goes through the server and back
    # Make a video
    "video.left_out": [],  # ids of photos of the draft that stay out
    "video.seconds": 2.5,
    "video.transition": "Gentle",
    "video.fit": "Blurred edges",
    "video.title": "",
    "video.phase": "",  # "" or "making"
    # The finished video: its id in the draft (or data, the MP4, where nothing kept it), ticket, size, seconds, photos,
    # notes
    "video.made": {},
    "video.refused": {},  # title, happened, fix: why the video did not go behind a link; full: its album is
    "video.problem": {},  # title, happened, fix
    # Check a link
    "check.text": "",  # what was pasted; other pages put a link here before they lead to this one
    "check.results": {},  # link -> result as Checked.to_dict gives it
    "check.shortened": False,  # more was pasted than is read; the rest is not kept
    "check.left_out": [],  # links of the text that are not to be opened
    "check.phase": "",  # "", "asking", "stopped", "done"
    "check.device": "iphone",
    "check.show": "all",
    "check.page": 0,
    "check.symptom": "",  # what the other person sees, in anybody's words
    # My links
    "links.opened": "",  # id of the link that is looked at
    "links.search": "",  # what the list is searched for
    "links.keep_browsers": False,  # a new recovery code signs nobody out
    "links.page": 1,  # of the list
    "links.closing": [],  # {"id", "inside"} of links that were taken back together and still have to be looked at
    "links.closed": {},  # what looking at them found so far
    "links.photos": {},  # album -> {photo id: its addresses} as its sender last saw them
    "links.taken_out": {},  # album -> what the addresses of photos answered that were taken out
    "links.looked": {},  # link id -> when its answers were looked at before this visit
    "links.not_out": {},  # title, happened, fix: why a photo could not be taken out
    "links.now_out": [],  # addresses of a photo that was just taken out
    "links.out": {},  # what they answered
    "links.problem": {},  # title, happened, fix
    "links.to_prove": {},  # link id -> the pass of somebody who was inside when it was taken back
    "links.proofs": {},  # link id -> what its addresses answered after taking back
    "links.made": {},  # link id -> links made for several people
    # For the host
    "host.in": "",  # the mark of the host's password, of somebody who knew it
    "host.typed": "",
    "host.shown": [],  # ids of reports whose photos are looked at
    "host.to_prove": {},  # id of a link that was just taken back -> its addresses
    "host.proofs": {},  # the same -> what they answered
    "host.problem": {},  # title, happened, fix
    # Names and prices
    "sheet.taken": "",  # Streamlit's id of the table that was read last
    "sheet.saved": "",  # id of the album whose sheet was just kept
    "sheet.unknown": [],  # files that it names and that are not there
    # Make my links reachable
    "reach.problem": {},  # title, happened, fix: why it did not even begin
    # Providers
    "providers.ended": {},  # provider -> True when it no longer took the sign-in
    "providers.device": "",  # whose menus the guided steps show
    "providers.pasted": "",  # the link that the person made there
    "providers.verdict": {},  # what a stranger met behind a link elsewhere
    "providers.came_back": False,  # whether the form that was kept before a sign-in was looked for
}


def begin() -> None:
    """Give every slot its first value, once for each visit."""
    for key, value in SLOTS.items():
        first = value.copy() if isinstance(value, dict | list) else value
        # Set anew in every run: Streamlit forgets a widget's value when another page is looked at.
        st.session_state[key] = st.session_state.get(key, first)


def owner() -> str:
    """Return the secret that owns this visitor's drafts and links.

    It is the cookie that the server set, over HTTP only; for a signed-in person it belongs to the account, the same on
    every device, and what this browser made before moves to the account.
    """
    mine = browser()
    account = st.user.to_dict() if st.user else {}
    if not account.get("is_logged_in") or not account.get("sub"):
        return mine
    share = open_share(settings())
    theirs = share.owners.for_account(f"{account.get('iss', '')}|{account['sub']}")
    if st.session_state["visitor.claimed"] != mine:
        share.owners.claim(mine, theirs)
        st.session_state["visitor.claimed"] = mine
    return theirs


def known_browser() -> str:
    """Return the secret that the server gave this browser, or an empty text."""
    header = st.context.headers.get("Cookie", "")
    if not header:
        return ""
    https = (st.context.url or "").startswith("https:")
    return open_share(settings()).cookies.owner(header, https=https)


def keeps_cookies() -> bool:
    """Return whether this browser came with the cookie that it was given: without it, a reload is a stranger."""
    return bool(known_browser())


def browser() -> str:
    """Return the secret of this browser alone, signed in or not."""
    if known := known_browser():
        return known
    if not st.session_state["visitor.fallback_owner"]:
        st.session_state["visitor.fallback_owner"] = secrets.token_urlsafe(24)
    return str(st.session_state["visitor.fallback_owner"])


def component_key(key: str) -> str:
    """Return a key in a form that components take. Streamlit refuses "__" in it, which one id in two hundred holds."""
    return key.replace("__", "_.")
