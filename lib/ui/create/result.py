"""What a person gets: the link, a message, a QR code, and the proof that it opens and holds nothing private."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from lib.links.reach import Reach, address_in_this_network, reach
from lib.links.stranger import SeenPhoto, StrangerView, open_as_stranger_now
from lib.message import qr_png
from lib.services.access import is_this_computer
from lib.services.base import SharedLink
from lib.ui.message import choose_words, message
from lib.ui.plain import Plain, from_view, to_view
from lib.ui.share_button import share_button
from lib.ui.visit import bound_address, meeting, own_origins
from lib.ui.words import count, moment, size, things

# How the receipt names what was removed, most telling first.
KINDS: Final[dict[str, str]] = {
    "position": "where it was taken",
    "owner": "names of people",
    "serial": "serial numbers",
    "time": "date and time",
    "device": "camera or phone",
    "lens": "lens",
    "preview": "a hidden preview picture",
    "trailer": "a hidden video or other data behind the picture",
    "caption": "captions",
    "comment": "comments",
    "software": "software and editing history",
    "xmp": "XMP data",
    "iptc": "press data (IPTC)",
    "maker_note": "the maker's notes",
    "credentials": "Content Credentials (a signed record of camera and edits)",
    "profile": "the name of the colour profile",
    "text": "text notes",
    "other": "other data",
}


def show_link(link: SharedLink) -> None:
    """Show the link with everything one does with it."""
    with st.container(border=True):
        st.header(":material/check_circle: Your link is ready", anchor=False)
        st.code(link.url, language=None, wrap_lines=True)
        share_button(text=_message(link), link=link.url, key="create.share")
        until = f" It works until {moment(link.expires_at)}." if link.expires_at else ""
        st.caption(f"{things(link.photo_count, link.video_count)}, {size(link.size_bytes)}.{until}")
        _say_reach(link.url)


def _say_reach(url: str) -> None:
    """Say plainly when the link opens only here, and what to do."""
    where = reach(url)
    if where is Reach.ANYWHERE:
        return
    parts = urlsplit(url)
    if where is Reach.THIS_COMPUTER:
        st.warning(
            "**This link opens only on this computer.** For other people, run Passalong on a public address and set "
            "`public_url` in the settings, or choose another place for the photos.",
            icon=":material/lan:",
        )
        if not is_this_computer(bound_address()) and (own := address_in_this_network()):
            nearby = parts._replace(netloc=f"{own}:{parts.port or 80}").geturl()
            st.markdown("On a phone in the same Wi-Fi this address may open:")
            st.code(nearby, language=None, wrap_lines=True)
            with st.expander("QR code for the same Wi-Fi", icon=":material/wifi:"):
                st.image(qr_png(nearby, scale=6), alt="QR code of the address in this network", width=240)
        return
    st.warning(
        "**This link opens only in this network,** for example on the same Wi-Fi. For people elsewhere, set "
        "`public_url` in the settings, or choose another place for the photos.",
        icon=":material/wifi:",
    )


def _message(link: SharedLink) -> str:
    sent = st.session_state["create.sent"]
    return message(
        link.url,
        photo_count=link.photo_count,
        video_count=link.video_count,
        size_bytes=link.size_bytes,
        expires_at=link.expires_at,
        has_password=bool(sent.get("password")),
        max_views=sent.get("max_views"),
    ).text


def show_message(link: SharedLink) -> None:
    """Show a message to paste, in the recipient's language."""
    st.header("A message to paste", anchor=False)
    choose_words()
    st.code(_message(link), language=None, wrap_lines=True)
    st.caption(
        "In TikTok, send the link alone in its own message, then the words: a message can only be copied whole. "
        "Nobody has confirmed yet that a link can be tapped there."
    )
    if st.session_state["create.sent"].get("password") and st.session_state["create.password"]:
        with st.expander("Copy the password for another channel", icon=":material/key:"):
            st.markdown("Send it another way than the link: say it on the phone, or write it in another app.")
            st.code(st.session_state["create.password"], language=None)


def show_qr(link: SharedLink) -> None:
    """Show the link as a QR code."""
    with st.expander("QR code", icon=":material/qr_code_2:"):
        st.image(qr_png(link.url, scale=6), alt="QR code of your link", width=240)
        st.download_button(
            "Download QR code", qr_png(link.url, scale=12), "passalong-qr.png", "image/png",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def check(link: SharedLink) -> None:
    """Open the link as a stranger and keep what was seen."""
    with st.spinner("Opening the link as a stranger…"):
        st.session_state["create.check"] = from_view(
            open_as_stranger_now(meeting(link.url), expected=link.photo_count, own_origins=own_origins())
        )


def show_check(receipt_of: Plain) -> None:
    """Show what a stranger gets, and the privacy receipt."""
    view = to_view(st.session_state["create.check"])
    st.header("Opened as a stranger", anchor=False)
    if view.opens and view.clean:
        words = (
            "A stranger is asked for the password and sees no photo."
            if view.door
            else f"A stranger can open it: {_photos_seen(view)}, in {max(0.1, view.seconds):.1f} s."
        )
        st.success(words, icon=":material/visibility:")
    elif not view.clean:
        st.error("**Do not send this link.** Something private is still inside; see below.", icon=":material/warning:")
    else:
        st.error(f"**A stranger cannot open it.** {_why(view)}", icon=":material/visibility_off:")
    _receipt(view, receipt_of)
    st.button("Check again", on_click=_forget_check, icon=":material/refresh:", type="tertiary")


def _forget_check() -> None:
    st.session_state["create.check"] = {}


def _photos_seen(view: StrangerView) -> str:
    total = sum(photo.size_bytes for photo in view.photos)
    return f"{things(len(view.photos), view.videos)} whole, {size(total)}"


def _why(view: StrangerView) -> str:
    if view.failure:
        return f"{view.failure} If the app's public address is new, check it in the settings."
    if view.status != 200:  # noqa: PLR2004 - HTTP
        return f"The server answered with status {view.status}. Create the link again."
    broken = sorted({photo.number for photo in (*view.photos, *view.grid) if not photo.decodes})
    if broken:
        return f"Photo {', '.join(map(str, broken))} arrived broken. Create the link again."
    return f"{len(view.photos)} of {view.expected} photos arrived. Create the link again."


def _seen(photo: SeenPhoto) -> str:
    if photo.is_video:
        return f"Video {photo.number}: {photo.width} × {photo.height} px, {photo.seconds:.0f} s"
    return f"Photo {photo.number}: {photo.width} × {photo.height} px"


def _receipt(view: StrangerView, receipt_of: Plain) -> None:
    total, videos = receipt_of.get("photos", view.expected), receipt_of.get("videos", view.videos)
    removed = receipt_of.get("removed", {})
    short = f"{count(len(removed), 'kind')} of hidden data removed" if removed else "nothing private was found"
    with st.expander(f"Privacy receipt: {short}", icon=":material/receipt_long:", expanded=not view.clean):
        if removed:
            st.markdown("**Removed**")
            photos = count(total - videos, "photo")
            in_order = {kind: removed[kind] for kind in KINDS if kind in removed}
            st.markdown("\n".join(f"- {KINDS[kind]}: {n} of {photos}" for kind, n in in_order.items()))
        else:
            st.markdown("**Removed:** nothing private was found in these photos.")
        st.markdown("**Kept:** the picture itself, its size and its colours.")
        if view.door:
            left = receipt_of.get("left", 0)
            st.markdown(
                f"**Proof:** the {things(total, videos)} behind the door were read again with a second reader before "
                f"they were stored: {f'{left} still held something private.' if left else 'nothing private found.'}"
            )
        elif view.photos and view.clean:
            st.markdown(
                f"**Proof:** the {things(len(view.photos), view.videos)} that the server sends out, small and large, "
                f"{'was' if len(view.photos) == 1 else 'were'} read again with a second reader: nothing private found."
            )
            st.markdown("\n".join(f"- {_seen(photo)}, {size(photo.size_bytes)}" for photo in view.photos))
        for photo in (*view.photos, *view.grid):
            if photo.leftovers:
                st.markdown(f"Photo {photo.number} still holds: {'; '.join(photo.leftovers)}")
