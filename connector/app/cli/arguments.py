"""The options that may stand anywhere on the line, taken out before a command is looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

LANGUAGES: Final = ("nl", "en")
DEFAULT_CONFIG: Final = Path("config/maan.yaml")
_ZONE: Final = "Europe/Amsterdam"
_FLAGS: Final = frozenset({"--json", "--version"})
_VALUES: Final = frozenset({"--config", "--language", "--now"})
# `party set --language en` speaks of the debtor's language, not of ours.
_OWN: Final[Mapping[tuple[str, ...], frozenset[str]]] = {
    ("party", "set"): frozenset({"--language"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hoisted:
    """A command line, split.

    Attributes:
        flags: Global flags that were given, with their dashes.
        values: Global options with their last value, as written.
        words: All that is left, in order.
        lacking: A global option that stands at the end without its value.
    """

    flags: frozenset[str]
    values: Mapping[str, str]
    words: tuple[str, ...]
    lacking: str | None = None


def hoist(argv: Sequence[str]) -> Hoisted:
    """Split the global options from the rest; nothing after `--` is looked at."""
    flags: set[str] = set()
    values: dict[str, str] = {}
    words: list[str] = []
    lacking = None
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            words += [word, *rest]
            break
        name, has_value, value = word.partition("=")
        if name in _VALUES and name not in _kept(words):
            if has_value:
                values[name] = value
            elif rest:
                values[name] = rest.pop(0)
            else:
                lacking = name
        elif word in _FLAGS:
            flags.add(word)
        else:
            words.append(word)
    return Hoisted(flags=frozenset(flags), values=values, words=tuple(words), lacking=lacking)


def _kept(words: Sequence[str]) -> frozenset[str]:
    if "--help" in words:
        return frozenset()
    return _OWN.get(tuple(words[:2]), frozenset())


def choose_language(option: str | None, variable: str | None, config: Path) -> str:
    """Return the language to speak: the option, else MAAN_LANGUAGE, else the file's, else nl.

    The file is only scanned for a line `language: xx`: even a broken one is reported in the
    language that it asks for.
    """
    for wish in (option, variable, _language_line(config)):
        if wish in LANGUAGES:
            return wish
    return LANGUAGES[0]


def _language_line(config: Path) -> str | None:
    try:
        text = config.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon and key == "language":
            return value.partition("#")[0].strip().strip("\"'")
    return None


def parse_moment(text: str) -> datetime | None:
    """Return the instant that a local time in Amsterdam stands for, in UTC; None: not a time.

    A bare date is its midnight. A time that carries an offset keeps it.
    """
    try:
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(_ZONE))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
