"""Privacy checklist."""

import streamlit as st

st.title("Privacy checklist")
