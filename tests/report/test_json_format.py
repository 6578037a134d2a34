"""The JSON record: the contract's keys, exact numbers, one document, always encodable."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from advisor.decision.answers import Answer
from advisor.errors import AdvisorError
from advisor.report.json_format import indented, to_json
from advisor.report.options import ReportOptions
from advisor.report.schema import DOCUMENTS, read_schema, schema_text

from .made_by_hand import small_advice

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def document() -> dict[str, Any]:
    return json.loads(to_json(small_advice(), provenance=ReportOptions(project="Shop", date="2026-11-22")))


def test_the_top_level_keeps_the_order_of_the_contract(document: dict[str, Any]) -> None:
    promised = ["schema_version", "tool", "rules", "answers", "verdict", "ranking", "sensitivity", "legacy", "split"]
    promised += ["remedies", "gives_up", "revisit_when", "examples"]
    assert [key for key in document if key in promised] == promised
    assert document["schema_version"] == "1.0"
    assert document["rules"] == {"name": "small", "version": "1", "digest": "sha256:0123"}


def test_contributions_sum_to_the_points_worked_by_hand(document: dict[str, Any]) -> None:
    assert [(item["alternative"], item["points"], item["score"]) for item in document["ranking"]] == [
        ("swift", 18, 90.0),
        ("steady", 14, 70.0),
        ("plain", 3, 15.0),
    ]
    for item in document["ranking"]:
        assert sum(line["points"] for line in item["contributions"]) == item["points"]
        assert all(line["weight"] * line["level"] == line["points"] for line in item["contributions"])


def test_an_excluded_alternative_names_requirement_rating_and_remedy(document: dict[str, Any]) -> None:
    swift, _, plain = document["ranking"]
    assert swift["excluded"] is None
    assert plain["excluded"]["requirement"]["need"] == "docs"
    assert plain["excluded"]["requirement"]["word"] == "Good"
    assert plain["excluded"]["rating"]["word"] == "None"
    assert plain["excluded"]["remedy"]["name"] == "plain-plus"


def test_fractions_are_exact_text_and_flips_name_from_and_to(document: dict[str, Any]) -> None:
    assert document["sensitivity"]["joint_radius"] == "1/2"
    assert document["sensitivity"]["weight_intervals"][0]["low"] == "1"
    assert document["sensitivity"]["flips"][0]["changes"] == [{"need": "load", "from": ["high"], "to": "low"}]


def test_answers_keep_their_origin_and_evidence(document: dict[str, Any]) -> None:
    assert document["answers"]["load"] == {
        "choices": ["high"],
        "origin": "scan",
        "evidence": ["app/main.py:7 a queue"],
    }


@pytest.mark.parametrize("tenths", [0, 1, 333, 875, 999, 1000])
def test_a_score_has_exactly_one_decimal(tenths: int) -> None:
    advice = small_advice()
    standing = advice.ranking[0]._replace(score=tenths)
    text = to_json(advice._replace(ranking=(standing, *advice.ranking[1:])))
    assert f'"score": {tenths // 10}.{tenths % 10},' in text


def test_it_is_one_document_two_spaces_deep_in_plain_characters() -> None:
    text = to_json(small_advice(hostile=" é→\u202e"))
    assert text.startswith('{\n  "schema_version"')
    assert text.endswith("}\n")
    assert "é→\u202e" in text


def test_bytes_of_a_file_name_that_are_no_text_stay_encodable_and_come_back() -> None:
    odd = Answer(("high",), "scan", ("caf\udce9.py:1 x",))
    text = to_json(small_advice()._replace(answers={"load": odd}))
    text.encode("utf-8")
    assert json.loads(text)["answers"]["load"]["evidence"] == ["caf\udce9.py:1 x"]


DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_data_is_written_as_the_standard_library_writes_it(data: object) -> None:
    assert indented(data) == json.dumps(data, ensure_ascii=False, indent=2)


def test_data_without_a_json_form_is_no_silent_text() -> None:
    with pytest.raises(TypeError, match="set has no JSON form"):
        indented({"a": [{1}]})


def test_what_is_absent_is_null_and_still_meets_the_schema() -> None:
    document = json.loads(to_json(small_advice()._replace(sensitivity=None, against=None, legacy=None)))
    assert (document["sensitivity"], document["against"], document["legacy"]) == (None, None, None)
    Draft202012Validator(read_schema("recommend")).validate(document)


def test_the_schemas_are_valid_schemas_and_hold_for_the_record(document: dict[str, Any]) -> None:
    for name in (None, *DOCUMENTS):
        Draft202012Validator.check_schema(read_schema(name))
    for name in ("recommend", "batch", None):
        Draft202012Validator(read_schema(name)).validate(document)


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("schema_version", "2.0"),
        ("ranking", {}),
        ("verdict", None),
        ("answers", {"load": {"choices": [], "origin": "flag", "evidence": []}}),
        ("answers", {"load": {"choices": ["high"], "origin": "guess", "evidence": []}}),
        ("perfect", -1),
    ],
)
def test_the_schema_refuses_a_wrong_record(document: dict[str, Any], key: str, wrong: object) -> None:
    assert not Draft202012Validator(read_schema("recommend")).is_valid({**document, key: wrong})


def closed(schema: Any) -> Any:
    """The same schema, refusing every key that it does not describe."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if "properties" in result or "allOf" in result:
        result.setdefault("unevaluatedProperties", False)
    return result


def test_every_key_that_is_written_is_described_in_the_schema(document: dict[str, Any]) -> None:
    schema = read_schema("recommend")
    # Parts of an allOf see only their own keys; they are left open, and the whole is closed.
    for name in ("exclusion", "remedy"):
        schema["$defs"][f"open-{name}"] = schema["$defs"][name]
    strict = closed(schema)
    strict["$defs"]["exclusion"].pop("unevaluatedProperties")
    strict["$defs"]["remedy"].pop("unevaluatedProperties")
    for whole in (
        strict["$defs"]["standing"]["properties"]["excluded"]["oneOf"][1],
        strict["$defs"]["recommend"]["properties"]["remedies"]["items"],
    ):
        whole["allOf"][1].pop("unevaluatedProperties")
    validator = Draft202012Validator(strict)
    assert [error.message for error in validator.iter_errors(document)] == []
    assert not validator.is_valid({**document, "surprise": 1})


def test_an_unknown_document_is_refused_with_a_suggestion() -> None:
    with pytest.raises(AdvisorError) as caught:
        read_schema("recomend")
    assert caught.value.hint == 'did you mean "recommend"?'
    assert json.loads(schema_text("scan"))["$ref"] == "#/$defs/scan"


def test_writing_json_imports_no_library_beyond_the_standard_one() -> None:
    code = (
        "import sys\nfrom advisor.report.options import ReportOptions\n"
        "import advisor.report.json_format\n"
        "print([name for name in ('rich','jinja2','yaml','pydantic','typer','pygments') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
