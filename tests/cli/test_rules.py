"""`advisor rules`: what it prints, writes and exits with."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from advisor.audit.case_schema import case_schema
from advisor.knowledge import load_rules, nodes
from advisor.knowledge.files import rules_directory
from advisor.knowledge.schema import json_schema
from tests.audit.test_cases import CASES
from tests.conftest import Advisor
from tests.knowledge.tiny import TINY, changed, written

DATA = Path(__file__).resolve().parents[1] / "knowledge" / "data"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Rules and their cases in the current folder."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, TINY, "tiny.yaml")
    (tmp_path / "cases").mkdir()
    written(tmp_path / "cases", CASES, "own.yaml")
    return "tiny.yaml"


def test_check_says_who_wins_and_what_was_found(advisor: Advisor, tiny: str) -> None:
    done = advisor("rules", "check", "--rules", tiny)
    assert done.code == 0
    digest = load_rules(tiny).digest
    assert done.out.startswith(
        f"""\
tiny 1: 2 tools, 3 criteria, 3 needs
{digest}

Who wins over all 6 ways to answer every need that applies, counted exactly.
Each way counts once; real projects are not spread so evenly.
  Hammer  33.3% alone
          most with work=nails 100.0%, haste=no 33.3%, haste=must 33.3%
          only with work=nails
  Saw     66.7% alone
          most with work=wood 100.0%, finish=rough 100.0%, finish=smooth 100.0%
          only with work=wood

Defects: none

Warnings: """
    )
    assert done.err == ""


def test_check_fails_on_a_defect_and_tells_a_warning_only(advisor: Advisor, tiny: str) -> None:
    written(Path(), changed(("when: {work: wood}}", "when: {haste: no}}")), tiny)
    done = advisor("rules", "check", "--rules", tiny, "--format", "json")
    assert done.code == 1
    record = json.loads(done.out)
    assert record["defects"] == 1
    assert [finding["subject"] for finding in record["findings"] if finding["severity"] == "defect"] == [
        "needs › haste › choices › must › weights › style › when"
    ]
    assert record["answers"] == {
        "ways": 6,
        "counted": "exactly",
        "sample": None,
        "tied": 0,
        "nothing_fits": 0,
        "no_basis": 0,
    }


def test_check_takes_the_day_from_a_flag_or_the_environment(
    advisor: Advisor, tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "was checked 404 days before 2027-12-31"
    assert old in advisor("rules", "check", "--rules", tiny, "--date", "2027-12-31", columns=200).out
    assert "ages were not looked at" in advisor("rules", "check", "--rules", tiny, columns=200).out
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1830211200")
    assert old in advisor("rules", "check", "--rules", tiny, columns=200).out
    assert advisor("rules", "check", "--rules", tiny, "--date", "soon").code == 2


def test_every_defect_of_a_broken_file_is_told_on_stderr_only(advisor: Advisor, tiny: str) -> None:
    written(Path(), changed(("saw: OK", "saw: okay"), ("kind: match", "kind: mach")), tiny)
    for command in (["rules", "check"], ["rules", "test"], ["recommend"], ["needs"], ["rules", "show"]):
        done = advisor(*command, "--rules", tiny)
        assert (done.code, done.out) == (2, "")
        assert "tiny.yaml:18:12: criteria › speed › ratings › saw › word" in done.err
        assert "tiny.yaml:26:11: criteria › style › kind" in done.err


def test_test_passes_when_every_case_comes_out(advisor: Advisor, tiny: str) -> None:
    done = advisor("rules", "test", "--rules", tiny)
    assert done == (
        0,
        """\
tiny 1: 3 cases

group   cases  all answers  facts alone
garden      2     2 100.0%     2 100.0%
own         1     1 100.0%     0   0.0%
all         3     3 100.0%     2  66.7%
""",
        "",
    )


def test_test_tells_what_did_not_come_out_and_fails(advisor: Advisor, tiny: str) -> None:
    written(Path("cases"), CASES.replace("expert: hammer", "expert: saw"), "own.yaml")
    done = advisor("rules", "test", "--rules", tiny)
    assert done.code == 1
    assert done.out.endswith(
        """
Not as expected: 1
  fence: hammer, expected saw
    A fence is to be nailed.
"""
    )


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-under", "66"], 0),
        (["--fail-under", "67"], 1),
        (["--fail-under", "67%"], 1),
        (["--fail-under", "0", "--fail-under-on-facts", "33"], 0),
        (["--fail-under", "0", "--fail-under-on-facts", "34"], 1),
        (["--fail-under", "most"], 2),
        (["--fail-under", "101"], 2),
        (["--fail-under", "-1"], 2),
    ],
)
def test_a_threshold_decides_instead_of_every_case(advisor: Advisor, tiny: str, options: list[str], code: int) -> None:
    written(Path("cases"), CASES.replace("expert: hammer", "expert: saw"), "own.yaml")
    assert advisor("rules", "test", "--rules", tiny, *options).code == code


def test_coverage_names_what_no_case_holds(advisor: Advisor, tiny: str) -> None:
    done = advisor("rules", "test", "--rules", tiny, "--coverage")
    assert "  choices          3 of    6   50.0%" in done.out
    assert "  needs › finish › choices › smooth" in done.out
    record = json.loads(advisor("rules", "test", "--rules", tiny, "--coverage", "--format", "json").out)
    assert record["coverage"]["choices"] == {"covered": 3, "all": 6}
    assert {"kind": "choices", "path": "needs › finish › choices › smooth"} in record["not_covered"]
    assert [case["winners"] for case in record["cases"]] == [["saw"], ["hammer"], ["hammer"]]


def test_test_without_cases_says_where_to_put_them(advisor: Advisor, tmp_path: Path) -> None:
    path = written(tmp_path, TINY)
    done = advisor("rules", "test", "--rules", str(path))
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "error: there are no cases beside these rules\nhint:  put them into a folder `cases`, or use --cases PATH\n"
    )
    own = written(tmp_path, CASES, "elsewhere.yaml")
    assert advisor("rules", "test", "--rules", str(path), "--cases", str(own)).code == 0


def test_what_show_prints_is_a_rules_file_with_the_same_meaning(
    advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("litestar", "message-queues"):
        source = str(DATA / f"{name}.yaml")
        shown = advisor("rules", "show", "--rules", source)
        assert (shown.code, shown.err) == (0, "")
        merged = load_rules(written(tmp_path, shown.out, "merged.yaml"))
        whole = load_rules(source)
        # The examples lie beside the shipped file, and the digest is over other bytes.
        apart = {"digest": "", "folder": "", "examples": (), "gaps": ()}
        assert merged._replace(**apart) == whole._replace(**apart)


def test_show_tells_the_file_and_line_of_every_part(advisor: Advisor, tiny: str) -> None:
    written(
        Path(),
        'format: 1\nname: top\nversion: "2"\nextends: ./tiny.yaml\ncriteria: {reach: {title: Range}}\n',
        "top.yaml",
    )
    done = advisor("rules", "show", "--rules", "top.yaml", "criteria", "reach")
    assert done.out == (
        """\
title: Range  # top.yaml:5
group: motion  # tiny.yaml:21
scale:
  0: [Short]  # tiny.yaml:22
  4: [Long]  # tiny.yaml:22
ratings:
  hammer:
    word: Short  # tiny.yaml:23
  saw:
    word: Long  # tiny.yaml:23
"""
    )
    record = json.loads(
        advisor("rules", "show", "--rules", "top.yaml", "--format", "json", "criteria", "reach", "title").out
    )
    assert record["parts"] == [{"path": ["criteria", "reach", "title"], "value": "Range", "origin": "top.yaml:5"}]


def test_show_names_a_shipped_file_without_its_folder(advisor: Advisor) -> None:
    done = advisor("rules", "show", "title")
    assert done.out.startswith("Python web frameworks  # web-frameworks.yaml:")


def test_show_refuses_a_part_that_is_not_there(advisor: Advisor, tiny: str) -> None:
    done = advisor("rules", "show", "--rules", tiny, "criteria", "sped")
    assert (done.code, done.err) == (2, 'error: there is no "sped" in criteria\nhint:  did you mean "speed"?\n')


def data_of(path: Path) -> object:
    return json.loads(json.dumps(nodes.plain(nodes.parse(path.read_bytes(), str(path), []))))


def test_the_schema_accepts_every_rules_file_there_is(advisor: Advisor, tiny: str) -> None:
    schema = json.loads(advisor("rules", "schema").out)
    assert schema == json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    files = [*rules_directory().glob("web-*.yaml"), *DATA.glob("*.yaml"), *ROOT.glob("advisor/knowledge/*.yaml")]
    for path in (*files, Path(tiny)):
        assert [error.message for error in validator.iter_errors(data_of(path))] == [], path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kind: match", "kind: mach"),
        ("title: Two tools", "titel: Two tools"),
        ("limit: 4", "limit: four"),
        ("weights: {reach: 3}", "weights: {reach: 0}"),
        ("https://example.org/hammer", "ftp://example.org"),
        ("ordered: true", "ordered: perhaps"),
        ("cost: Noise.", "price: Noise."),
    ],
)
def test_the_schema_refuses_what_loading_refuses(tmp_path: Path, before: str, after: str) -> None:
    path = written(tmp_path, changed((before, after)))
    assert list(jsonschema.Draft202012Validator(json_schema()).iter_errors(data_of(path)))


def test_the_schema_of_cases_accepts_the_shipped_cases(advisor: Advisor) -> None:
    schema = json.loads(advisor("rules", "schema", "--cases").out)
    assert schema == case_schema()
    validator = jsonschema.Draft202012Validator(schema)
    for path in (rules_directory() / "cases").glob("*.yaml"):
        assert [error.message for error in validator.iter_errors(data_of(path))] == [], path


@pytest.mark.parametrize("options", [[], ["--extends"]], ids=["alone", "on top"])
def test_a_new_file_is_complete_and_without_a_defect(
    advisor: Advisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = advisor("rules", "new", "mine.yaml", *options)
    assert (done.code, done.out) == (0, "")
    assert done.err == "wrote mine.yaml; next: advisor rules check --rules mine.yaml\n"
    assert Path("mine.yaml").read_text(encoding="utf-8") == advisor("rules", "new", *options).out
    rules = load_rules("mine.yaml")
    assert rules.name in {"test-runners", "our-rules"}
    flag = rules.needs[-1]
    advice = advisor("recommend", "--rules", "mine.yaml", f"--{flag.id}", flag.choices[-1].id)
    assert (advice.code, advice.err) == (0, "")


def test_new_never_overwrites(advisor: Advisor, tiny: str) -> None:
    done = advisor("rules", "new", tiny)
    assert done.code == 2
    assert Path(tiny).read_text(encoding="utf-8") == TINY
    assert advisor("rules", "new", "no/such/folder.yaml").code == 2


def test_diff_says_what_moved_and_which_cases_change_their_pick(advisor: Advisor, tiny: str) -> None:
    written(
        Path(), changed(("hammer: {word: Fast", "hammer: {word: Slow"), ('version: "1"', 'version: "2"')), "new.yaml"
    )
    written(Path(), "haste: must\n", "answers.yaml")
    done = advisor("rules", "diff", tiny, "new.yaml", "--answers", "answers.yaml")
    assert done == (
        0,
        """\
tiny 1 → tiny 2

Parts that differ: 1
  criteria › speed › ratings › hammer: Fast (4) → Slow (0)

Projects looked at: 4; advice changes for 3
  fence: hammer → saw (expected hammer)
  toy: hammer → saw (expected hammer or saw)
  answers: hammer → saw
""",
        "",
    )
    record = json.loads(advisor("rules", "diff", tiny, "new.yaml", "--format", "json").out)
    assert record["before"]["version"] == "1"
    assert [change["project"] for change in record["changes"]] == ["fence", "toy"]


def test_an_unknown_format_is_refused_with_the_nearest(advisor: Advisor, tiny: str) -> None:
    for command in (["check"], ["test"], ["show"], ["diff", tiny, tiny]):
        done = advisor("rules", *command, "--format", "jsn")
        assert (done.code, done.out) == (2, "")
        assert 'did you mean "json"?' in done.err


def test_the_fourth_framework_wins_for_its_reasons_and_the_flags_follow(advisor: Advisor) -> None:
    rules = str(DATA / "litestar.yaml")
    record = json.loads(
        advisor(
            "recommend", "--rules", rules, "--format", "json", "--async", "must", "--docs", "must", "--team", "litestar"
        ).out
    )
    assert record["verdict"]["winners"] == ["litestar"]
    assert advisor("recommend", "--team", "litestar").code == 2


def test_rules_of_another_subject_recommend_in_their_own_words(
    advisor: Advisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_RULES", str(DATA / "message-queues.yaml"))
    done = advisor("recommend", "--volume", "low", "--consistency", "must")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Choose PostgreSQL")
    assert "framework" not in done.out.lower()
    record = json.loads(advisor("recommend", "--volume", "high", "--history", "must", "--format", "json").out)
    assert record["verdict"]["winners"] == ["kafka"]
    [postgres] = [entry for entry in record["ranking"] if entry["alternative"] == "postgres"]
    assert postgres["excluded"] is not None
