"""Passalong: `streamlit run streamlit_app.py` serves the app and its share pages on one port."""

import streamlit as st

from lib.routes import door, lifespan, middleware, routes
from lib.ui.failure import keep_secrets_out_of_the_log, on_script_error
from lib.ui.providers.id_tokens import prepare_sign_in
from lib.ui.start import be_found_nearby, load_ahead, tell_host
from lib.ui.uploads import behind_door

keep_secrets_out_of_the_log()
prepare_sign_in()
tell_host()
be_found_nearby()

app = st.App(
    "lib/ui/shell.py",
    routes=routes(),
    middleware=[*middleware(), behind_door(door)],
    lifespan=lifespan,
    on_script_error=on_script_error,
)

load_ahead()
