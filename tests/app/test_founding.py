"""`maan init` writes a configuration that works, with the user's own data, and overwrites nothing."""

import io
import json
from pathlib import Path

import pytest

from connector.__main__ import main
from connector.app.cli import execute
from connector.app.founding import Firm, adapt, firm_values, short_name
from connector.settings import defaults_folder, load_settings

_FIRM = Firm(
    name='De Wit & Zn. "Bakkers": #1',
    street="Kerkstraat 2",
    postcode="3511 AA",
    city="Utrecht",
    iban="NL91 ABNA 0417 1643 00",
    email="post@dewit.example",
    phone="",
    kvk="",
    vat_id="",
    signature="",
)


def test_the_answers_stand_in_the_settings_and_the_comments_stay(tmp_path: Path) -> None:
    text = (defaults_folder() / "maan.yaml").read_text(encoding="utf-8")

    file = tmp_path / "maan.yaml"
    file.write_text(adapt(text, firm_values(_FIRM)), encoding="utf-8")

    settings = load_settings(file, {})
    (administration,) = settings.administrations
    assert administration.id == "de-wit-zn-bakkers-1"
    assert administration.creditor.name == _FIRM.name
    assert administration.creditor.iban == "NL91ABNA0417164300"
    assert administration.creditor.kvk is None
    assert administration.creditor.vat_id is None
    assert administration.sender.signature == _FIRM.name
    assert administration.mailbox.address == "post@dewit.example"
    assert settings.agencies["voorbeeld-incasso"].name == "Voorbeeld Incasso B.V."
    assert file.read_text(encoding="utf-8").count("#") >= text.count("#")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Jansen B.V.", "jansen-bv"),
        ("Café 't Hoekje", "cafe-t-hoekje"),
        ("株式会社", "administratie"),
    ],
)
def test_a_firm_gets_a_short_name(name: str, short: str) -> None:
    assert short_name(name) == short


def test_init_writes_settings_that_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["init", str(tmp_path / "new"), "--yes", "--json"])

    made = json.loads(capsys.readouterr().out)
    assert code == 0
    assert {"config/maan.yaml", "data/vault.key"} <= set(made["written"])
    assert made["written"] == sorted(made["written"])
    assert load_settings(tmp_path / "new" / "config" / "maan.yaml", {}).language == "nl"
    assert (tmp_path / "new" / "books" / "LEESMIJ.txt").exists()


def test_init_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "maan.yaml").write_text("mine", encoding="utf-8")

    code = main(["--language", "en", "init", str(tmp_path)])

    assert code == 0
    assert (tmp_path / "config" / "maan.yaml").read_text(encoding="utf-8") == "mine"
    assert "This was there already and is unchanged:\n  config/maan.yaml" in capsys.readouterr().out


def test_init_makes_a_key_for_its_owner_alone_and_keeps_the_one_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path), "--yes"])
    key = tmp_path / "data" / "vault.key"
    before = key.read_bytes()
    capsys.readouterr()

    main(["init", str(tmp_path), "--yes", "--json"])

    assert "data/vault.key" in json.loads(capsys.readouterr().out)["kept"]
    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o777 == 0o600


def test_init_asks_again_after_a_typing_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ["Bakker", "Kerkstraat 2", "3511 AA", "Utrecht", "NL91ABNA0417164301",
               "NL91ABNA0417164300", "post@bakker.example", "", "", "", "Jan Bakker"]  # fmt: skip

    typed = io.StringIO("\n".join(answers) + "\n")
    code = execute(["init", str(tmp_path)], environ={}, keyboard=typed)

    shown = capsys.readouterr()
    assert code == 0
    assert "er zit een typefout in" in shown.err
    settings = load_settings(tmp_path / "config" / "maan.yaml", {})
    assert settings.administrations[0].sender.signature == "Jan Bakker"


def test_init_without_answers_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    code = execute(["init", str(tmp_path / "new")], environ={}, keyboard=io.StringIO(""))

    assert code == 1
    assert "--yes" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_init_in_a_place_that_can_not_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config").write_text("a file where a folder should be", encoding="utf-8")

    code = main(["init", str(tmp_path), "--yes"])

    assert code == 1
    assert "kan niet worden geschreven" in capsys.readouterr().err
