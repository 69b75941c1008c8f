"""From what pydantic refuses to faults with a line, a column and what is allowed."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from connector.core.policy.yaml_lines import Document, Fault, Path, Place, Plain
from connector.core.reasons import Fact

Record = TypeVar("Record", bound=BaseModel)

_BUILT_IN: Final = frozenset(get_args(ErrorType))
_CHOICES: Final = frozenset({"literal_error", "enum"})
_SHAPES: Final = frozenset({"model_type", "model_attributes_type", "dict_type"})
CODES: Final = {
    "string_type": "not_text",
    "int_parsing": "not_number",
    "int_type": "not_number",
    "decimal_parsing": "not_number",
    "decimal_type": "not_number",
    "bool_parsing": "not_bool",
    "bool_type": "not_bool",
    "tuple_type": "not_list",
    "list_type": "not_list",
    "model_type": "not_mapping",
    "model_attributes_type": "not_mapping",
    "dict_type": "not_mapping",
    "too_short": "too_few",
    "string_too_short": "empty_text",
}


def validated(
    document: Document, model: type[Record], context: Mapping[str, object] | None = None
) -> tuple[Record | None, tuple[Fault, ...]]:
    """Return the document as a record, and all that is wrong with it.

    Args:
        document: What was read.
        model: The form that it must have.
        context: What the validators of the model need to know.
    """
    if document.data is None:
        return None, document.faults
    record = None
    faults = [*document.faults, *_empty_keys(document, model)]
    try:
        record = model.model_validate(document.data, context=context)
    except ValidationError as error:
        faults += faults_of(error, document, model)
    return record, in_order(faults)


def faults_of(
    error: ValidationError, document: Document, model: type[BaseModel]
) -> tuple[Fault, ...]:
    """Return one fault for each thing that the model refuses, in the order of the text.

    Args:
        error: What the model raised for `document.data`.
        document: The text that was checked; places come from it.
        model: The model that refused, for the keys that are allowed.
    """
    placed = [(_path(details, document.data), details) for details in error.errors()]
    paths = [path for path, _ in placed]
    found: dict[tuple[Path, str], Fault] = {}
    for path, details in placed:
        if _is_echo(path, details, paths) or _is_under(path, document.broken):
            continue
        options = [other for at, other in placed if at == path and other["type"] in _CHOICES]
        if options and details["type"] in _SHAPES:
            continue  # a word was written, and which words are possible is told
        fault = _fault(path, details, options, (document, model))
        found.setdefault((path, fault.code), fault)
    return in_order(found.values())


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults in the order of the text."""
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column, fault.code)))


def fault_at(place: Place, code: str, **facts: Fact) -> Fault:
    """Return an error at the place."""
    return Fault(code=code, line=place.line, column=place.column, facts=facts)


def shown(value: object) -> str:
    """Return a value as it may stand in a sentence: short, and never a whole block."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return value if len(value) <= 60 else value[:59] + "…"
        case dict():
            return "{…}"
        case list() | tuple():
            return "[…]"
        case _:
            return str(value)


def near(word: str, allowed: Sequence[str]) -> str | None:
    """Return the allowed word that was probably meant, None when none is near."""
    return next(iter(get_close_matches(word.lower(), allowed, n=1, cutoff=0.6)), None)


def _is_under(path: Path, broken: Collection[Path]) -> bool:
    """Whether the reader has already said what is wrong here."""
    return any(path[: len(start)] == start for start in broken)


def _is_echo(path: Path, details: ErrorDetails, paths: Collection[Path]) -> bool:
    """Whether it only repeats what the faults below it say."""
    below = any(len(other) > len(path) and other[: len(path)] == path for other in paths)
    if details["type"] == "too_short":  # elements with faults are not counted
        return bool(details["input"])
    return below and details["type"] in _CHOICES  # a word was possible, but it is a mapping


def _empty_keys(document: Document, model: type[BaseModel]) -> Iterator[Fault]:
    """Keys with nothing behind them that the model does not have."""
    for path in document.empty:
        allowed, key = allowed_keys(model, path[:-1]), str(path[-1])
        if allowed and key not in allowed:
            yield _unlisted("unknown_key", document.positions.key(path), key, allowed, "key")


def _path(details: ErrorDetails, data: Plain) -> Path:
    """Return the path in the document; pydantic adds the names of union members to it."""
    path: Path = ()
    for part in details["loc"]:
        match data, part:
            case dict(), str() if part in data:
                data = data[part]
            case list(), int():
                data = data[part]
            case _:
                continue
        path = (*path, part)
    return (*path, details["loc"][-1]) if details["type"] == "missing" else path


def _fault(
    path: Path,
    details: ErrorDetails,
    options: Sequence[ErrorDetails],
    read: tuple[Document, type[BaseModel]],
) -> Fault:
    document, model = read
    place = document.positions.value(path)
    found = shown(details["input"])
    match details["type"]:
        case "missing" | "extra_forbidden" as code:
            return _key_fault(code, path, document, model)
        case "literal_error" | "enum":
            return _unlisted("choice", place, found, _expected(options), "found")
        case "greater_than_equal":
            return fault_at(place, "too_small", found=found, least=str(details["ctx"]["ge"]))
        case "less_than_equal":
            return fault_at(place, "too_large", found=found, most=str(details["ctx"]["le"]))
        case code:
            known = CODES.get(code, "invalid_value") if code in _BUILT_IN else code
            facts = {} if code in _BUILT_IN else details.get("ctx", {})
            words: dict[str, Fact] = {name: shown(fact) for name, fact in facts.items()}
            return fault_at(place, known, **({"found": found} | words))


def _key_fault(code: str, path: Path, document: Document, model: type[BaseModel]) -> Fault:
    place, key = document.positions.key(path), str(path[-1])
    if code == "missing":
        return fault_at(place, "missing_key", key=key)
    return _unlisted("unknown_key", place, key, allowed_keys(model, path[:-1]), "key")


def _expected(options: Iterable[ErrorDetails]) -> list[str]:
    words = [word for one in options for word in re.findall(r"'([^']*)'", one["ctx"]["expected"])]
    return list(dict.fromkeys(words))


def _unlisted(code: str, place: Place, word: str, allowed: Sequence[str], name: str) -> Fault:
    """Return the fault of a word that is not in the list, with the one that was meant if known."""
    facts: dict[str, Fact] = {name: shown(word), "allowed": ", ".join(allowed)}
    meant = near(word, allowed)
    if meant is None:
        return fault_at(place, code, **facts)
    return fault_at(place, f"{code}_near", **facts, near=meant)


def allowed_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that the mapping at the path may have; none when they are free."""
    annotation: object = model
    for part in path:
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
            continue
        known = [field for one in _models(annotation) for field in _fields(one)]
        annotation = next((f.annotation for key, f in known if key == part), annotation)
    if get_origin(annotation) is dict:
        return []
    return [key for one in _models(annotation) for key, _ in _fields(one)]


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    fields = model.model_fields.items()
    return [(field.alias or name, field) for name, field in fields if not field.exclude]


def _models(annotation: object) -> list[type[BaseModel]]:
    """Return the models that an annotation can hold, lists and mappings of them included."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
