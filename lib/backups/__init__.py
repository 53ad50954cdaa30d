"""Backup and restore: the index, the photos and the keys of one host, whole, while the app runs."""

from lib.backups.backup import Made, back_up, last_backup
from lib.backups.problems import BackupProblem
from lib.backups.restore import WholeBackup, check, restore

__all__ = ["BackupProblem", "Made", "WholeBackup", "back_up", "check", "last_backup", "restore"]
