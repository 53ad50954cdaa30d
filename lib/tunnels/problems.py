"""What can go wrong between a public address and this computer, in words."""

from __future__ import annotations

from lib.problems import Problem
from lib.text.later import later


class TunnelProblem(Problem):
    """Links could not be made reachable, or are not any more."""

    title = later("Your links are not reachable")
    fix: str = later("Try again, or choose another way.")
    lasting = False  # whether trying again by itself would be wrong


class NoNetwork(TunnelProblem):
    """The other side was not found at all."""

    fix = later("Look whether this computer is online. Some networks block this way; then choose another one.")


class TunnelRefused(TunnelProblem):
    """The other side did not let this computer in."""


class NameTaken(TunnelProblem):
    """The wished address belongs to somebody else, or to an older tunnel that has not ended yet."""

    fix = later("Wait a minute until the old connection has ended, or choose another way.")


class HostKeyChanged(TunnelProblem):
    """Another computer answers under the name of the one that is known."""

    lasting = True
    fix = later(
        "Somebody may be listening in this network: use another network or another way. If you know that the server "
        "got a new key, delete its line in the file tunnel_hosts in the data folder."
    )


class TunnelEnded(TunnelProblem):
    """The connection was lost in the middle."""


class NoAddress(TunnelProblem):
    """The other side named no address."""


class ProgramMissing(TunnelProblem):
    """The program is not on this computer."""


class AlreadyReachable(TunnelProblem):
    """Another program on this computer already does it."""

    title = later("Your links are reachable already")
    fix = later("Stop it where it was started, then try again.")


class NotASetting(TunnelProblem):
    """The settings for this way are missing or wrong."""

    fix = "Correct it in .streamlit/secrets.toml or in the environment, then start the app again."
