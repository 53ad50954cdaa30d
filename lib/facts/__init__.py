"""What is known about TikTok, the storage providers and this app: tables with source, date and confidence.

    from lib.facts import fact, provider_fact, provider_facts, provider_names, menu_steps

    fact("tiktok.photos_per_message").text                     -> "9"
    provider_fact("Dropbox", "password").text                  -> "yes, on a paid plan"
    [step.text for step in menu_steps("Dropbox", Device.WEB)]  -> ["Point at the file …", …]

A table that cannot be trusted raises `FactProblem`, which names the file, the row and the reason.
"""

from lib.facts.help_lines import Age, HelpLine, Topic
from lib.facts.reader import NO_SOURCE, Confidence, Device, Fact, FactProblem, Field, Kind, Step, Task
from lib.facts.store import (
    APP,
    TIKTOK,
    all_facts,
    all_steps,
    fact,
    fields,
    help_lines,
    key_of,
    menu_steps,
    older_than,
    provider_called,
    provider_fact,
    provider_facts,
    provider_names,
    table_problems,
)

__all__ = [
    "APP",
    "NO_SOURCE",
    "TIKTOK",
    "Age",
    "Confidence",
    "Device",
    "Fact",
    "FactProblem",
    "Field",
    "HelpLine",
    "Kind",
    "Step",
    "Task",
    "Topic",
    "all_facts",
    "all_steps",
    "fact",
    "fields",
    "help_lines",
    "key_of",
    "menu_steps",
    "older_than",
    "provider_called",
    "provider_fact",
    "provider_facts",
    "provider_names",
    "table_problems",
]
