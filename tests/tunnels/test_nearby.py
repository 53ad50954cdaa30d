"""passalong.local: given, found by a stranger, another one where it is taken, taken back; all on loopback."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from zeroconf import AddressResolverIPv4, Zeroconf

from lib.front.hosts import Hosts
from lib.tunnels.nearby import OFF, Nearby

HERE = "127.0.0.1"


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@contextmanager
def computer(name: str, address: str = HERE) -> Iterator[Nearby]:
    made = Nearby()
    made.start(name, 8501, address)
    try:
        yield made
    finally:
        made.stop()


def found(name: str) -> list[str]:
    """Ask for a name as a phone of the network does."""
    line = Zeroconf(interfaces=[HERE])
    try:
        answer = AddressResolverIPv4(f"{name}.")
        return answer.parsed_addresses() if answer.request(line, 3_000) else []
    finally:
        line.close()


def test_a_phone_of_the_network_finds_the_name_while_the_app_runs() -> None:
    wished = f"photos-{uuid4().hex[:8]}"
    with computer(wished) as app:
        until(lambda: app.now.name, "no name")
        assert app.now.name == f"{wished}.local"
        assert found(app.now.name) == [HERE]
        assert Hosts(None).knows(f"{app.now.name}:8501")
    assert app.now.name == ""
    assert found(f"{wished}.local") == []


def test_a_second_computer_gets_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    wished = f"photos-{uuid4().hex[:8]}"
    with computer(wished) as first:
        until(lambda: first.now.name, "no name")
        monkeypatch.setattr("lib.tunnels.nearby._LOOK_AGAIN_S", 0.1)
        with computer(wished, "127.0.0.2") as second:
            until(lambda: second.now.name or second.now.problem, "the second waits for ever")
            assert second.now.name == f"{wished}-2.local"


def test_a_network_that_takes_no_names_is_told() -> None:
    with computer(f"photos-{uuid4().hex[:8]}", "203.0.113.7") as app:  # this computer has no such address
        until(lambda: app.now.problem, "no words")
        assert app.now.problem == "This network, or this computer, takes no names: use the number."
        assert app.now.name == ""


def test_it_can_be_switched_off() -> None:
    with computer(OFF) as app:
        assert app._thread is None  # noqa: SLF001 - nothing runs
