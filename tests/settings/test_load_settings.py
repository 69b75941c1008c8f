import os
import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.policy.yaml_lines import Fault
from connector.port.errors import SettingsError
from connector.settings import (
    Every,
    Listen,
    Mailbox,
    Settings,
    defaults_folder,
    environment,
    load_settings,
)

MINIMAL = """\
administrations:
  - id: jansen-bv
    creditor: {name: Jansen B.V., iban: NL91ABNA0417164300, street: Dorpsstraat 1, postcode: 1234 AB, city: Utrecht,
               email: administratie@jansen.example}
    source: {adapter: csv, folder: books, rows: 10}
"""


def load(tmp_path: Path, text: str, environ: Mapping[str, str] | None = None) -> Settings:
    path = tmp_path / "config" / "maan.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_settings(path, environ or {})


def faults(tmp_path: Path, text: str, environ: Mapping[str, str] | None = None) -> list[Fault]:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text, environ)
    assert caught.value.code == "settings_faults"
    found = caught.value.facts["faults"]
    assert isinstance(found, tuple)
    return list(found)


def codes(
    tmp_path: Path, text: str, environ: Mapping[str, str] | None = None
) -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in faults(tmp_path, text, environ)]


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    settings = load(tmp_path, MINIMAL)

    assert settings.language == "nl"
    assert not settings.rehearsal
    assert settings.delivery.email is None
    assert settings.schedule.pull == Every(120)
    assert settings.schedule.evaluate == time(8, 30)
    assert settings.web.listen == Listen("127.0.0.1", 8600)
    assert settings.administrations[0].creditor.country == "NL"
    assert not settings.administrations[0].creditor.consumer_terms.due_date_agreed


def test_relative_paths_start_at_the_folder_that_holds_config(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        MINIMAL + "delivery: {post: {folder: /mnt/post}}\nagencies: {bureau: {name: Bureau}}\n",
    )

    assert settings.root == tmp_path
    assert settings.path == tmp_path / "config" / "maan.yaml"
    assert settings.store == f"sqlite:///{tmp_path}/data/maan.db"
    assert settings.documents == tmp_path / "data" / "documents"
    assert settings.delivery.post.folder == Path("/mnt/post")
    assert settings.agencies["bureau"].deliver.folder == tmp_path / "outbox" / "agency"
    assert settings.letters == tmp_path / "config" / "letters"
    assert settings.law == tmp_path / "config" / "law"


def test_defaults_are_absolute_too(tmp_path: Path) -> None:
    assert load(tmp_path, MINIMAL).delivery.post.folder == tmp_path / "outbox" / "post"


def test_a_file_outside_a_folder_config_is_its_own_root(tmp_path: Path) -> None:
    path = tmp_path / "maan.yaml"
    path.write_text(MINIMAL, encoding="utf-8")

    assert load_settings(path, {}).root == tmp_path


def test_the_policy_stands_beside_the_file_else_at_the_root(tmp_path: Path) -> None:
    assert load(tmp_path, MINIMAL).administrations[0].policy == tmp_path / "config" / "policy.yaml"

    (tmp_path / "policy.yaml").touch()
    assert load(tmp_path, MINIMAL).administrations[0].policy == tmp_path / "policy.yaml"

    (tmp_path / "config" / "policy.yaml").touch()
    assert load(tmp_path, MINIMAL).administrations[0].policy == tmp_path / "config" / "policy.yaml"


def test_the_source_is_left_to_its_adapter(tmp_path: Path) -> None:
    assert load(tmp_path, MINIMAL).administrations[0].source == {
        "adapter": "csv",
        "folder": "books",
        "rows": "10",
    }


def test_an_administration_is_found_by_its_name(tmp_path: Path) -> None:
    settings = load(tmp_path, MINIMAL)

    assert settings.administration("jansen-bv") == settings.administrations[0]
    assert settings.administration("anders") is None


def test_mail_comes_from_the_sender_else_from_the_creditor(tmp_path: Path) -> None:
    sender = '    sender: {from: "Kantoor <k@kantoor.example>"}\n'

    assert load(tmp_path, MINIMAL).administrations[0].mailbox == Mailbox(
        "administratie@jansen.example", "Jansen B.V."
    )
    assert load(tmp_path, MINIMAL + sender).administrations[0].mailbox == Mailbox(
        "k@kantoor.example", "Kantoor"
    )


def test_agencies_that_may_collect_from_natural_persons(tmp_path: Path) -> None:
    text = (
        MINIMAL
        + 'agencies:\n  a: {name: A}\n  b: {name: B, wki_number: "1", wki_checked: 2026-10-01}\n  c: {name: C, kind: bailiff}\n'
    )
    settings = load(tmp_path, text)

    assert settings.registered_agencies == {"b", "c"}
    assert settings.agencies["b"].wki_checked == date(2026, 10, 1)


# Secrets


def test_a_secret_is_read_when_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text("geheim2\n", encoding="utf-8")
    text = (
        MINIMAL
        + "delivery: {email: {host: mail.example, username: petra@kantoor.example, password: env:PW}}\n"
    )
    email = load(tmp_path, text, {"PW": "geheim1"}).delivery.email
    other = load(tmp_path, text.replace("env:PW", "file:mail.txt")).delivery.email

    assert email is not None
    assert email.password is not None
    assert email.password.reveal() == "geheim1"
    assert email.username is not None
    assert email.username.reveal() == "petra@kantoor.example"
    assert other is not None
    assert other.password is not None
    assert other.password.reveal() == "geheim2"


def test_a_secret_of_a_source_can_be_looked_up(tmp_path: Path) -> None:
    assert load(tmp_path, MINIMAL, {"TOKEN": "geheim"}).secret("env:TOKEN").reveal() == "geheim"


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("env:NIET", "secret_missing"),
        ("file:niet.txt", "secret_unreadable"),
        ("file:leeg.txt", "secret_missing"),
    ],
)
def test_a_secret_that_is_not_there_says_where_it_should_be(
    tmp_path: Path, reference: str, code: str
) -> None:
    (tmp_path / "leeg.txt").touch()
    secret = load(tmp_path, MINIMAL).secret(reference)

    with pytest.raises(SettingsError) as caught:
        secret.reveal()
    assert (caught.value.code, caught.value.facts["reference"]) == (code, reference)


def test_nothing_shows_a_secret(tmp_path: Path) -> None:
    text = (
        MINIMAL
        + "store: env:DB\ndelivery: {email: {host: mail.example, username: env:U, password: env:PW}}\n"
    )
    settings = load(
        tmp_path, text, {"PW": "geheim", "U": "geheim", "DB": "postgresql://u:geheim@server/maan"}
    )
    assert settings.delivery.email is not None

    assert settings.store == "postgresql://u:geheim@server/maan"
    assert "geheim" not in repr(settings) + str(settings) + str(settings.delivery.email.password)


def test_a_secret_in_the_file_is_a_fault_that_does_not_repeat_it(tmp_path: Path) -> None:
    text = (
        MINIMAL.replace("rows: 10", "token: geheim, client_secret: env:X, api_key: 5")
        + "delivery: {email: {host: mail.example, password: geheim}}\nstore: postgresql://u:geheim@server/maan\n"
    )
    found = faults(tmp_path, text)

    assert [fault.code for fault in found] == ["secret_literal"] * 4
    assert "geheim" not in str(found)


@pytest.mark.parametrize(
    "url", ["postgresql://u:ge@heim@server/maan", "postgresql://server/maan?user=u&password=geheim"]
)
def test_a_password_in_the_address_of_the_store_is_a_secret_too(tmp_path: Path, url: str) -> None:
    assert codes(tmp_path, f"store: '{url}'\n" + MINIMAL) == [("secret_literal", 1)]


def test_a_setting_that_only_speaks_of_tokens_is_no_secret(tmp_path: Path) -> None:
    text = MINIMAL.replace("rows: 10", "tokens_per_minute: 60")

    assert load(tmp_path, text).administrations[0].source["tokens_per_minute"] == "60"


# Faults


def test_all_faults_come_at_once_with_their_lines(tmp_path: Path) -> None:
    text = """\
langauge: nl
store: mysql://server/maan
rehearsal: misschien
administrations:
  - id: Jansen BV
    creditor: {name: "", iban: NL00ABNA0417164300, kvk: "123", vat_id: NL1, vat_deduction: soms, country: Nederland, email: jansen}
    sender: {from: "Jansen <jansen>", reply_to: "a b"}
    source: {folder: books}
  - {id: x, source: niets}
  - {id: x, source: {adapter: csv, password: "p"}}
delivery:
  email: {host: mail.example, port: 70000, security: geen, redirect_to: ikzelf}
agencies: {Bureau: {name: B, wki_checked: gisteren}}
schedule: {pull: elk uur, evaluate: half negen, act: every 0m}
web: {listen: "localhost"}
"""
    assert codes(tmp_path, text) == [
        ("unknown_key_near", 1), ("store_form", 2), ("not_bool", 3), ("id_form", 5),
        ("missing_key", 6), ("missing_key", 6), ("missing_key", 6), ("empty_text", 6), ("iban_form", 6),
        ("kvk_form", 6), ("vat_id_form", 6), ("choice", 6), ("invalid_value", 6), ("email_form", 6),
        ("mailbox_form", 7), ("email_form", 7), ("source_adapter", 8),
        ("missing_key", 9), ("not_mapping", 9), ("missing_key", 10), ("id_repeated", 10), ("secret_literal", 10),
        ("too_large", 12), ("choice", 12), ("email_form", 12), ("id_form", 13), ("date_form", 13),
        ("every_form", 14), ("time_form", 14), ("every_form", 14), ("listen_form", 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "administrations: nee\n", "administrations: [nee]\n", "a: 'b\n"]
)
def test_a_file_without_administrations_is_a_fault(tmp_path: Path, text: str) -> None:
    assert codes(tmp_path, text)


def test_mail_without_encryption_stays_on_this_computer(tmp_path: Path) -> None:
    text = MINIMAL + "delivery: {email: {host: HOST, security: none}}\n"

    assert codes(tmp_path, text.replace("HOST", "mail.example")) == [("security_open", 6)]
    assert codes(tmp_path, text.replace("HOST", "10.0.0.1")) == [("security_open", 6)]
    for host in ("localhost", "127.0.0.1", '"::1"'):
        email = load(tmp_path, text.replace("HOST", host)).delivery.email
        assert email is not None
    assert load(tmp_path, "rehearsal: true\n" + text.replace("HOST", "mail.example")).rehearsal


def test_a_store_that_stands_nowhere_is_a_fault(tmp_path: Path) -> None:
    assert codes(tmp_path, "store: env:NIET\n" + MINIMAL) == [("store_missing", 1)]


@pytest.mark.parametrize(
    "url", ["sqlite:////var/maan.db", "postgresql://u@server/maan", "sqlite:///:memory:"]
)
def test_an_absolute_store_stays_as_it_is(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, f"store: '{url}'\n" + MINIMAL).store == url


def test_a_missing_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "config" / "maan.yaml", {})

    assert caught.value.code == "settings_missing"
    assert caught.value.facts["path"] == tmp_path / "config" / "maan.yaml"


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path, {})

    assert caught.value.code == "settings_unreadable"


def test_a_file_in_another_encoding_is_no_configuration(tmp_path: Path) -> None:
    path = tmp_path / "maan.yaml"
    path.write_bytes("office: {name: Café}".encode("cp1252"))

    with pytest.raises(SettingsError) as caught:
        load_settings(path, {})
    assert caught.value.code == "settings_encoding"


@given(st.text(max_size=80))
def test_no_text_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")

    with pytest.raises(SettingsError):
        load_settings(path, {})


# The configuration that is shipped


def test_the_shipped_configuration_is_right(tmp_path: Path) -> None:
    text = (defaults_folder() / "maan.yaml").read_text(encoding="utf-8")
    settings = load(tmp_path, text)

    assert settings.administrations[0].id == "jansen-bv"
    assert settings.administrations[0].source["folder"] == "books"
    assert (defaults_folder() / "policy.yaml").is_file()


def test_the_environment_is_that_of_the_process() -> None:
    assert environment()["PATH"] == os.environ["PATH"]  # noqa: TID251  # the very thing under test


def _second(source: str) -> str:
    """Return a copied block with another id."""
    block = MINIMAL.partition("\n")[2].replace("jansen-bv", "kopie")
    return re.sub(r"source: \{.*\}", f"source: {source}", block)


def _with(source: str) -> str:
    return re.sub(r"source: \{.*\}", f"source: {source}", MINIMAL)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{adapter: csv, folder: books}", "{adapter: csv, folder: ./books/, layout: maan}"),
        (
            "{adapter: exact, division: 120, site: nl, client_secret: env:A}",
            '{adapter: exact, division: "120", client_secret: env:B, connection: ander}',
        ),
        (
            "{adapter: moneybird, administration: 123}",
            '{adapter: moneybird, administration: "123", base_url: "https://moneybird.com/"}',
        ),
    ],
)
def test_two_administrations_never_read_the_same_books(
    tmp_path: Path, first: str, second: str
) -> None:
    found = faults(tmp_path, _with(first) + _second(second))

    assert [(fault.code, fault.line) for fault in found] == [("source_repeated", 9)]
    assert found[0].facts == {"found": "kopie", "other": "jansen-bv"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{adapter: csv, folder: books/a}", "{adapter: csv, folder: books/b}"),
        (
            "{adapter: exact, division: 120, site: nl}",
            "{adapter: exact, division: 120, site: be}",
        ),
        ("{adapter: exact, division: 120}", "{adapter: exact, division: 121}"),
        ("{adapter: moneybird, administration: 120}", "{adapter: exact, division: 120}"),
        ("{adapter: moneybird}", "{adapter: moneybird}"),
        ("{adapter: shop, company: 1}", "{adapter: shop, company: 2}"),
    ],
)
def test_books_that_are_others_or_not_chosen_yet_are_let_through(
    tmp_path: Path, first: str, second: str
) -> None:
    assert len(load(tmp_path, _with(first) + _second(second)).administrations) == 2
