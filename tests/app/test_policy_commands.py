"""`maan policy check` says all that is wrong in one go; `print` reads it to the bookkeeper."""

import json
from pathlib import Path

import pytest

from connector.__main__ import main

_BROKEN = """\
version: 1
mod: x
tracks:
  - name: a
    ladder:
      - {step: x, at: due + 3q, do: remind, via: fax}
"""


@pytest.fixture
def firm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["init", str(tmp_path), "--yes"]) == 0
    capsys.readouterr()
    return tmp_path / "config" / "maan.yaml"


def test_the_policy_that_is_shipped_is_fine(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["policy", "check", "--config", str(firm), "--json"])

    assert (code, json.loads(capsys.readouterr().out)["errors"]) == (0, [])


def test_all_faults_are_named_with_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(_BROKEN, encoding="utf-8")

    code = main(["policy", "check", str(file), "--config", str(tmp_path / "none.yaml"), "--json"])

    faults = json.loads(capsys.readouterr().out)["errors"]
    assert code == 1
    assert [(fault["line"], fault["column"]) for fault in faults] == [
        (2, 1),
        (6, 23),
        (6, 37),
        (6, 50),
    ]
    assert all(set(f) == {"code", "line", "column", "text", "article"} for f in faults)


def test_faults_read_as_sentences_with_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(_BROKEN, encoding="utf-8")

    main(["policy", "check", str(file), "--config", str(tmp_path / "none.yaml")])

    shown = capsys.readouterr().out
    assert "Het beleid kan zo niet gelden. Fouten: 4." in shown
    assert f"{file}:2:1 fout" in shown.replace("\n", "")


def test_what_depends_on_the_settings_is_checked_against_them(
    firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = firm.read_text(encoding="utf-8")
    firm.write_text(text.replace("  voorbeeld-incasso:", "  ander-bureau:"), encoding="utf-8")

    code = main(["policy", "check", "--config", str(firm), "--json"])

    codes = {fault["code"] for fault in json.loads(capsys.readouterr().out)["errors"]}
    assert code == 1
    assert codes <= {"agency_unknown", "agency_unknown_near"}
    assert codes


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00x"])
def test_a_file_that_can_not_be_read_is_wrong_use(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.yaml"
    if content is not None:
        file.write_bytes(content)

    code = main(["policy", "check", str(file), "--config", str(tmp_path / "none.yaml")])

    assert code == 2
    assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize(("language", "word"), [("nl", "Traject zakelijk"), ("en", "zakelijk")])
def test_the_policy_is_read_aloud(
    firm: Path, language: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["policy", "print", "--config", str(firm), "--language", language])

    shown = capsys.readouterr().out
    assert code == 0
    assert word in shown
    assert "?]" not in shown


def test_an_unknown_administration_is_wrong_use(
    firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["policy", "print", "nobody", "--config", str(firm)])

    assert code == 2
    assert capsys.readouterr().out == ""
