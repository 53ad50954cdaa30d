"""What can go wrong with a backup, in words for the host."""

from __future__ import annotations

from lib.problems import Problem


class BackupProblem(Problem):
    """The backup was not made, or cannot be used."""

    title = "The backup did not work"
    fix = "Correct that, then try again."


class PlaceFull(BackupProblem):
    """There is no room where the backup goes."""

    fix = "Make room there, or choose another place. The backup of before is still whole, and can be restored."


class PlaceDown(BackupProblem):
    """The place of the backup does not answer, or may not be written."""

    fix = "Look whether the folder or address is right and may be written; keys of a store come from the environment."


class NoBackup(BackupProblem):
    """There is none at this place."""

    title = "There is no backup at this place"
    fix = "Name the folder or address that was given to `python -m lib backup`."


class BackupDamaged(BackupProblem):
    """Something in it is missing or changed."""

    title = "The backup is damaged"
    fix = "Use another copy of it. Nothing was changed on this host."


class OtherVersion(BackupProblem):
    """It was made by a newer version of this app."""

    title = "The backup is newer than this app"
    fix = "Install the newest version of Passalong, then restore. Nothing was changed on this host."


class WrongPassphrase(BackupProblem):
    """It is encrypted, and does not open with what was given."""

    title = "The passphrase does not open this backup"
    fix = "Type it again, with its capitals and spaces. Without it nobody can read this backup."


class OtherKey(BackupProblem):
    """The secret key of this host is not the one with which the links of the backup were made."""

    title = "The secret key does not belong to this backup"
    fix = (
        "Set secret_key to the one with which the links were made, or take the setting away where the backup brings "
        "its own. Without it no link of the backup opens. Nothing was changed on this host."
    )


class StillRunning(BackupProblem):
    """Somebody uses the database that would be replaced."""

    title = "The app is still running"
    fix = "Stop it and everything else that uses its database, then restore. Nothing was changed on this host."


class NotEmpty(BackupProblem):
    """There is something already where the backup would go."""

    title = "This host has links already"
    fix = "Add --replace to put the backup in their place; what is not in the backup is then lost."
