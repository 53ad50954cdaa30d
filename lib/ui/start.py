"""What the host is told when the app starts: broken tables, and a choice that is missing."""

from __future__ import annotations

import logging
import threading

from lib.facts import table_problems
from lib.guide.content import content_problems

_log = logging.getLogger("passalong")


def tell_host() -> None:
    """Look through the fact tables and the guide's words, beside the start, and log what cannot be trusted.

    A broken table stops the pages that need it, with the same words; everything else works.
    """
    threading.Thread(target=_look, name="passalong-tables", daemon=True).start()


def _look() -> None:
    for problem in (*table_problems(), *content_problems()):
        _log.warning("%s: %s %s", problem.title, problem, problem.fix)
