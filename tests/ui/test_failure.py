from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import failure


def test_a_problem_is_shown_with_title_what_happened_and_what_to_do() -> None:
    def page() -> None:
        from lib.problems import Problem
        from lib.ui.failure import on_script_error

        class TooLarge(Problem):
            title = "Photo too large"
            fix = "Choose a smaller size."

        assert on_script_error(TooLarge("beach.png is 180 MB; this server takes 25 MB a photo."))

    shown = AppTest.from_function(page).run().error[0].value
    assert "Photo too large" in shown
    assert "beach.png is 180 MB" in shown
    assert "Choose a smaller size." in shown


def test_an_unforeseen_error_shows_no_traceback_and_logs_no_text(caplog: pytest.LogCaptureFixture) -> None:
    def page() -> None:
        from lib.ui.failure import on_script_error

        try:
            message = "https://example.org/s/secret"
            raise RuntimeError(message)  # noqa: TRY301 - it has to have a traceback
        except RuntimeError as error:
            assert on_script_error(error)  # noqa: PT017 - the handler is what is tested

    with caplog.at_level(logging.DEBUG, logger="passalong"):
        shown = AppTest.from_function(page).run().error[0].value
    assert "That did not work" in shown
    assert "secret" not in shown
    assert "Traceback" not in shown
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_streamlits_own_log_line_keeps_quiet_about_the_exception(caplog: pytest.LogCaptureFixture) -> None:
    failure.keep_secrets_out_of_the_log()
    logger = logging.getLogger("streamlit.error_util")
    logger.addHandler(caplog.handler)
    try:
        message = "https://example.org/s/secret"
        raise RuntimeError(message)  # noqa: TRY301 - it has to have a traceback
    except RuntimeError:
        logger.exception("Uncaught app execution: %s", "https://example.org/s/secret")
    finally:
        logger.removeHandler(caplog.handler)
    assert "A page stopped early" in caplog.text
    assert "secret" not in caplog.text


def test_there_is_no_access_log_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    failure.keep_secrets_out_of_the_log()
    with caplog.at_level(logging.DEBUG, logger="uvicorn.access"):
        logging.getLogger("uvicorn.access").info('127.0.0.1 - "GET /s/secret HTTP/1.1" 200')
    assert "secret" not in caplog.text
