from __future__ import annotations

import pytest

from lib.albums.password_strength import Strength, strength


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", Strength.EASY),
        ("    ", Strength.EASY),
        ("1234", Strength.EASY),
        ("password1", Strength.EASY),
        ("qwertyuiop", Strength.EASY),
        ("aaaaaaaaaaaaaaaaaaaa", Strength.EASY),
        ("iloveyou", Strength.EASY),
        ("\uff11\uff12\uff13\uff14", Strength.EASY),  # full-width digits are kept as 1234
        ("kettle-orbit", Strength.FINE),
        ("three odd words here", Strength.HARD),
        ("v7#Lq!2mZr9x", Strength.HARD),
        ("x9" * 5_000, Strength.EASY),
    ],
)
def test_a_password_is_rated_by_what_guessing_takes(password: str, expected: Strength) -> None:
    assert strength(password) is expected
