"""One link, opened: the address, a message, the counts, a check, changes, and taking it back."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.albums import LinkInfo, LinkState, RememberedLink, Share
from lib.links.stranger import open_as_stranger_now
from lib.message import qr_png
from lib.services.registry import description_or_blank
from lib.ui.links.answers import show_answers
from lib.ui.links.change import show_change, show_made_links, show_more_links
from lib.ui.links.overview import show_counts
from lib.ui.links.photos import show_photos
from lib.ui.links.proof import show_kept_problem, show_proof, take_back
from lib.ui.links.tell_me import show_tell_me
from lib.ui.message import choose_tone, message
from lib.ui.providers import show_taken, take_back_panel
from lib.ui.share_button import share_button
from lib.ui.sheet import show_sheet
from lib.ui.text import escape_markdown, say
from lib.ui.visit import base_url, meeting, own_origins


def show_detail(share: Share, owner: str, link: LinkInfo) -> None:
    """Draw everything about one link of this server."""
    show_kept_problem()
    show_counts(link)
    if link.state is LinkState.TAKEN_BACK:
        show_proof(share, owner, link)
        return
    if link.state is LinkState.EXPIRED:
        st.info(
            say("This link ended on {moment}. Its photos are deleted.", moment=say.moment(link.expires_at)),
            icon=":material/timer_off:",
        )
        return
    if not link.path:
        st.info(say("The address of this link is not known any more: the key of this server was lost."))
        _take_back(share, owner, link)
        return
    url = base_url() + link.path
    st.code(url, language=None, wrap_lines=True)
    _damaged(share, owner, link)
    show_answers(share, owner, link)
    _message(share, owner, link, url)
    show_tell_me(share, owner, link)
    _check(link, url)
    with st.expander(
        say("Photos"), icon=":material/photo_library:", on_change="rerun", key=f"links.photos_open.{link.id}"
    ) as photos:
        if photos.open:
            show_photos(share, owner, link)
    show_sheet(share, owner, link.album_id)
    with st.expander(say("Change"), icon=":material/edit:", key=f"links.change.{link.id}"):
        show_change(share, owner, link)
    with st.expander(say("One link for each person"), icon=":material/group_add:", key=f"links.each.{link.id}"):
        show_more_links(share, owner, link)
    show_made_links(link)
    _take_back(share, owner, link)


def _damaged(share: Share, owner: str, link: LinkInfo) -> None:
    """Name the photos that recipients cannot see, because the store does not give them whole."""
    if link.damaged and (broken := share.photos.damaged(owner, link.album_id)):
        names = ", ".join(escape_markdown(photo.name) for photo in broken)
        st.error(
            say(
                "Damaged on this server, so that nobody sees them: {names}. Take them out under Photos, and add them "
                "again from your device.",
                names=names,
            ),
            icon=":material/broken_image:",
        )


def _take_back(share: Share, owner: str, link: LinkInfo) -> None:
    st.button(
        f":red[{say('Take back now')}]", key=f"links.take.{link.id}", icon=":material/block:", width="stretch",
        on_click=take_back, args=(share, owner, link.id),
    )  # fmt: skip


def _message(share: Share, owner: str, link: LinkInfo, url: str) -> None:
    with st.expander(say("Message and QR code"), icon=":material/chat:", key=f"links.message.{link.id}"):
        choose_tone()
        text = message(
            url, photo_count=link.photo_count, video_count=link.video_count, size_bytes=link.size_bytes,
            expires_at=link.expires_at, has_password=link.has_password, max_views=link.views_left,
            photos=share.photos.all(owner, link.album_id),
        ).text  # fmt: skip
        st.code(text, language=None, wrap_lines=True)
        share_button(text=text, link=url, key=f"links.share.{link.id}")
        st.image(qr_png(url, scale=6), alt=say("QR code of this link"), width=200)


def _check(link: LinkInfo, url: str) -> None:
    if st.button(say("Open it as a stranger"), key=f"links.check.{link.id}", icon=":material/visibility:"):
        with st.spinner(say("Opening the link as a stranger…")):
            view = open_as_stranger_now(meeting(url), expected=link.photo_count, own_origins=own_origins())
        if view.opens and view.clean:
            what = say.things(len(view.photos), view.videos)
            st.success(
                say("A stranger can open it: the door.")
                if view.door
                else say("A stranger can open it: {what}, whole and clean.", what=what),
                icon=":material/visibility:",
            )
        else:
            st.error(f"{say('A stranger cannot open it.')} {view.failure}", icon=":material/visibility_off:")


def show_remembered(share: Share, owner: str, kept: RememberedLink) -> None:
    """Draw everything about one link at another provider."""
    show_kept_problem()
    link = kept.link
    place = description_or_blank(link.provider_id)
    st.code(link.url, language=None, wrap_lines=True)
    holds = say.things(link.photo_count, link.video_count)
    made = say.moment(link.created_at)
    st.caption(say("{what}, {size}, made on {moment}.", what=holds, size=say.size(link.size_bytes), moment=made))
    if kept.revoked_at:
        if taken := st.session_state["links.proofs"].get(kept.id):
            show_taken(taken)
        else:
            st.success(say("Taken back on {moment}.", moment=say.moment(kept.revoked_at)), icon=":material/block:")
    elif place.can_revoke and place.can_upload:
        if taken := take_back_panel(link, f"links.take.{kept.id}"):
            share.remembered.mark_revoked(owner, kept.id, datetime.fromisoformat(taken["at"]))
            st.session_state["links.proofs"][kept.id] = taken
            st.rerun()
    else:
        st.info(
            say("Take it back in {place} itself; the guide has the steps.", place=place.label),
            icon=":material/menu_book:",
        )
    st.button(
        say("Forget it here"), key=f"links.forget.{kept.id}", on_click=share.remembered.forget, args=(owner, kept.id),
        icon=":material/playlist_remove:", help=say("It leaves this list. The link itself stays as it is."),
    )  # fmt: skip
