"""What a storage service can answer, in the user's words.

One kind for each thing that a person would do next. Which vendor code means which kind stands in a table beside each
provider (`lib/services/<id>/problems.csv`), with its words, source and date.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lib.services.base import ProviderProblem
from lib.text.later import later


class NotSetUp(ProviderProblem):
    """The host has not connected this provider."""

    title = later("This service is not set up here")
    fix = later("Choose another place for the photos, or ask the person who runs this app to set it up.")


class SignInNeeded(ProviderProblem):
    """Nobody is signed in, or the sign-in has ended."""

    title = later("Sign in again")
    fix = later("Sign in once more. Your photos are still here, and the upload continues where it stopped.")


class PermissionMissing(ProviderProblem):
    """The sign-in does not include a permission that is needed."""

    title = later("A permission is missing")
    fix = later("Sign out, sign in again, and leave every permission that is asked for ticked.")


class StorageFull(ProviderProblem):
    """The account has no space left."""

    title = later("The storage is full")
    fix = later("Free some space there or choose another place for the photos, then try again.")


class TooBusy(ProviderProblem):
    """The provider asks to wait longer than a person would."""

    title = later("The service asks us to slow down")
    fix = later("Wait a few minutes and try again. The upload continues where it stopped.")


class SharingLimit(ProviderProblem):
    """The account has shared too much in a short time."""

    title = later("Too many links in a short time")
    fix = later("Wait until tomorrow, or choose another place for the photos. Trying again at once makes it longer.")


class ProviderDown(ProviderProblem):
    """The provider does not work at the moment."""

    title = later("The service is down")
    fix = later("Try again in a few minutes. The upload continues where it stopped.")


class ConnectionCut(ProviderProblem):
    """The connection to the provider broke."""

    title = later("The connection broke")
    fix = later("Check the network and try again. The upload continues where it stopped.")


class EmailNotVerified(ProviderProblem):
    """The account's e-mail address was never confirmed."""

    title = later("The e-mail address is not confirmed")
    fix = later("Open the confirmation e-mail of the service, or ask for a new one in its settings, then try again.")


class PublicLinksForbidden(ProviderProblem):
    """An organisation, a policy or a shared drive forbids links for everyone."""

    title = later("Links for everyone are switched off")
    fix = later("Ask the administrator, sign in with a personal account, or choose another place for the photos.")


class AccountBlocked(ProviderProblem):
    """The provider has limited this account."""

    title = later("The account is limited")
    fix = later("Look in the account for a message from the service, or choose another place for the photos.")


class LinkRefused(ProviderProblem):
    """The provider would not make or change the link."""

    title = later("The link could not be made")
    fix = later("Ask for less (no password, no end date), or choose another place for the photos.")


class NameClash(ProviderProblem):
    """Something else already has this name."""

    title = later("The name is taken")
    fix = later("Change the title a little and try again.")


class NameRefused(ProviderProblem):
    """The provider does not take this name."""

    title = later("The name is not allowed there")
    fix = later("Use a title of plain letters and numbers and try again.")


class GoneThere(ProviderProblem):
    """The photos or the link are no longer at the provider."""

    title = later("It is no longer there")
    fix = later("It was deleted or moved at the service. Create the link again from the photos.")


class NotYours(ProviderProblem):
    """The link belongs to someone else, or was not made here."""

    title = later("This one cannot be changed from here")
    fix = later("Change it at the service itself, signed in as its owner.")


class PhotoTooLargeThere(ProviderProblem):
    """The provider does not take a photo of this size."""

    title = later("Photo too large for the service")
    fix = later("Choose a smaller size and try again.")


class ClocksDisagree(ProviderProblem):
    """This computer's clock is far from the provider's."""

    title = later("The clocks disagree")
    fix = later("Set the clock of the computer that runs this app (automatic time), then try again.")


class NotUnderstood(ProviderProblem):
    """An answer that this app does not know."""

    title = later("An answer we do not know")
    fix = later(
        "Try again. If it happens again, choose another place for the photos and tell the person who runs this app."
    )


KINDS: Final = {
    kind.__name__: kind
    for kind in (
        NotSetUp, SignInNeeded, PermissionMissing, StorageFull, TooBusy, SharingLimit, ProviderDown, ConnectionCut,
        EmailNotVerified, PublicLinksForbidden, AccountBlocked, LinkRefused, NameClash, NameRefused, GoneThere,
        NotYours, PhotoTooLargeThere, ClocksDisagree, NotUnderstood,
    )
}  # fmt: skip
COLUMNS: Final = ("code", "problem", "again", "happened", "fix", "source", "as_of", "confidence")


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What a provider answered instead of doing it: its codes, the most exact first, and how long it asks to wait."""

    codes: tuple[str, ...]
    wait_s: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One vendor code: the kind of problem, whether the same request may be tried again, and its words."""

    code: str
    kind: type[ProviderProblem]
    again: bool
    happened: str
    fix: str
    source: str
    as_of: str
    confidence: str


class ProblemTable:
    """The codes of one vendor. Raises ValueError that names file, code and reason for a row that cannot be right."""

    def __init__(self, path: Path) -> None:
        self.rows: dict[str, Row] = {}
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ValueError(f"{path}: the columns have to be {', '.join(COLUMNS)}.")
            for line in reader:
                row = _row(path, line)
                if row.code in self.rows:
                    raise ValueError(f"{path}: {row.code} stands there twice.")
                self.rows[row.code] = row
        if "" not in self.rows:
            raise ValueError(f"{path}: the row without a code, for answers we do not know, is missing.")

    def row(self, refusal: ErrorAnswer) -> Row:
        """Return the row of the first code that the table knows."""
        return next((self.rows[code] for code in refusal.codes if code in self.rows), self.rows[""])

    def problem(self, refusal: ErrorAnswer) -> ProviderProblem:
        """Return the problem, in words."""
        row = self.row(refusal)
        return row.kind(later(row.happened), fix=later(row.fix) if row.fix else None)


def _row(path: Path, line: dict[str, str]) -> Row:
    code = line["code"]
    kind = KINDS.get(line["problem"])
    if kind is None:
        raise ValueError(f"{path}: {code}: {line['problem']} is not one of {', '.join(KINDS)}.")
    if line["again"] not in {"yes", "no"} or line["confidence"] not in {"H", "M", "K"}:
        raise ValueError(f"{path}: {code}: again is yes or no, confidence is H, M or K.")
    if not (line["happened"].strip() and line["source"].strip() and line["as_of"].strip()):
        raise ValueError(f"{path}: {code}: words, source and date are needed.")
    return Row(
        code, kind, line["again"] == "yes", line["happened"], line["fix"],
        line["source"], line["as_of"], line["confidence"],
    )  # fmt: skip
