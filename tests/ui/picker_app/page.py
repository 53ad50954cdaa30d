"""Mount the picker as a page of the app does."""

import io

import av
import streamlit as st

from lib.albums import open_share
from lib.settings import settings
from lib.ui import state
from lib.ui.picker import attach_picker, picker
from lib.ui.share_button import share_video

state.begin()
st.set_page_config(page_title="Picker")
st.title("Picker", anchor=False)
limits = settings()
if st.query_params.get("mode") == "attach":
    attach_picker(key="attach")
elif st.query_params.get("mode") == "video":
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 108, 192, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(108, 192, "yuv420p")))
        container.mux(stream.encode(None))
    st.video(made.getvalue(), format="video/mp4")
    share_video(key="share")
else:
    share, owner = open_share(limits), state.owner()
    if "draft" not in st.session_state:
        st.session_state["draft"] = share.albums.latest(owner) or share.albums.open(owner)
    draft_id = st.session_state["draft"]
    told = picker(
        api_base="/api/drafts",
        ticket=share.tickets.write(owner, draft_id),
        max_photos=limits.max_photos,
        max_bytes=limits.max_photo_bytes,
        max_side=2048,
        key="picker",
    )
    if told["uploading"]:
        st.caption("On the way")
    else:
        names = [photo.name for photo in share.photos.all(owner, draft_id)]
        st.caption(f"In the draft: {', '.join(names) or 'nothing'}")
