"""Links as text and as a stranger meets them: recognised offline, asked through one guarded fetcher, judged by rules.

`recognise` says what the text of a link shows, `check_link` what a stranger finds behind it, `check_links` the same for
many. Nothing here logs a link.
"""

from lib.links.check import ApiKeys, Checked, check_link, check_links, offline
from lib.links.fetch import Fetched, Fetcher
from lib.links.recognise import Recognised, recognise, recognise_all
from lib.links.verdicts import Verdict, verdicts

__all__ = [
    "ApiKeys",
    "Checked",
    "Fetched",
    "Fetcher",
    "Recognised",
    "Verdict",
    "check_link",
    "check_links",
    "offline",
    "recognise",
    "recognise_all",
    "verdicts",
]
