"""What is told, in the sender's language."""

from __future__ import annotations

from dataclasses import dataclass

from lib.albums.notifications import News
from lib.text.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Notice:
    """A short message. It holds nothing of the person who opened or answered."""

    event: str  # a name for programs
    title: str
    text: str


def message(event: News, title: str, say: Catalogue) -> Notice:
    """Say that something happened to a link on an album with this title, which may be empty."""
    texts = {
        News.OPENED: say("Your link was opened for the first time."),
        News.ANSWERED: say("Somebody answered your question."),
        News.ENDING: say("Your link ends within a day."),
    }
    return Notice(event.value, title or say("Your photos"), texts[event])


def trial(title: str, say: Catalogue) -> Notice:
    """Return the message of a try."""
    return Notice("test", title or say("Your photos"), say("A try: this is where you hear of your link."))
