"""The texts of the letters: read once, compiled once, faults named with file and line.

A text is a plain file: the subject on its first line, then paragraphs separated by blank lines.
A block marker stands alone on its line. Fields are written `{{ name }}` (Jinja, sandboxed).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2 import Template as Compiled
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from connector.core.actions import Action
from connector.core.letters.values import NAMES
from connector.core.letters.words import Words, read_words
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError, MaanError


class Marker(StrEnum):
    """What a block marker stands for."""

    ITEMS = "items"
    ALSO_OPEN = "also open"
    PAYMENT = "payment"


MARKERS: Final[Mapping[str, Marker]] = {
    "posten": Marker.ITEMS,
    "items": Marker.ITEMS,
    "ook open": Marker.ALSO_OPEN,
    "also open": Marker.ALSO_OPEN,
    "betaling": Marker.PAYMENT,
    "payment": Marker.PAYMENT,
}
SEAL: Final = "\x02"
"""Stands around a marker in compiled texts; no value can hold it."""

_MARKER_LINE: Final = re.compile(r"[ \t]*\[([^\[\]]*)\][ \t]*")
_SUBJECT_LINE: Final = re.compile(r"(?:onderwerp|subject)[ \t]*:[ \t]*(?=\S)", re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n?|\n")
_WORDS: Final = "words.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A file as it was read; `file` is the path to name in a fault."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One letter in one language, compiled."""

    name: str
    language: str
    file: str
    compiled: Compiled
    words: Words
    mail: Compiled  # the page around the HTML form


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSet:
    """All letters: language -> name -> text, and the Typst page that they are printed with."""

    letters: Mapping[str, Mapping[str, Template]]
    typst: str

    def get(self, name: str, language: str) -> Template:
        """Return the text of that name.

        Raises:
            MaanError: `letter_template_missing`.
        """
        found = self.letters.get(language, {}).get(name)
        if found is None:
            raise MaanError("letter_template_missing", name=name, language=language)
        return found

    def language_for(self, language: str | None) -> str:
        """Return the language to write in: Dutch when not known, English when we lack theirs."""
        if language is None:
            return "nl"
        return language.lower() if language.lower() in self.letters else "en"


def read_texts(sources: Mapping[str, SourceText]) -> TemplateSet:
    """Return the texts, all compiled and checked.

    Args:
        sources: By path below the folder of texts: `nl/reminder.txt`, `nl/words.toml`,
            `mail.html`, `letter.typ`. A language counts when it has a `words.toml`.

    Raises:
        ConfigError: `letter_template_fault` with file, line and what was found;
            `letter_words_fault`; `letter_words_missing`.
    """
    mail = _environment(html=True).from_string(sources["mail.html"].text)
    environment = _environment(html=False)
    words = {
        path.removesuffix(_WORDS): read_words(source.file, source.text)
        for path, source in sources.items()
        if path.endswith(f"/{_WORDS}")
    }
    letters: dict[str, dict[str, Template]] = {folder.rstrip("/"): {} for folder in words}
    for path, source in sorted(sources.items()):
        folder, stem = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 : -len(".txt")]
        if not path.endswith(".txt"):
            continue
        if folder not in words:
            raise ConfigError("letter_words_missing", file=source.file, found=f"{folder}{_WORDS}")
        letters[folder.rstrip("/")][stem] = Template(
            name=stem,
            language=folder.rstrip("/"),
            file=source.file,
            compiled=_compile(environment, source),
            words=words[folder],
            mail=mail,
        )
    return TemplateSet(letters=letters, typst=sources["letter.typ"].text)


def choose_template(templates: TemplateSet, action: Action, language: str) -> str:
    """Return the name of the text for the action: that of its step, else that of its kind.

    Raises:
        MaanError: `letter_template_missing`: no text has that name in the language.
    """
    own = templates.letters.get(language, {})
    name = action.step if action.step in own else _name_by_kind(action)
    return templates.get(name, language).name


def _name_by_kind(action: Action) -> str:
    match action.kind:
        case StepKind.REMINDER if action.before_due:
            return "announcement"
        case StepKind.REMINDER if action.first_message:
            return "first_reminder"
        case StepKind.HAND_OVER:
            return "handover_notice"
        case _:
            return action.kind.value


def fault(source: SourceText | Template, line: int, found: str) -> ConfigError:
    """Return the fault of a text, with its file, line and what was found."""
    return ConfigError("letter_template_fault", file=source.file, line=line, found=found)


def _environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    return environment


def _compile(environment: ImmutableSandboxedEnvironment, source: SourceText) -> Compiled:
    sealed = _sealed(source)
    try:
        tree = environment.parse(sealed)
        _require_known(tree, source)
        code = environment.compile(sealed, filename=source.file)
    except TemplateSyntaxError as error:
        raise fault(source, error.lineno, error.message or "") from error
    return Compiled.from_code(environment, code, environment.make_globals(None))


def _sealed(source: SourceText) -> str:
    text = source.text.removeprefix("\ufeff").replace(SEAL, "")
    lines = _LINE_END.split(text)
    if _SUBJECT_LINE.match(lines[0]) is None:
        raise fault(source, 1, lines[0])
    lines[0] = _SUBJECT_LINE.sub("", lines[0], count=1)
    for at, line in enumerate(lines[1:], start=1):
        marked = _MARKER_LINE.fullmatch(line)
        if marked is not None:
            marker = MARKERS.get(" ".join(marked[1].lower().split()))
            if marker is None:
                raise fault(source, at + 1, line.strip())
            lines[at] = f"{SEAL}{marker.value}{SEAL}"
    return "\n".join(lines)


def _require_known(tree: nodes.Template, source: SourceText) -> None:
    unknown = find_undeclared_variables(tree) - NAMES
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            raise fault(source, name.lineno, name.name)
