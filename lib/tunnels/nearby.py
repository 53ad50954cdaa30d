"""A name in the same network: http://passalong.local beside the number, by multicast DNS (RFC 6762).

Phones and computers of today find such a name by themselves; some routers and guest networks let none through. The app
gives itself one at its start, where others of the network may reach it at all, and says nothing else about itself.
"""

from __future__ import annotations

import logging
import socket
import threading
from dataclasses import dataclass
from typing import Final

import zeroconf

from lib.links.reach import address_in_this_network
from lib.text.later import later

_log = logging.getLogger(__name__)

OFF: Final = "off"
_LOOK_AGAIN_S: Final = 30.0  # a laptop goes from one network to another
_ASKED_MS: Final = 1_500  # RFC 6762 asks three times in 750 ms whether a name is taken
_NAMES: Final = 9  # of several computers with this app in one network
_KIND: Final = "_http._tcp.local."


@dataclass(frozen=True, slots=True)
class NearbyName:
    """A name that works, or why there is none, in words; neither before anything was tried."""

    name: str = ""  # passalong.local
    problem: str = ""


class Nearby:
    """Gives this computer a name in its network, for as long as the app runs. One thread; nothing waits for it."""

    def __init__(self) -> None:
        self.now = NearbyName()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, wished: str, port: int, address: str | None = None) -> None:
        """Begin, once. `wished` is the name without its ending; `address` stands for the one in this network."""
        if self._thread is None and wished != OFF:
            self._thread = threading.Thread(
                target=self._keep, args=(wished, port, address), name="passalong-nearby", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Take the name back."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(10)

    def _keep(self, wished: str, port: int, given: str | None) -> None:
        while not self._over.is_set():
            address = given or address_in_this_network()
            if address is None:
                self.now = NearbyName()
                self._over.wait(_LOOK_AGAIN_S)
                continue
            try:
                self._in_network(wished, port, address, given)
            except (OSError, zeroconf.Error) as error:  # no multicast here, or another program holds its port
                _log.info("No name in this network: %s", type(error).__name__)
                self.now = NearbyName(problem=later("This network, or this computer, takes no names: use the number."))
                self._over.wait(_LOOK_AGAIN_S)

    def _in_network(self, wished: str, port: int, address: str, given: str | None) -> None:
        """Hold a name until this computer has another address, or the app ends."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))  # raises OSError where it is no address of this computer any more
        line = zeroconf.Zeroconf(interfaces=[address])
        try:
            name = _free_name(line, wished, address)
            if not name:
                self.now = NearbyName(problem=later("Other computers of this network have the name: use the number."))
                self._over.wait(_LOOK_AGAIN_S)
                return
            about = zeroconf.ServiceInfo(
                _KIND, f"{name}.{_KIND}", addresses=[socket.inet_aton(address)], port=port, server=f"{name}.local.",
                properties={"path": "/"},
            )  # fmt: skip
            line.register_service(about)
            self.now = NearbyName(f"{name}.local")
            while not self._over.wait(_LOOK_AGAIN_S):
                if (given or address_in_this_network()) != address:
                    break
            self.now = NearbyName()
            line.unregister_service(about)
        except zeroconf.NonUniqueNameException:
            self._over.wait(_LOOK_AGAIN_S)
        finally:
            line.close()


def _free_name(line: zeroconf.Zeroconf, wished: str, address: str) -> str:
    """Return a name that no other computer of this network has; empty where all are taken."""
    for number in range(1, _NAMES + 1):
        name = wished if number == 1 else f"{wished}-{number}"
        answer = zeroconf.AddressResolverIPv4(f"{name}.local.")  # type: ignore[attr-defined] # as documented
        if not answer.request(line, _ASKED_MS) or answer.parsed_addresses() == [address]:
            return name
    return ""


nearby: Final = Nearby()
