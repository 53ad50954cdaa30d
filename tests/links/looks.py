"""Release check: what one look with a browser tells of links where asking ends in "could not tell".

    python -m tests.links.looks [WORDS OF A NAME …]

Every state is a page on this machine with its own program. Takes some eight seconds each. Exit code 1 when fewer than
half of them get the right verdict.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path


async def measure(only: list[str]) -> int:
    """Look at every state and print what was told. Returns the exit code."""
    from internet import small_internet
    from states_browser import BESIDE, DRAWN
    from test_browser import trusted

    from lib.links import check_link
    from lib.links.second_look import second_look

    right = told = every = 0
    async with small_internet() as internet:
        for state in DRAWN:
            if only and not any(word in state.name for word in only):
                continue
            internet.play(*state.routes, *BESIDE)
            async with internet.fetcher() as fetcher:
                asked = await check_link(state.link, fetcher, look_inside=False, in_app=False)
                assert asked.opens is None, f"{state.name}: asking alone tells {asked.code}"
                seen = await second_look(asked, fetcher, frozenset(), trust=trusted(internet))
            good = seen.code == state.expected if state.expected else seen.opens is None
            every, right, told = every + 1, right + good, told + (seen.opens is not None)
            print(f"{'  ' if good else '! '}{state.name:<52} {seen.code:<20} {state.expected or 'cannot tell'}")  # noqa: T201 - its output
    print(f"{every} states that asking cannot tell: {told} told by a look, {right} rightly.")  # noqa: T201 - its output
    return 0 if right * 2 >= every else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    raise SystemExit(asyncio.run(measure(sys.argv[1:])))
