"""The message catalogues: one sentence per code and language, in TOML tables beside this file."""

import re
import string
import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from connector.app.messages.formats import Shown

FOLDER: Final = Path(__file__).parent
_FIRST: Final = ("errors", "reasons")  # tables that win when a code stands in several


class Messages:
    """The sentences of one language, read from all catalogues when first needed."""

    def __init__(self, language: str) -> None:
        """Keep the language; nothing is read yet."""
        self.language = language

    def sentence(
        self,
        code: str,
        facts: Mapping[str, object] | None = None,
        *,
        table: str | None = None,
    ) -> str:
        """Return the sentence of a code with its facts filled in; never raises.

        Args:
            code: The key in the catalogue.
            facts: Values for the names in the sentence: money, dates, numbers, texts, lists.
            table: Look only there; None: errors, then reasons, then all others.

        Returns:
            The sentence; the code itself (and the facts) when it is in no catalogue, and the
            code behind the sentence when one of its facts is missing.
        """
        template = self._find(code, table)
        given = dict(facts or {})
        if template is None:
            told = ", ".join(f"{name}: {self.show(value)}" for name, value in given.items())
            return f"{code} ({told})" if told else code
        try:
            shown = {name: Shown(value, self.language) for name, value in given.items()}
            return template.format(**shown)
        except (KeyError, IndexError, ValueError, AttributeError):
            return self._as_far_as_known(template, code, given)

    def gist(self, code: str, facts: Mapping[str, object]) -> str:
        """Return the sentence of a code without the parts whose facts are not known.

        What stands in parentheses goes first, then whole sentences; what is left may be empty.
        """
        template = self._find(code, None) or ""
        known = re.sub(r" \([^()]*\)", lambda part: part[0] * _is_told(part[0], facts), template)
        told = [one for one in re.split(r"(?<=[.?!]) ", known) if _is_told(one, facts)]
        return " ".join(told).format(**{n: Shown(v, self.language) for n, v in facts.items()})

    def show(self, value: object) -> str:
        """Return one value as a person of this language reads it."""
        return format(Shown(value, self.language))

    def has(self, code: str, *, table: str | None = None) -> bool:
        """Whether there is a sentence for the code."""
        return self._find(code, table) is not None

    def help(self, key: str) -> str:
        """Return the help text of a command (`pull`, `hold.add`) or option (`pull.full`)."""
        return self._help.get(key, key)

    @cached_property
    def tables(self) -> Mapping[str, Mapping[str, str]]:
        """All tables of all catalogues but the help, merged; those of errors and reasons first."""
        merged: dict[str, dict[str, str]] = {name: {} for name in _FIRST}
        for file in sorted((FOLDER / self.language).glob("*.toml")):
            if file.stem != "help":
                for table, entries in _read(file).items():
                    merged.setdefault(table, {}).update(entries)
        return merged

    @cached_property
    def _help(self) -> Mapping[str, str]:
        return _read(FOLDER / self.language / "help.toml").get("help", {})

    def _find(self, code: str, table: str | None) -> str | None:
        if table is not None:
            return self.tables.get(table, {}).get(code)
        return next((entries[code] for entries in self.tables.values() if code in entries), None)

    def _as_far_as_known(self, template: str, code: str, facts: Mapping[str, object]) -> str:
        parts = []
        for text, name, _, _ in string.Formatter().parse(template):
            parts.append(text)
            if name is not None:
                parts.append(self.show(facts[name]) if name in facts else f"[{name}?]")
        return f"{''.join(parts)} ({code})"


def _is_told(template: str, facts: Mapping[str, object]) -> bool:
    return all(
        name is None or name in facts for _, name, _, _ in string.Formatter().parse(template)
    )


def _read(file: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
