"""The texts of the letters: those that come with maan, and those of the bookkeeper on top."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from connector.core.letters.texts import SourceText, TemplateSet, read_texts
from connector.port.errors import ConfigError

_OWN: Final = "mail.html"  # the one file that a folder of texts can't replace


def load_templates(override_folder: Path | None) -> TemplateSet:
    """Return all letters; a file in the folder replaces ours or adds to them.

    Args:
        override_folder: Holds `nl/NAME.txt`, `en/NAME.txt`, `nl/words.toml`, `letter.typ`; a
            folder of another language needs a `words.toml` of its own. None, or a folder that
            is not there: only the texts that come with maan.

    Raises:
        ConfigError: `letter_template_fault` with file and line, `letter_words_fault`, or
            `letter_file_unreadable`.
    """
    sources = _shipped()
    if override_folder is not None and override_folder.is_dir():
        sources |= _overrides(override_folder)
    return read_texts(sources)


def _shipped() -> dict[str, SourceText]:
    folder = resources.files("connector.core.letters") / "templates"
    found = {file.name: file for file in folder.iterdir() if file.is_file()}
    for language in folder.iterdir():
        if language.is_dir():
            found |= {f"{language.name}/{file.name}": file for file in language.iterdir()}
    return {path: _read(path, file) for path, file in found.items() if _is_text(path)}


def _overrides(folder: Path) -> dict[str, SourceText]:
    found = {"letter.typ": folder / "letter.typ"} if (folder / "letter.typ").is_file() else {}
    for pattern in ("*/*.txt", "*/words.toml"):
        found |= {file.relative_to(folder).as_posix(): file for file in folder.glob(pattern)}
    return {path: _read(str(file), file) for path, file in found.items()}


def _is_text(path: str) -> bool:
    return path.endswith((".txt", ".toml", ".typ", ".html"))


def _read(name: str, file: Traversable | Path) -> SourceText:
    try:
        return SourceText(file=name, text=file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("letter_file_unreadable", file=name, found=str(error)) from error
