"""Several results of one kind: a sequence with a card for notebooks and a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from lib.notebooks import cards
from lib.notebooks.sources import Refused

if TYPE_CHECKING:
    import pandas as pd


class _Shown(Protocol):
    def _repr_html_(self) -> str: ...
    def row(self) -> dict[str, Any]: ...


T = TypeVar("T", bound=_Shown)


class Results(Sequence[T], Generic[T]):
    """Results in the order of what was given; `refused` are those that could not be used, each with its reason."""

    def __init__(self, found: Iterable[T], refused: Iterable[Refused] = ()) -> None:
        self._found = tuple(found)
        self.refused = tuple(refused)

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        return type(self)(self._found[at]) if isinstance(at, slice) else self._found[at]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a photo, as a pandas DataFrame; sizes in bytes and pixels."""
        import pandas as pd

        return pd.DataFrame([one.row() for one in self._found])

    def _counted(self) -> str:
        count = f"{len(self)} photo{'' if len(self) == 1 else 's'}"
        return f"{count}, {len(self.refused)} refused" if self.refused else count

    def _repr_html_(self) -> str:
        refused = "".join(f"<div>Refused: {escape(repr(one))}</div>" for one in self.refused)
        said = f"<div><b>{escape(repr(self).strip('<>'))}</b></div>"
        return said + cards.cards((one._repr_html_() for one in self._found), len(self), refused)
