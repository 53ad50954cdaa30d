"""Half an album is never left behind without saying so."""

from __future__ import annotations

from lib.services.base import Progress, ProviderProblem


def said_what_is_left(problem: ProviderProblem, progress: Progress, where: str) -> ProviderProblem:
    """Return the same problem with a sentence on what is already at the provider."""
    if progress.photos_done == 0:
        left = f"Nothing is in {where} yet, and there is no link."
    elif progress.photos_done < progress.photos:
        left = f"{progress.photos_done} of {progress.photos} photos are in {where} already; there is no link to them."
    else:
        left = f"All photos are in {where}; there is no link to them yet."
    return type(problem)(f"{problem} {left}", fix=problem.fix)
