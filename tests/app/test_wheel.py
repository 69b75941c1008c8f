"""The wheel holds everything: from it alone `maan init` makes a folder that loads."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_LOAD = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
import connector
from connector.settings import load_settings
assert connector.__file__.startswith(sys.argv[1]), connector.__file__
print(load_settings(Path("firm/config/maan.yaml"), {}).administrations[0].id)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--no-index", "--wheel-dir", str(folder), str(_ROOT)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (wheel,) = folder.glob("maan-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def _files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def _maan(unpacked: Path, cwd: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run the wheel outside the checkout; -S -I would lose the libraries, so the path is set."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from connector.__main__ import run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(unpacked), *argv],
        cwd=cwd, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": os.defpath, "HOME": str(cwd), "LANG": "C.UTF-8"},
    )  # fmt: skip


def test_init_works_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    done = _maan(unpacked, tmp_path, "init", "firm", "--yes")
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD,
         str(unpacked)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert (loaded.stdout.strip(), loaded.stderr) == ("jansen-bv", "")
    assert _files(tmp_path / "firm" / "config") == _files(_ROOT / "config")


def test_the_wheel_speaks_both_languages(unpacked: Path, tmp_path: Path) -> None:
    dutch = _maan(unpacked, tmp_path, "--help")
    english = _maan(unpacked, tmp_path, "--help", "--language", "en")

    assert "Gebruik: maan" in dutch.stdout
    assert "Usage: maan" in english.stdout


def test_help_needs_neither_the_store_nor_the_checks_of_the_settings(
    unpacked: Path, tmp_path: Path
) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from connector.__main__ import main\n"
        "main(['--help'])\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'pydantic', 'babel', 'structlog', 'apscheduler', 'typst'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(unpacked)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.stderr == ""
