"""The format of a file of cases as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from advisor.knowledge.schema import Text


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[list[Text], BeforeValidator(_listed)]


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
    cases: list[CaseEntry] = Field(description="the cases", min_length=1)


MODELS: dict[tuple[str, ...], type[BaseModel]] = {(): CasesFile, ("cases", "*"): CaseEntry}
