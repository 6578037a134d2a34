"""The format of a rules file as pydantic models, in the one form that `shape` produces, and as a JSON Schema.

The models say what is text, what is a number and what must be there. What only makes sense between entries (ids that
must exist, words that must be on a scale) is checked in `references`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError

from advisor.knowledge.model import TOP_LEVEL

FORMAT = 1
MAX_WEIGHT = 100
ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
URL = r"^https?://[^\s<>\"]+$"


def _yes_or_no(value: object) -> object:
    return {"yes": True, "on": True, "no": False, "off": False}.get(value, value) if isinstance(value, str) else value


def _iso_date(value: str) -> str:
    try:
        return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        raise PydanticCustomError("date", "expected a date such as 2026-11-22") from None


def _digits(value: object) -> object:
    # JSON, which is YAML too, cannot have a number as a key.
    return int(value) if isinstance(value, str) and len(value) == 1 and value.isdecimal() else value


def _level_or_word(value: object, _inner: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise PydanticCustomError("level_or_word", "expected a word of the scale, or its level")
    return value


Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=ID)]
Url = Annotated[str, Field(pattern=URL)]
IsoDate = Annotated[
    str, AfterValidator(_iso_date), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})
]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema({"type": "boolean"})]
Step = Annotated[int, BeforeValidator(_digits)]
Grade = Annotated[int, Field(ge=0, le=TOP_LEVEL)]
_text_or_list = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
Words = Annotated[list[Text], Field(min_length=1), WithJsonSchema(_text_or_list)]
Condition = Annotated[
    dict[str, Words],
    WithJsonSchema({"type": "object", "additionalProperties": _text_or_list}),
]
LevelOrWord = Annotated[
    int | str, WrapValidator(_level_or_word), WithJsonSchema({"type": ["string", "integer"], "minLength": 1})
]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RatingEntry(_Entry):
    """How one alternative does on one criterion, bare, without add-ons. A bare word is short for `{word: …}`."""

    word: Text = Field(description="a word of the criterion's scale; the level follows from it")
    mark: str = Field("", description="a mark to show beside the word, such as ✅")
    because: str = Field("", description="one sentence: why this word")
    source: Url | None = Field(None, description="the documentation page that says so (http or https)")
    checked: IsoDate | None = Field(None, description="the date on which the source was read, such as 2026-11-22")
    check: Text | None = Field(None, description="the test that shows it, as a pytest node id")
    note: Text | None = Field(None, description="what is dated or too coarse about the word today")


class AlternativeEntry(_Entry):
    """Something that can be chosen."""

    name: Text = Field(description="the name to show")
    summary: str = Field("", description="one sentence: what it is")
    homepage: Url | None = Field(None, description="where it lives (http or https)")
    revisit_when: list[Text] = Field([], description="events after which advice for it should be looked at again")


class GroupEntry(_Entry):
    """Criteria with one cause: together they weigh no more than the limit."""

    title: Text = Field(description="a name for the cause")
    limit: int = Field(ge=1, le=1000, description="the most that the criteria of the group weigh together")
    because: str = Field("", description="one sentence: why they are one cause")


class CriterionEntry(_Entry):
    """What alternatives are compared by."""

    title: Text = Field(description="a few words, for tables")
    kind: Literal["grade", "match"] = Field(
        "grade", description="grade: worse to better. match: kinds that only fit an answer or do not"
    )
    table: YesNo = Field(default=False, description="whether it is a row of the comparison table")
    group: Id | None = Field(None, description="the group of criteria with the same cause")
    meaning: str = Field("", description="one sentence: what is compared")
    scale: Annotated[
        dict[Step, Words],
        WithJsonSchema(
            {
                "anyOf": [
                    {
                        "type": "object",
                        "propertyNames": {"pattern": f"^[0-{TOP_LEVEL}]$"},
                        "additionalProperties": _text_or_list,
                        "minProperties": 2,
                    },
                    {"type": "array", "items": _text_or_list, "minItems": 2},
                ]
            }
        ),
    ] = Field(
        description="a grade: level (0 worst to 4 best) to the words that mean it; a match: the list of kinds",
        min_length=2,
    )
    ratings: dict[str, RatingEntry] = Field(description="a rating for every alternative")


class WeightEntry(_Entry):
    """How much a choice makes a criterion matter. A bare number is short for `{weight: …}`."""

    weight: int = Field(ge=1, le=MAX_WEIGHT, description="1 to 100; points are weight × level")
    fit: dict[str, Grade] | None = Field(
        None, description="only on a match: how well each kind fits this choice, 0 to 4; kinds left out do not fit"
    )
    when: Condition = Field({}, description="counts only when every need named is known to have one of these choices")
    unless: Condition = Field({}, description="does not count when every need named has one of these choices")


class RequirementEntry(_Entry):
    """A level that a choice makes a must. A bare word is short for `{at_least: …}`."""

    at_least: LevelOrWord = Field(description="a word of the scale, or its level")
    with_remedies: YesNo = Field(default=True, description="whether the level reached with an add-on counts")
    because: str = Field("", description="one sentence: why it is a must")
    when: Condition = Field({}, description="holds only when every need named is known to have one of these choices")
    unless: Condition = Field({}, description="does not hold when every need named has one of these choices")


class ChoiceEntry(_Entry):
    """One possible answer."""

    label: Text = Field(description="the answer in a few words")
    choose_if: str = Field("", description="completes the sentence: choose this if …")
    weights: dict[str, Annotated[list[WeightEntry], Field(min_length=1)]] = Field(
        {}, description="criterion to weight, or to {weight, fit, when, unless}"
    )
    requires: dict[str, Annotated[list[RequirementEntry], Field(min_length=1)]] = Field(
        {}, description="criterion to the level below which an alternative is excluded"
    )


class NeedEntry(_Entry):
    """One question about the project."""

    title: Text = Field(description="two or three words, for tables")
    kind: Literal["fact", "wish"] = Field("wish", description="a wish can be changed, a fact cannot")
    ordered: YesNo = Field(default=False, description="whether the choices lie on a scale, least to most")
    core: YesNo = Field(default=False, description="whether it is asked first when it can matter")
    question: Text = Field(description="the question in plain words")
    help: str = Field("", description="what to think of when answering")
    terms: dict[str, Text] = Field({}, description="term to plain meaning")
    applies_when: Condition = Field({}, description="the need is asked only when these needs have these choices")
    choices: dict[str, ChoiceEntry] = Field(description="the possible answers, least to most", min_length=2)


class RemedyEntry(_Entry):
    """A well-kept add-on that lifts ratings, with its cost."""

    alternative: Text = Field(description="the alternative it is an add-on for")
    name: Text = Field(description="the name to show")
    lifts: dict[str, LevelOrWord] = Field(description="criterion to the level or word reached with it", min_length=1)
    gives: Text = Field(description="what it brings, one sentence")
    cost: Text = Field(description="what it costs: a dependency, a maintainer, more to learn")
    source: Url | None = Field(None, description="its documentation (http or https)")
    checked: IsoDate | None = Field(None, description="the date on which the source was read")
    check: Text | None = Field(None, description="the test that shows it, as a pytest node id")


class CaveatEntry(_Entry):
    """A truth that is shown beside advice when it bears on it."""

    text: Text = Field(description="one or two sentences")
    alternatives: list[Text] = Field([], description="shown when one of these leads; none: whichever leads")
    when: Condition = Field({}, description="shown only when every need named has one of these choices")
    unless: Condition = Field({}, description="not shown when every need named has one of these choices")
    source: Url | None = Field(None, description="the page that says so (http or https)")
    checked: IsoDate | None = Field(None, description="the date on which the source was read")
    check: Text | None = Field(None, description="the test that shows it, as a pytest node id")


class LegacyRuleEntry(_Entry):
    """One line of the advice on what exists already; the first that holds is given."""

    advice: Literal["stay", "move", "move-gradually"] = Field(description="stay, move or move-gradually")
    pick: Literal["same", "other", "any"] = Field("any", description="whether the pick is the alternative in use")
    when: Condition = Field({}, description="needs and the choices they must have")
    because: Text = Field(description="one sentence; may name {current} and {pick}")
    topic: Text | None = Field(None, description="the topic of the example that shows how")


class LegacyEntry(_Entry):
    """What to advise when an alternative is in use already."""

    need: Text = Field(description="the need whose answer tells the alternative in use")
    current: dict[str, str | None] = Field(
        description="choice to the alternative in use; null: one that is not compared; left out: nothing in use"
    )
    rules: list[LegacyRuleEntry] = Field(description="the first rule that holds is given")


class SplitEntry(_Entry):
    """Advice to use two alternatives side by side, each for its part."""

    parts: dict[str, Text] = Field(description="part of the project to alternative", min_length=2)
    when: Condition = Field({}, description="told only when every need named has one of these choices")
    unless: Condition = Field({}, description="not told when every need named has one of these choices")
    because: Text = Field(description="one sentence: why both")
    how: Text = Field(description="how to put them side by side")
    source: Url | None = Field(None, description="the page that says so (http or https)")


class RulesFile(_Entry):
    """A rules file: what can be chosen, what it is compared by, and what the answers make matter."""

    format: Literal[1] = Field(description="the version of this file format: 1")
    name: Id = Field(description="a short name for these rules")
    version: Text = Field(description="a version of the content, such as 2026.11")
    title: Text = Field(description="what the rules are about, one line")
    subject: Text = Field(description="what is compared, plural, such as frameworks")
    extends: Text | None = Field(None, description="the rules this file builds on: a shipped name or a path")
    alternatives: dict[str, AlternativeEntry] = Field(description="what can be chosen", min_length=1)
    groups: dict[str, GroupEntry] = Field({}, description="criteria with one cause")
    criteria: dict[str, CriterionEntry] = Field(description="what alternatives are compared by", min_length=1)
    needs: dict[str, NeedEntry] = Field(description="the questions", min_length=1)
    remedies: dict[str, RemedyEntry] = Field({}, description="add-ons that lift ratings")
    caveats: dict[str, CaveatEntry] = Field({}, description="truths shown beside the advice they bear on")
    legacy: LegacyEntry | None = Field(None, description="what to advise when an alternative is in use already")
    splits: dict[str, SplitEntry] = Field({}, description="when to use two alternatives side by side")


MODELS: dict[tuple[str, ...], type[BaseModel]] = {
    (): RulesFile,
    ("alternatives", "*"): AlternativeEntry,
    ("groups", "*"): GroupEntry,
    ("criteria", "*"): CriterionEntry,
    ("criteria", "*", "ratings", "*"): RatingEntry,
    ("needs", "*"): NeedEntry,
    ("needs", "*", "choices", "*"): ChoiceEntry,
    ("needs", "*", "choices", "*", "weights", "*", "*"): WeightEntry,
    ("needs", "*", "choices", "*", "requires", "*", "*"): RequirementEntry,
    ("remedies", "*"): RemedyEntry,
    ("caveats", "*"): CaveatEntry,
    ("legacy",): LegacyEntry,
    ("legacy", "rules", "*"): LegacyRuleEntry,
    ("splits", "*"): SplitEntry,
}
"""Where each model stands in the file; `*` is any id or number."""

_SHORT_FORMS: dict[str, dict[str, Any]] = {
    "RatingEntry": {"type": "string"},
    "WeightEntry": {"type": "integer", "minimum": 1, "maximum": MAX_WEIGHT},
    "RequirementEntry": {"type": ["string", "integer"]},
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rules file as authors write it, short forms included, for editors."""
    schema = RulesFile.model_json_schema()
    definitions: dict[str, Any] = schema.pop("$defs")
    properties = schema["properties"]
    # Inner entries first: the list form of an entry copies what it holds.
    for field in ("weights", "requires"):
        _shorten_lists(definitions, field)
    choices = definitions["NeedEntry"]["properties"]
    choices["choices"] = _listable(choices["choices"], definitions, "id")
    for section in ("criteria", "needs", "remedies", "caveats", "splits"):
        properties[section] = _listable(properties[section], definitions, "id")
    for name, short in _SHORT_FORMS.items():
        definitions[name] = {"anyOf": [short, definitions[name]], "description": definitions[name]["description"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "framework-advisor rules",
        "description": schema["description"],
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/$defs/Extension"},
        "else": {"$ref": "#/$defs/Rules"},
        "$defs": {"Rules": _object(schema), "Extension": _extension(schema), **definitions, **_partial(definitions)},
    }


def _listable(field: dict[str, Any], definitions: dict[str, Any], key: str) -> dict[str, Any]:
    """Allow a mapping by id to be written as a list of entries that name their id."""
    name = field["additionalProperties"]["$ref"].rpartition("/")[2]
    listed = {**definitions[name], "properties": {key: {"type": "string"}, **definitions[name]["properties"]}}
    listed["required"] = [key, *definitions[name].get("required", [])]
    definitions[f"{name}InList"] = listed
    by_id = {"type": "object", "additionalProperties": field["additionalProperties"]}
    as_list = {"type": "array", "items": {"$ref": f"#/$defs/{name}InList"}}
    return {"description": field["description"], "anyOf": [as_list, by_id]}


def _shorten_lists(definitions: dict[str, Any], field: str) -> None:
    """Allow one entry where a list of them may stand, and a list of entries that name their criterion."""
    choice = definitions["ChoiceEntry"]["properties"]
    name = choice[field]["additionalProperties"]["items"]["$ref"].rpartition("/")[2]
    one = {"$ref": f"#/$defs/{name}"}
    listed = {**definitions[name], "properties": {"criterion": {"type": "string"}, **definitions[name]["properties"]}}
    listed["required"] = ["criterion", *definitions[name].get("required", [])]
    definitions[f"{name}InList"] = listed
    choice[field] = {
        "description": choice[field]["description"],
        "anyOf": [
            {"type": "object", "additionalProperties": {"anyOf": [one, {"type": "array", "items": one}]}},
            {"type": "array", "items": {"$ref": f"#/$defs/{name}InList"}},
        ],
    }


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "title"}


def _extension(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a file that extends another one: nothing but its own name is required."""
    partial = _loosened(_object(schema))
    return {**partial, "required": ["format", "name", "version", "extends"]}


def _partial(definitions: dict[str, Any]) -> dict[str, Any]:
    return {f"Partial{name}": _loosened(definition) for name, definition in definitions.items()}


def _loosened(value: Any) -> Any:
    """Return a schema in which every entry may be left out in part, or be null to remove it."""
    if isinstance(value, list):
        return [_loosened(item) for item in value]
    if not isinstance(value, dict):
        return value
    loose: dict[str, Any] = {}
    for key, inner in value.items():
        if key == "$ref":
            loose[key] = inner.replace("#/$defs/", "#/$defs/Partial")
        elif key == "required":
            loose[key] = [name for name in inner if name in {"id", "criterion"}]
        elif key in {"minProperties", "minItems"}:
            continue
        elif key == "properties":
            loose[key] = {name: {"anyOf": [_loosened(part), {"type": "null"}]} for name, part in inner.items()}
        elif key == "additionalProperties" and isinstance(inner, dict):
            loose[key] = {"anyOf": [_loosened(inner), {"type": "null"}]}
        else:
            loose[key] = _loosened(inner)
    return loose
