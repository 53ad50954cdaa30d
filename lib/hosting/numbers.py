"""How this host is doing, in numbers: how full, what is shared, refused, or waits. Nothing about visitors."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from lib.albums.happened import VIEW
from lib.albums.host import Share
from lib.albums.reports import Report
from lib.albums.security_log import Event
from lib.albums.status import Status
from lib.backups import last_backup
from lib.hosting.duties import urgent_within
from lib.tunnels import standing

WEEK: Final = 7  # days, today included
_GUESSES: Final = (Event.LINK_GUESSED, Event.HOST_GUESSED, Event.UNDER_ATTACK)


@dataclass(frozen=True, slots=True)
class HostNumbers:
    """The state of a host at one moment. Sizes in bytes; counts of a week are those of seven UTC days."""

    kept: Status
    used_bytes: int
    free_bytes: int  # of the disk that holds the data folder
    disk_bytes: int
    views_today: int
    views_week: int
    uploads_refused_week: int
    guesses_week: int  # wrong passwords, of links and of the host
    happened_week: dict[str, int]  # every event that was counted
    urgent_reports: int
    overdue_reports: int  # urgent ones that have waited longer than a law allows
    tunnel: str  # its service; empty where none runs
    backup_at: dt.datetime | None  # the last one that this computer made

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values; times in ISO 8601."""
        plain = asdict(self)
        plain = plain.pop("kept") | plain
        return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in plain.items()}


def due_at(report: Report) -> dt.datetime | None:
    """Return until when an urgent report should be dealt with; None for the others."""
    return report.created_at + urgent_within() if report.urgent else None


def numbers(share: Share, now: dt.datetime | None = None) -> HostNumbers:
    """Gather them. Counts rows of albums and links, so ask seldom. Raises `ShareProblem` where the index is away."""
    now = now or dt.datetime.now(dt.UTC)
    week, today = share.happened.lately(WEEK), share.happened.lately(1)
    urgent = [due for report in share.reports.all() if (due := due_at(report))]
    disk = shutil.disk_usage(share.settings.data_dir)
    way = standing(share.settings.data_dir)
    backup = last_backup(share.settings.data_dir)
    return HostNumbers(
        kept=share.status(),
        used_bytes=share.totals.used(),
        free_bytes=disk.free,
        disk_bytes=disk.total,
        views_today=today.get(VIEW, 0),
        views_week=week.get(VIEW, 0),
        uploads_refused_week=week.get(Event.UPLOAD_REFUSED, 0),
        guesses_week=sum(week.get(event, 0) for event in _GUESSES),
        happened_week=week,
        urgent_reports=len(urgent),
        overdue_reports=sum(due < now for due in urgent),
        tunnel=way.tunnel if way.running else "",
        backup_at=backup.at if backup else None,
    )


# name -> what it is, and where it comes from. Prometheus wants base units, and names that say them.
_METRICS: Final[Mapping[str, tuple[str, Callable[[HostNumbers], float]]]] = {
    "links_open": ("Links that work.", lambda one: one.kept.live_links),
    "albums": ("Albums with photos.", lambda one: one.kept.albums),
    "photos": ("Photos of albums that are out.", lambda one: one.kept.photos),
    "photos_bytes": ("Bytes of all photos kept, drafts included.", lambda one: one.used_bytes),
    "photos_limit_bytes": ("Bytes of photos that this host allows.", lambda one: one.kept.host_bytes),
    "disk_free_bytes": ("Free bytes of the disk with the data folder.", lambda one: one.free_bytes),
    "disk_bytes": ("Bytes of the disk with the data folder.", lambda one: one.disk_bytes),
    "views_today": ("Albums opened by recipients today (UTC).", lambda one: one.views_today),
    "uploads_refused_week": ("Uploads refused within seven days.", lambda one: one.uploads_refused_week),
    "guesses_week": ("Wrong passwords within seven days.", lambda one: one.guesses_week),
    "reports_open": ("Reports that wait.", lambda one: one.kept.open_reports),
    "reports_urgent": ("Reports of intimate pictures that wait.", lambda one: one.urgent_reports),
    "reports_overdue": ("Those that have waited longer than a law allows.", lambda one: one.overdue_reports),
    "tunnel_up": ("1 while links are reachable through a tunnel.", lambda one: int(bool(one.tunnel))),
    "backup_timestamp_seconds": (
        "When the last backup was made; 0: never.",
        lambda one: one.backup_at.timestamp() if one.backup_at else 0,
    ),
}


def prometheus(one: HostNumbers) -> str:
    """Write the numbers in Prometheus' text format (version 0.0.4): all gauges, no labels that name anybody."""
    lines = []
    for name, (meaning, value) in _METRICS.items():
        full = f"passalong_{name}"
        lines += [f"# HELP {full} {meaning}", f"# TYPE {full} gauge", f"{full} {value(one):g}"]
    return "\n".join(lines) + "\n"
