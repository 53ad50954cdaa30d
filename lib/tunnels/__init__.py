"""Making the links of this computer reachable for a while: a door for share pages alone, and a tunnel to it.

A *tunnel* is a way from a public address to this computer. Each is a row of `tunnels.toml` with facts in `facts.csv`;
there are two kinds of client, one for SSH and one for programs. What a tunnel reaches is never the app: it is a second
listener that serves `/s/…` and nothing else.
"""

from lib.tunnels.description import Tunnel, TunnelFact, all_tunnels, tunnel
from lib.tunnels.problems import TunnelProblem
from lib.tunnels.reachable import LIVES, Reachable, open_reachable
from lib.tunnels.standing import Phase, Seen, Standing, public_base, standing

__all__ = [
    "LIVES",
    "Phase",
    "Reachable",
    "Seen",
    "Standing",
    "Tunnel",
    "TunnelFact",
    "TunnelProblem",
    "all_tunnels",
    "open_reachable",
    "public_base",
    "standing",
    "tunnel",
]
