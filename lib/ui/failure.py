"""Problems on screen, in their own words; and what nobody foresaw, without a traceback."""

from __future__ import annotations

import logging
import traceback

import streamlit as st

from lib.problems import Problem
from lib.text.later import later
from lib.ui.text import say

_log = logging.getLogger("passalong")


class _WithoutText(logging.Filter):
    """Drops the exception from Streamlit's own log line: its text and its locals may hold a link."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.exc_text = None
        record.msg, record.args = "A page stopped early; see the line of 'passalong'.", None
        return True


class _Nothing(logging.Filter):
    """Drops every line: an access log is a list of links."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - logging's signature
        return False


def keep_secrets_out_of_the_log() -> None:
    """Make Streamlit log that a page failed, never with what it held; and keep no log of who opened what."""
    for name, rule in (("streamlit.error_util", _WithoutText()), ("uvicorn.access", _Nothing())):
        logger = logging.getLogger(name)
        if not any(isinstance(known, type(rule)) for known in logger.filters):
            logger.addFilter(rule)


def show_problem(problem: Problem) -> None:
    """Show a problem: title, what happened, what to do."""
    show_problem_text(**problem.parts())


def show_problem_text(title: str, happened: str, fix: str) -> None:
    """Show a problem that was kept as words, in the visitor's language."""
    st.error(f"**{say(title)}.** {say(happened)}\n\n{say(fix)}", icon=":material/error:")


def on_script_error(error: Exception) -> bool:
    """Answer an exception that reached the end of a page. Logs its kind and place only: its text may hold a link."""
    if isinstance(error, Problem):
        show_problem(error)
        return True
    frame = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("unforeseen %s at %s:%s", type(error).__name__, frame.filename, frame.lineno)
    show_problem_text(
        later("That did not work"),
        later("Something went wrong on our side. Photos that you already added are still here."),
        later("Reload the page. If it happens again, tell the person who runs this app."),
    )
    return True
