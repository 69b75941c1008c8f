"""YAML as plain data in which every scalar is still the text that was written, with its places.

A file that a person wrote never raises: what is wrong with it comes back as faults.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from connector.core.reasons import Fact

DEEPEST: Final = 20
"""Levels of nesting that are read; the policy itself needs six."""

LARGEST: Final = 1_000_000
"""Characters that are read; a policy of a hundred tracks stays below a tenth of it."""

_NOTHING: Final = ("null", "Null", "NULL", "~", "")
_TRUTH: Final = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

# What the scanner says, and the fault that it stands for; the first that is contained counts.
PROBLEMS: Final = (
    ("'\\t'", "yaml_tab"),
    ("while scanning a quoted scalar", "yaml_quote"),
    ("flow sequence", "yaml_bracket"),
    ("flow mapping", "yaml_bracket"),
    ("could not find expected ':'", "yaml_colon"),
    ("mapping values are not allowed", "yaml_colon"),
    ("cannot start any token", "yaml_sign"),
    ("<block end>", "yaml_indent"),
    ("<document start>", "yaml_indent"),
    ("undefined tag handle", "yaml_tag"),
    ("alias", "yaml_alias"),
    ("anchor", "yaml_alias"),
)

Plain = str | bool | None | list["Plain"] | dict[str, "Plain"]
"""What YAML holds: text, true and false, nothing, lists and mappings."""

Path = tuple[str | int, ...]
"""Keys and indexes from the top down to a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong in a file that a person wrote.

    Attributes:
        code: Key in the table `[policy]` of the message catalogue.
        line: 1-based.
        column: 1-based, in characters.
        facts: Values for the sentence.
        article: The article of law that speaks, None when it is no matter of law.
        severity: An error blocks the file, a warning only shows.
    """

    code: str
    line: int
    column: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    article: str | None = None
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text, both 1-based."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Positions:
    """Where every key and value of a document stands; unknown paths fall back to their parent."""

    values: Mapping[Path, Place] = field(default_factory=dict)
    keys: Mapping[Path, Place] = field(default_factory=dict)

    def value(self, path: Path) -> Place:
        """Return where the value starts, or what holds it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))

    def key(self, path: Path) -> Place:
        """Return where the key starts, or the value when it has none (an element of a list)."""
        return self.keys.get(path) or self.value(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML file as read.

    A key with nothing behind it is left out of `data`, but has its place.

    Attributes:
        data: The top-level mapping, None when the file can't be read as one.
        positions: Where everything stands.
        broken: Paths whose value could not be taken over; their faults are in `faults`.
        empty: Paths of the keys with nothing behind them.
        faults: What is wrong, in the order of the text.
    """

    data: dict[str, Plain] | None
    positions: Positions
    broken: frozenset[Path] = frozenset()
    empty: frozenset[Path] = frozenset()
    faults: tuple[Fault, ...] = ()

    def under(self, path: Path) -> "Document":
        """Return the part below a path as a document of its own, with its places in the text."""
        depth = len(path)

        def below(places: Mapping[Path, Place]) -> dict[Path, Place]:
            return {at[depth:]: place for at, place in places.items() if at[:depth] == path}

        part: Plain = self.data
        for step in path:
            part = part[step] if isinstance(part, dict | list) else None  # type: ignore[index]  # a path of this text
        return Document(
            data=part if isinstance(part, dict) else None,
            positions=Positions(below(self.positions.values), below(self.positions.keys)),
        )


def read_yaml(text: str) -> Document:
    """Return the document, with every fault of form that can be seen.

    Numbers and dates stay text (`15.00` is never a float); only the unquoted words true and
    false become booleans. Anchors, aliases, tags and second documents are refused.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST:
        return _unreadable(Fault(code="yaml_large", line=1, column=1, facts={"most": LARGEST}))
    reader = _Reader()
    try:
        data = reader.document(YAML(typ="safe", pure=True).parse(text))
    except _TooDeep as error:
        return _unreadable(_fault("yaml_deep", error.place, most=DEEPEST))
    except ReaderError as error:
        return _unreadable(_character(text, error))
    except MarkedYAMLError as error:
        return _unreadable(_syntax(error))
    except (YAMLError, ValueError, OverflowError):
        return _unreadable(_fault("yaml_syntax", reader.last))
    if data is not None and not isinstance(data, dict):
        reader.faults.append(_fault("yaml_top", reader.values[()]))
    if data is None and not reader.faults:
        reader.faults.append(Fault(code="yaml_empty", line=1, column=1))
    return Document(
        data=data if isinstance(data, dict) else None,
        positions=Positions(reader.values, reader.keys),
        broken=frozenset(reader.broken),
        empty=frozenset(reader.empty),
        faults=tuple(reader.faults),
    )


class _TooDeep(Exception):  # noqa: N818  # never leaves this module
    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class _Reader:
    """Builds plain data from the events of the parser and keeps the places."""

    def __init__(self) -> None:
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.broken: set[Path] = set()
        self.empty: set[Path] = set()
        self.faults: list[Fault] = []
        self.last = Place(1, 1)  # reached last, for a fault that has no place of its own

    def document(self, events: Iterator[Event]) -> Plain:
        """Return the first document; a second one is a fault."""
        data: Plain = None
        seen = False
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if seen:
                    self.faults.append(_fault("yaml_documents", _place(event)))
                    return data
                seen = True
                data = self._node(next(events), events, ())
        return data

    def _node(self, event: Event, events: Iterator[Event], path: Path) -> Plain:
        place = self.last = _place(event)
        self.values.setdefault(path, place)
        if len(path) > DEEPEST:
            raise _TooDeep(place)
        if isinstance(event, AliasEvent):
            self.broken.add(path)
            self.faults.append(_fault("yaml_alias", place))
            return None
        if getattr(event, "anchor", None) is not None:
            self.faults.append(_fault("yaml_alias", place))
        if getattr(event, "tag", None) not in (None, "!"):
            self.faults.append(
                _fault("yaml_tag", place, found=_cut(str(getattr(event, "tag", ""))))
            )
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path)
        return _scalar(cast(ScalarEvent, event))  # nothing else is left

    def _sequence(self, events: Iterator[Event], path: Path) -> list[Plain]:
        found: list[Plain] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            found.append(self._node(event, events, (*path, len(found))))
        return found

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            place = self.last = _place(event)
            key = event.value if isinstance(event, ScalarEvent) else None
            if not key:
                self.faults.append(_fault("yaml_key", place))
                self._skip(event, events, path)
                self._skip(next(events), events, path)
                continue
            here = (*path, key)
            if here in self.keys:
                first = self.keys[here].line
                self.faults.append(_fault("yaml_duplicate_key", place, key=_cut(key), first=first))
                self._skip(next(events), events, path)
                continue
            self.keys[here] = place
            value = self._node(next(events), events, here)
            if value is not None:
                found[key] = value
            elif here not in self.broken:
                self.empty.add(here)
        return found

    def _skip(self, event: Event, events: Iterator[Event], path: Path) -> None:
        """Read past a node that is not used, but not past its depth."""
        depth = 0
        while True:
            depth += isinstance(event, (MappingStartEvent, SequenceStartEvent))
            depth -= isinstance(event, (MappingEndEvent, SequenceEndEvent))
            if not depth:
                return
            if len(path) + depth > DEEPEST:
                raise _TooDeep(_place(event))
            event = next(events)


def _scalar(event: ScalarEvent) -> Plain:
    text: str = event.value
    if event.style is not None:
        return text
    if text in _NOTHING:
        return None
    return _TRUTH.get(text, text)


def _place(event: Event) -> Place:
    mark: StringMark = event.start_mark
    return Place(mark.line + 1, mark.column + 1)


def _fault(code: str, place: Place, **facts: Fact) -> Fault:
    return Fault(code=code, line=place.line, column=place.column, facts=facts)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _unreadable(fault: Fault) -> Document:
    return Document(data=None, positions=Positions(), faults=(fault,))


def _character(text: str, error: ReaderError) -> Fault:
    before = text[: error.position]
    return Fault(
        code="yaml_character",
        line=before.count("\n") + 1,
        column=len(before) - (before.rfind("\n") + 1) + 1,
        facts={"found": f"U+{ord(text[error.position]):04X}"},
    )


def _syntax(error: MarkedYAMLError) -> Fault:
    said = f"{error.context} {error.problem}"
    code = next((code for words, code in PROBLEMS if words in said), "yaml_syntax")
    opened = code in ("yaml_quote", "yaml_bracket") and error.context_mark is not None
    mark = error.context_mark if opened else error.problem_mark
    return _fault(code, Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1))
