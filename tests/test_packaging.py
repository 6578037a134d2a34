"""What is shipped: the wheel and the editable install both find the rules, outside the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.test_architecture import imported

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its output is shown when it fails."""
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


def environment_with(wheel: Path, folder: Path) -> Path:
    """Make a virtual environment that holds the wheel and borrows its dependencies from ours."""
    run(sys.executable, "-m", "venv", "--without-pip", str(folder), cwd=folder.parent)
    [site] = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "zz-borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def test_the_wheel_carries_package_rules_and_type_marker(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "advisor/rules/web-frameworks.yaml" in names
    assert "advisor/py.typed" in names
    assert any(name.startswith("advisor/rules/examples/") for name in names)
    assert not any(name.startswith(("tests/", "rules/")) for name in names)


def test_the_installed_wheel_gives_advice_outside_the_repository(wheel: Path, tmp_path: Path) -> None:
    python = environment_with(wheel, tmp_path / "venv")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = run(*(str(python), "-m", "advisor", "recommend", "--full-stack", "must", "--format", "json"), cwd=elsewhere)
    record = json.loads(done.stdout)
    assert record["verdict"]["winners"] == ["django"]
    where = run(str(python), "-c", "import advisor; print(advisor.__file__)", cwd=elsewhere)
    assert str(tmp_path) in where.stdout


def test_a_checkout_finds_the_rules_beside_the_package(tmp_path: Path) -> None:
    done = run(
        *(sys.executable, "-m", "advisor", "recommend", "--full-stack", "must", "--format", "json"),
        cwd=tmp_path,
        PYTHONPATH=str(ROOT),
    )
    assert json.loads(done.stdout)["verdict"]["winners"] == ["django"]


def test_the_version_is_told_once() -> None:
    from importlib.metadata import version

    from advisor import __version__

    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in told
    assert version("framework-advisor") == __version__


def test_every_package_that_is_imported_is_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split("[^a-z0-9-]", line)[0].replace("pyyaml", "yaml") for line in project["dependencies"]}
    used = {
        name.partition(".")[0] for path in (ROOT / "advisor").rglob("*.py") for name in imported(path)
    } - sys.stdlib_module_names
    assert used - {"advisor", "pydantic_core"} == declared  # pydantic names the one version of its core


def test_the_tests_ask_for_no_older_packages_than_the_examples_were_tested_with() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [
        requirement
        for line in (*declared["dependencies"], *declared["optional-dependencies"]["test"])
        for requirement in [Requirement(line)]
    ]
    least = {
        requirement.name: Version(next(iter(requirement.specifier)).version)
        for requirement in asked
        if len(requirement.specifier) == 1
    }
    assert {requirement.name for requirement in asked} == set(least), "a lower bound each, and nothing else"
    tested = yaml.safe_load((ROOT / "rules" / "examples.yaml").read_text(encoding="utf-8"))["tested"]["packages"]
    older = {name: str(least[name]) for name, version in tested.items() if least[name] < Version(str(version))}
    assert older == {}
