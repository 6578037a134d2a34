"""The format of a file of cases as pydantic models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from advisor.knowledge.schema import Text


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


_text_or_list = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Words = Annotated[list[Text], BeforeValidator(_listed), WithJsonSchema(_text_or_list)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CaseEntry(_Entry):
    """One project, its answers, and what is expected of the advice."""

    id: Text = Field(description="a short name for the case")
    source: Text | None = Field(None, description="where the choice was told")
    because: Text | None = Field(None, description="the reason, where it is our own")
    year: int | None = Field(None, description="the year it was told")
    group: Text | None = Field(None, description="agreement is told by group")
    kind: Text | None = Field(None, description="what sort of source it is; stands for the group where none is given")
    confidence: Text | None = Field(None, description="how sure the coding of the answers is")
    scenario: Text = Field(description="the project, in a sentence or two")
    answers: dict[str, Words] = Field(description="need to choice, or to several")
    also_said: list[Text] = Field([], description="what the needs cannot express")
    expert: Words = Field(description="every acceptable pick", min_length=1)
    verdict: Literal["settled", "leaning", "open", "nothing-fits"] | None = Field(None, description="expected verdict")
    decided_by: Text | None = Field(None, description="criterion that must speak loudest for the pick")
    excluded: Words = Field([], description="alternatives that must be excluded")
    advice: Literal["stay", "move", "move-gradually"] | None = Field(None, description="advice on what is in use")
    split: Text | None = Field(None, description="the split that must be told")


class CasesFile(_Entry):
    """A file of cases."""

    facts_without: Words = Field([], description="needs to leave out where agreement on facts alone is told")
    cases: list[CaseEntry] = Field([], description="the cases")


MODELS: dict[tuple[str, ...], type[BaseModel]] = {(): CasesFile, ("cases", "*"): CaseEntry}


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file of cases: a list of them, or a mapping that holds the list."""
    schema = CasesFile.model_json_schema()
    definitions = schema.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "framework-advisor cases",
        "anyOf": [{"type": "array", "items": {"$ref": "#/$defs/CaseEntry"}}, schema],
        "$defs": definitions,
    }
