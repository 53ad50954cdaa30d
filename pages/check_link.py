"""Check a link."""

import streamlit as st

st.title("Check a link")
