"""The finished link: the link and what one does with it, then what a stranger saw and what was taken out."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from lib.albums import AlbumInfo, Share
from lib.links.reach import Reach, address_in_this_network, reach
from lib.links.stranger import ServedPhoto, StrangerView, open_as_stranger_now, read_view, view_to_dict
from lib.message import qr_png
from lib.services.access import is_this_computer
from lib.services.base import SharedLink
from lib.services.registry import description_or_blank
from lib.settings import settings
from lib.text.catalogue import catalogue
from lib.text.covered import covered_line
from lib.tunnels import public_base
from lib.tunnels.nearby import nearby
from lib.ui import state
from lib.ui.create.album import choose
from lib.ui.create.place import show_verdict
from lib.ui.message import choose_tone, message
from lib.ui.providers import asked_granted
from lib.ui.reachable import show_reachable
from lib.ui.share_button import share_button
from lib.ui.text import language, say
from lib.ui.visit import base_url, bound_address, meeting, own_origins, sits_here

_HTTP_OK: Final = 200


def show(share: Share, owner: str, info: AlbumInfo, link: SharedLink) -> None:
    """Draw everything about a link that was made, in the order in which a person in a hurry needs it."""
    share_button(text=_message(info, link), link=link.url, key="create.share", heading=say("Your link is ready"))
    until = f" {say('It works until {moment}.', moment=say.moment(link.expires_at))}" if link.expires_at else ""
    st.caption(f"{say.things(link.photo_count, link.video_count)}, {say.size(link.size_bytes)}.{until}")
    here = description_or_blank(link.provider_id).kept_here
    view = _seen(share, owner, info, link) if here else None
    if view:
        _show_trouble(view)
    if not state.keeps_cookies():
        st.warning(
            say(
                "This browser keeps no cookie of this page: copy the link now. It cannot be found again under My "
                "links, nor taken back there."
            ),
            icon=":material/cookie_off:",
        )
    anywhere = _say_reach(link.url, here=here)
    _show_message(share, owner, info, link)
    _show_qr(link)
    if view:
        _show_check(view, _receipt_of(info), share, owner, info, anywhere=anywhere)
    else:
        show_verdict(link)
    asked_granted(link)


def _receipt_of(info: AlbumInfo) -> dict[str, Any]:
    kept: dict[str, Any] = info.result.get("receipt") or info.receipt()
    return kept


def _say_reach(url: str, *, here: bool) -> bool:
    """Say plainly when the link opens only here, and what to do. Returns whether it opens from anywhere."""
    where = reach(url)
    if where is Reach.ANYWHERE or url.startswith(f"{public_base(settings())}/"):
        show_reachable("result", drawn=url if here else "")
        return True
    parts = urlsplit(url)
    if where is Reach.THIS_COMPUTER:
        st.warning(
            say(
                "**This link opens only on this computer.** Make it reachable here below, or send the photos to a "
                "place of your own (under the options)."
            )
            if sits_here()
            else say(
                "**This link opens only on this computer.** Other people cannot open it. Send the photos to a place "
                "of your own instead (under the options), or ask the person who runs this app for a public address."
            ),
            icon=":material/lan:",
        )
        show_reachable("result", drawn=url if here else "", opened=True)
        if not is_this_computer(bound_address()) and (own := address_in_this_network()):
            by_number = parts._replace(netloc=f"{own}:{parts.port or 80}").geturl()
            st.markdown(say("On a phone in the same Wi-Fi this address may open:"))
            st.code(by_number, language=None, wrap_lines=True)
            if named := nearby.now.name:
                st.markdown(say("Or, easier to type:"))
                st.code(parts._replace(netloc=f"{named}:{parts.port or 80}").geturl(), language=None, wrap_lines=True)
            elif nearby.now.problem:
                st.caption(say(nearby.now.problem))
            with st.expander(say("QR code for the same Wi-Fi"), icon=":material/wifi:", key="result.wifi"):
                st.image(qr_png(by_number, scale=6), alt=say("QR code of the address in this network"), width=240)
        return False
    st.warning(
        say(
            "**This link opens only in this network,** for example on the same Wi-Fi. For people elsewhere, send the "
            "photos to a place of your own (under the options), or ask the person who runs this app."
        ),
        icon=":material/wifi:",
    )
    return False


def _message(info: AlbumInfo, link: SharedLink) -> str:
    return message(
        link.url, photo_count=link.photo_count, video_count=link.video_count, size_bytes=link.size_bytes,
        expires_at=link.expires_at, has_password=info.choices.has_password, max_views=info.choices.max_views,
        photos=info.photos,
    ).text  # fmt: skip


def _show_message(share: Share, owner: str, info: AlbumInfo, link: SharedLink) -> None:
    """Show a message to paste, in the recipient's language."""
    with st.expander(say("A message to paste"), icon=":material/chat:", expanded=True, key="result.message"):
        choose_tone(lambda field, slot: choose(share, owner, field, slot))
        st.code(_message(info, link), language=None, wrap_lines=True)
        st.caption(
            say(
                "In TikTok, send the link alone in its own message, then the words: a message can only be copied "
                "whole. Nobody has confirmed yet that a link can be tapped there."
            )
        )
    if info.choices.has_password and st.session_state["create.password"]:
        with st.expander(say("Copy the password for another channel"), icon=":material/key:", key="result.password"):
            st.markdown(say("Send it another way than the link: say it on the phone, or write it in another app."))
            st.code(st.session_state["create.password"], language=None)


def _show_qr(link: SharedLink) -> None:
    with st.expander(say("QR code"), icon=":material/qr_code_2:", key="result.qr"):
        st.image(qr_png(link.url, scale=6), alt=say("QR code of your link"), width=240)
        st.download_button(
            say("Download QR code"), qr_png(link.url, scale=12), "passalong-qr.png", "image/png",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def _seen(share: Share, owner: str, info: AlbumInfo, link: SharedLink) -> StrangerView:
    """Return what a stranger saw; looked at once, and kept with the album."""
    kept: dict[str, Any] | None = info.result.get("seen")
    where = base_url()
    if kept is None or info.result.get("seen_at", where) != where:  # the address may be another one since
        with st.spinner(say("Opening the link as somebody else would…")):
            view = open_as_stranger_now(meeting(link.url), expected=link.photo_count, own_origins=own_origins())
        share.albums.keep(owner, info.id, seen=view_to_dict(view), seen_at=where)
        return view
    return read_view(kept)


def _show_trouble(view: StrangerView) -> None:
    """Say at once, above everything else, when the link should not be sent as it is."""
    if not view.clean:
        text = say("**Do not send this link.** Something private is still inside: open the privacy receipt below.")
        st.error(text, icon=":material/warning:")
    elif not view.opens:
        st.error(f"**{say('Nobody else can open it.')}** {_why(view)}", icon=":material/visibility_off:")


def _show_check(
    view: StrangerView, receipt: dict[str, Any], share: Share, owner: str, info: AlbumInfo, *, anywhere: bool
) -> None:
    """Show what a stranger gets, and the privacy receipt, in one line each."""
    if view.opens and view.clean:
        photos, seconds = _photos_seen(view), f"{max(0.1, view.seconds):.1f}"
        text = (
            say("Checked: somebody else meets the closed door, and nothing behind it shows.")
            if view.door
            else say("Checked: somebody else can open it. {photos}, in {n} s.", photos=photos, n=seconds)
            if anywhere
            else say("Checked: it opens without an account. {photos}, in {n} s.", photos=photos, n=seconds)
        )
        st.markdown(f":material/check_circle: {text}")
    _receipt(view, receipt)
    st.button(
        say("Check again"), on_click=lambda: share.albums.keep(owner, info.id, seen=None), icon=":material/refresh:",
        type="tertiary",
    )  # fmt: skip


def _photos_seen(view: StrangerView) -> str:
    total = sum(photo.size_bytes for photo in view.photos)
    return f"{say.things(len(view.photos), view.videos)}, {say.size(total)}"


def _why(view: StrangerView) -> str:
    if view.failure:
        return f"{say(view.failure)} {say('If the public address of this app is new, its host has to check it.')}"
    if view.status != _HTTP_OK:
        return say("The server answered with status {n}. Create the link again.", n=view.status)
    broken = sorted({photo.number for photo in (*view.photos, *view.grid) if not photo.decodes})
    if broken:
        return say("Photo {n} arrived broken. Create the link again.", n=", ".join(map(str, broken)))
    return say("{n} of {all} photos arrived. Create the link again.", n=len(view.photos), all=view.expected)


def kind_labels() -> dict[str, str]:
    """Return how the receipt names the kinds of hidden data, most telling first."""
    return {
        "position": say("where it was taken"),
        "owner": say("names of people"),
        "serial": say("serial numbers"),
        "time": say("date and time"),
        "device": say("camera or phone"),
        "lens": say("lens"),
        "preview": say("a hidden preview picture"),
        "trailer": say("a hidden video or other data behind the picture"),
        "caption": say("captions"),
        "comment": say("comments"),
        "software": say("software and editing history"),
        "xmp": say("XMP data"),
        "iptc": say("press data (IPTC)"),
        "maker_note": say("the maker's notes"),
        "profile": say("the name of the colour profile"),
        "text": say("text notes"),
        "credentials": say("Content Credentials: a signed record of camera and edits"),
        "other": say("other data"),
    }


def _described(photo: ServedPhoto) -> str:
    if photo.is_video:
        return say(
            "Video {n}: {width} × {height} px, {seconds} s", n=photo.number, width=photo.width, height=photo.height,
            seconds=f"{photo.seconds:.0f}",
        )  # fmt: skip
    return say("Photo {n}: {width} × {height} px", n=photo.number, width=photo.width, height=photo.height)


def _receipt(view: StrangerView, receipt: dict[str, Any]) -> None:
    total, videos = receipt.get("photos", view.expected), receipt.get("videos", view.videos)
    removed: dict[str, int] = receipt.get("removed", {})
    short = (
        say.counted("{n} kind of hidden data removed", "{n} kinds of hidden data removed", len(removed))
        if removed
        else say("nothing private was found")
    )
    title = say("Privacy receipt: {sum}", sum=short)
    with st.expander(
        title, icon=":material/receipt_long:", expanded=not view.clean, key=f"result.receipt.{view.clean}"
    ):
        if covered := covered_line(receipt.get("covered", {}), catalogue(language())):
            st.markdown(f"**{covered}**")
        if removed:
            st.markdown(f"**{say('Removed')}**")
            photos = say.counted("{n} photo", "{n} photos", total - videos)
            text = kind_labels()
            in_order = {text[kind]: removed[kind] for kind in text if kind in removed}
            lines = (say("{kind}: {n} of {photos}", kind=k, n=n, photos=photos) for k, n in in_order.items())
            st.markdown("\n".join(f"- {line}" for line in lines))
        else:
            st.markdown(say("**Removed:** nothing private was found in these photos."))
        st.markdown(say("**Kept:** the picture itself, its size and its colours."))
        if view.door:
            st.markdown(
                say(
                    "**Proof:** everything behind the door was read again with a second reader before it was stored: "
                    "nothing private found."
                )
            )
        elif view.photos and view.clean:
            st.markdown(
                say(
                    "**Proof:** everything that the server sends out, small and large, was read again with a second "
                    "reader: nothing private found."
                )
            )
            st.markdown("\n".join(f"- {_described(photo)}, {say.size(photo.size_bytes)}" for photo in view.photos))
        for photo in (*view.photos, *view.grid):
            if photo.leftovers:
                still = say("Photo {n} still holds: {what}", n=photo.number, what="; ".join(photo.leftovers))
                st.markdown(still)
