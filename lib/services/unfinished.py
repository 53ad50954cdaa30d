"""Half an album is never left behind without saying so."""

from __future__ import annotations

from lib.services.base import Progress, ProviderProblem
from lib.text.later import Together, later


def asks_to_wait(place: str, seconds: float) -> str:
    """Return what a progress bar says while a provider makes us wait."""
    return later("{place} asks us to wait {n} s", place=place, n=f"{seconds:.0f}")


def said_what_is_left(problem: ProviderProblem, progress: Progress, where: str) -> ProviderProblem:
    """Return the same problem with a sentence on what is already at the provider."""
    if progress.photos_done == 0:
        left = later("Nothing is in {place} yet, and there is no link.", place=where)
    elif progress.photos_done < progress.photos:
        left = later(
            "{done} of {all} photos are in {place} already; there is no link to them.",
            done=progress.photos_done,
            all=progress.photos,
            place=where,
        )
    else:
        left = later("All photos are in {place}; there is no link to them yet.", place=where)
    return type(problem)(Together((problem.happened, left)), fix=problem.fix)
