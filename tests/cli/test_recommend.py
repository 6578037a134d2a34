"""`advisor recommend` as a user meets it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Advisor

ROOT = Path(__file__).resolve().parents[2]

PROFILES = {
    "full-stack": ("django", "--full-stack must"),
    "back-office": ("django", "--full-stack must --admin must --accounts must --scale large"),
    "async-docs-large": ("fastapi", "--async must --docs must --scale large"),
    "typed-api": ("fastapi", "--api api-only --docs must --validation must"),
    "live": ("fastapi", "--realtime must --async must"),
    "prototype": ("flask", "--size prototype --simplicity must --full-stack no"),
    "flask-without-pain": ("flask", "--legacy flask --pain none --size medium"),
    "django-without-pain": ("django", "--legacy django --pain none --size large"),
    "small-pages": ("flask", "--api pages --size small --accounts no --simplicity nice --scale small"),
    "saas": ("django", "--full-stack must --accounts must --admin must --size prototype --parts built-in"),
    "chat-backend": ("fastapi", "--async must --realtime must --scale medium --legacy django --pain blocking"),
    "dont-know-set": ("fastapi", "--async must --scale medium,large --api both,api-only"),
}


@pytest.mark.parametrize(("winner", "flags"), PROFILES.values(), ids=PROFILES)
def test_the_profiles_get_the_advice_an_expert_gives(advisor: Advisor, winner: str, flags: str) -> None:
    ran = advisor("recommend", *flags.split(), "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["verdict"]["winners"] == [winner]


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("columns", [80, 40])
def test_golden_screens(advisor: Advisor, golden: Callable[[str, str], None], name: str, columns: int) -> None:
    ran = advisor("recommend", *PROFILES[name][1].split(), columns=columns)
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= columns or columns == 40
    golden(f"recommend/{name}-{columns}.txt", ran.out)


@pytest.mark.parametrize("color", ["", "1"], ids=["plain", "colored"])
def test_on_a_narrow_screen_code_can_still_be_copied(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch, color: str
) -> None:
    monkeypatch.setenv("FORCE_COLOR", color)
    shown = advisor("recommend", "--async", "must", columns=40).out
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    source = (ROOT / "rules/examples/fastapi/concurrent-waits/app.py").read_text().rstrip().splitlines()
    start = lines.index(source[0])
    assert lines[start : start + len(source)] == source
    assert max(map(len, source)) > 40


def test_on_a_narrow_screen_addresses_can_still_be_followed(advisor: Advisor) -> None:
    shown = advisor("compare", "--evidence", columns=40).out.splitlines()
    sources = [line for line in shown if line.startswith("    Source: https://")]
    assert len(sources) == 78
    assert all(line.endswith(")") for line in sources)


def test_golden_plain_screen_has_words_for_everything(advisor: Advisor, golden: Callable[[str, str], None]) -> None:
    ran = advisor("recommend", *PROFILES["async-docs-large"][1].split(), "--plain")
    assert not set("█░│─╭╰") & set(ran.out)
    golden("recommend/async-docs-large-plain.txt", ran.out)


def test_what_the_pick_is_instead_is_no_reason_to_give_up_what_exists(advisor: Advisor) -> None:
    told = " ".join(advisor("recommend", "--legacy=flask", "--pain=some", "--async=must").out.split())
    assert "Strongest argument against FastAPI: continuity. A Flask code base stays as it is" in told
    given_up = told.partition("What you give up")[2].partition("Keep in mind")[0]
    assert "A Flask code base stays as it is" in given_up
    assert "A FastAPI code base" not in told


def test_what_decides_is_told_of_all_answers_only_when_it_is_settled(advisor: Advisor) -> None:
    told = advisor("recommend", "--async", "must", "--docs", "must").out
    assert "Of your answers docs alone decides: the others could be anything." in told
    needs = json.loads(advisor("needs", "--format", "json").out)["needs"]
    chosen = {need["id"]: need["choices"][-1]["id"] for need in needs}
    settled = advisor("recommend", *(f"--{need}={choice}" for need, choice in chosen.items())).out
    assert "Settled:" in settled
    assert "Of your answers" not in settled


def test_no_answers_give_no_basis_and_name_the_most_telling_needs(
    advisor: Advisor, golden: Callable[[str, str], None]
) -> None:
    ran = advisor("recommend")
    assert ran.code == 0
    assert "no basis" in ran.out
    golden("recommend/no-answers-80.txt", ran.out)
    record = json.loads(advisor("recommend", "--format", "json").out)
    assert record["verdict"]["winners"] == []
    assert record["verdict"]["state"] == "open"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--async", "mst"], '--async: "mst" is not a choice of async'),
        (["--asinc", "must"], "no such option: --asinc"),
        (["--set", "asinc=must"], '--set: unknown need "asinc"'),
        (["--set", "async"], '--set "async" is not NEED=CHOICE'),
        (["--format", "jsn"], '--format: unknown format "jsn"'),
        (["--expect", "fastpi"], 'unknown framework "fastpi"'),
        (["--fail-on", "opn"], '--fail-on: "opn" is not a gate'),
        (["--date", "tomorrow"], '--date "tomorrow" is not YYYY-MM-DD'),
        (["--answers", "nowhere.yaml"], "nowhere.yaml"),
        (["--codebase", "nowhere"], "nowhere"),
        (["--rules", "nowhere.yaml"], "nowhere.yaml"),
        (["--output", "advice.docx"], "the ending does not tell a format"),
        (["--format", "json", "--format", "html"], "several formats need a file each"),
        (["--legacy", "none", "--pain", "some"], "pain"),
    ],
)
def test_bad_input_is_refused_with_one_message_and_nothing_on_stdout(
    advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = advisor("recommend", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.err
    assert ran.err.count("error:") == 1
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_sources_of_answers_are_ranked_and_each_origin_is_kept(advisor: Advisor, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("async: must\ndocs: nice\nscale: [medium, large]\n", encoding="utf-8")
    ran = advisor(
        *("recommend", "--async", "no", "--set", "async=nice", "--set", "docs=must"),
        *("--answers", str(answers), "--format", "json"),
    )
    given = json.loads(ran.out)["answers"]
    assert (given["async"]["choices"], given["async"]["origin"]) == (["no"], "flag")
    assert (given["docs"]["choices"], given["docs"]["origin"]) == (["must"], "set")
    assert (given["scale"]["choices"], given["scale"]["origin"]) == (["medium", "large"], "file")


def test_gates_fail_with_one_and_say_why(advisor: Advisor) -> None:
    assert advisor("recommend", "--full-stack", "must", "--expect", "django").code == 0
    unexpected = advisor("recommend", "--full-stack", "must", "--expect", "flask")
    assert (unexpected.code, unexpected.err) == (1, "gate failed: expected flask, the pick is django\n")
    assert advisor("recommend", "--fail-on", "open").code == 1
    assert advisor("recommend", "--fail-on", "tie,close").code == 0


def test_outputs_go_to_files_by_their_endings_and_are_not_overwritten(advisor: Advisor, tmp_path: Path) -> None:
    report, record = tmp_path / "advice.md", tmp_path / "advice.json"
    ran = advisor("recommend", "--async", "must", "--output", str(report), "--output", str(record))
    assert (ran.code, ran.out) == (0, "")
    assert report.read_text(encoding="utf-8").startswith("# ")
    assert json.loads(record.read_text(encoding="utf-8"))["schema_version"] == "1.0"
    again = advisor("recommend", "--async", "must", "--output", str(report))
    assert again.code == 2
    assert "--force" in again.err
    assert advisor("recommend", "--async", "must", "--output", str(report), "--force").code == 0


def test_one_file_by_two_names_is_refused(advisor: Advisor, tmp_path: Path) -> None:
    report = tmp_path / "advice.md"
    (tmp_path / "link.html").symlink_to(report)
    for other in (f"{tmp_path}/./advice.md", str(tmp_path / "link.html")):
        ran = advisor("recommend", "--async", "must", "--output", str(report), "--output", other, "--force")
        assert (ran.code, ran.err.splitlines()[0]) == (2, "error: --output names the same file twice")
    assert not report.exists()


def test_of_several_outputs_all_or_none_are_written(advisor: Advisor, tmp_path: Path) -> None:
    there, other = tmp_path / "there.json", tmp_path / "other.md"
    there.write_text("mine", encoding="utf-8")
    ran = advisor("recommend", "--async", "must", "--output", str(other), "--output", str(there))
    assert (ran.code, ran.out) == (2, "")
    assert not other.exists()
    assert there.read_text(encoding="utf-8") == "mine"


def test_same_input_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    def once(seed: str, form: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "advisor", "recommend", "--async", "must", "--data", "own", "--format", form],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "XDG_CACHE_HOME": str(tmp_path / seed)},
            capture_output=True,
            check=True,
        ).stdout

    for form in ("json", "text"):
        assert once("1", form) == once("2", form)


@pytest.mark.parametrize("form", ["text", "json", "markdown", "adr", "html"])
def test_every_format_is_printed(advisor: Advisor, form: str) -> None:
    ran = advisor("recommend", "--async", "must", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("\n")


@pytest.mark.parametrize("form", ["text", "markdown", "adr", "html"])
def test_the_command_that_a_report_shows_names_the_rules_it_was_made_with(
    advisor: Advisor, tmp_path: Path, form: str
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text('format: 1\nname: own\nversion: "1"\nextends: web-frameworks\n', encoding="utf-8")
    ran = advisor("recommend", "--rules", str(own), "--async", "must", "--format", form, columns=200)
    assert (ran.code, ran.err) == (0, "")
    shown = " ".join(ran.out.replace("\\\n", " ").split())
    assert f"advisor recommend --rules {own} --async must" in shown
