"""A file on top of another one adds, changes and removes, and what is removed leaves nothing hanging."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.knowledge import load_rules
from advisor.knowledge.defects import RulesError
from advisor.knowledge.model import Rules

from .tiny import TINY, written

TOP = 'format: 1\nname: top\nversion: "7"\nextends: ./base.yaml\n'


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    written(tmp_path, TINY, "base.yaml")


def extended(text: str) -> Rules:
    return load_rules(written(Path(), TOP + text))


def refused(text: str) -> list[str]:
    with pytest.raises(RulesError) as caught:
        extended(text)
    return [str(defect) for defect in caught.value.defects]


def test_a_file_that_changes_nothing_is_the_file_below_under_its_own_name() -> None:
    base = load_rules("base.yaml")
    top = extended("")
    assert (top.name, top.version, top.title) == ("top", "7", "Two tools")
    assert top._replace(name=base.name, version=base.version, digest=base.digest) == base
    assert top.digest != base.digest


def test_a_rating_is_changed_and_the_rest_stays() -> None:
    top = extended("criteria: {speed: {ratings: {saw: {word: Slow, note: ours is old}}}}")
    assert top.criterion("speed").ratings["saw"].level == 0
    assert top.criterion("speed").ratings["hammer"].because == "Watch it."
    assert [criterion.id for criterion in top.criteria] == ["speed", "reach", "style"]


def test_entries_may_be_changed_in_either_form() -> None:
    listed = extended("needs:\n  - id: haste\n    choices:\n      - {id: must, weights: {speed: 9}}\n")
    by_id = extended("needs: {haste: {choices: {must: {weights: {speed: 9}}}}}\n")
    assert listed.needs == by_id.needs
    assert [weight.weight for weight in by_id.need("haste").choice("must").weights] == [9, 2]


def test_what_is_added_comes_last() -> None:
    top = extended(
        "alternatives: {axe: {name: Axe}}\n"
        "criteria:\n"
        "  speed: {ratings: {axe: Fast}}\n"
        "  reach: {ratings: {axe: Short}}\n"
        "  style: {ratings: {axe: Loud}}\n"
        "  - {}\n".replace("  - {}\n", "")
    )
    assert [alternative.id for alternative in top.alternatives] == ["hammer", "saw", "axe"]
    assert list(top.criterion("speed").ratings) == ["hammer", "saw", "axe"]


def test_an_added_alternative_needs_every_rating() -> None:
    assert refused("alternatives: {axe: {name: Axe}}") == [
        'base.yaml:16:5: criteria › speed › ratings: the rating of "axe" is missing',
        'base.yaml:23:5: criteria › reach › ratings: the rating of "axe" is missing',
        'base.yaml:28:5: criteria › style › ratings: the rating of "axe" is missing',
    ]


def test_a_removed_alternative_takes_its_ratings_remedies_and_advice_along() -> None:
    top = extended("alternatives: {saw: null}")
    assert [list(criterion.ratings) for criterion in top.criteria] == [["hammer"]] * 3
    assert (top.remedies, top.splits) == ((), ())
    assert top.legacy is not None
    assert top.legacy.current == {"wood": None, "nails": "hammer"}
    assert [caveat.id for caveat in extended("alternatives: {hammer: null}").caveats] == []


def test_a_removed_criterion_takes_its_weights_requirements_and_remedies_along() -> None:
    top = extended("criteria: {speed: null}")
    must = top.need("haste").choice("must")
    assert [weight.criterion for weight in must.weights] == ["style"]
    assert must.requirements == ()
    assert top.remedies == ()


def test_a_removed_need_takes_what_depended_on_it_along() -> None:
    top = extended("needs: {haste: null}")
    assert [weight.weight for weight in top.need("finish").choice("smooth").weights] == [1]
    assert (top.caveats, top.splits) == ((), ())
    assert extended("needs: {work: null}").legacy is None
    assert extended("needs: {work: null}").need("finish").applies_when == ()


def test_a_removed_choice_leaves_conditions_on_the_others() -> None:
    top = extended("needs: {work: {choices: {wood: null, stone: {label: Stone}}}}")
    assert top.need("work").choice_ids == ("nails", "stone")
    assert [weight.criterion for weight in top.need("haste").choice("must").weights] == ["speed"]
    assert top.legacy is not None
    assert top.legacy.current == {"nails": "hammer"}


def test_a_removed_group_leaves_its_criteria() -> None:
    assert {criterion.group for criterion in extended("groups: {motion: null}").criteria} == {None}


def test_a_removed_section_is_gone() -> None:
    top = extended("legacy: null\ncaveats: null\nsplits: null\nremedies: null\n")
    assert (top.legacy, top.caveats, top.splits, top.remedies) == (None, (), (), ())


def test_the_upper_file_must_not_name_what_it_removes() -> None:
    text = "criteria: {speed: null}\nneeds: {work: {choices: {wood: {weights: {speed: 2}}}}}\n"
    assert refused(text) == [
        (
            'rules.yaml:6:43: needs › work › choices › wood › weights › speed: there is no criterion "speed"; '
            "known: reach, style"
        )
    ]


def test_removing_what_is_not_there_is_refused() -> None:
    assert refused("needs: {hast: null}") == [
        'rules.yaml:5:9: needs › hast: there is nothing to remove; did you mean "haste"?'
    ]


def test_defects_of_both_files_are_told_each_with_its_file() -> None:
    written(Path(), TINY.replace("saw: OK", "saw: okay"), "base.yaml")
    assert refused("criteria: {reach: {ratings: {saw: Lang}}}") == [
        (
            'base.yaml:18:12: criteria › speed › ratings › saw › word: "okay" is not on the scale of speed; '
            'did you mean "OK"?'
        ),
        (
            'rules.yaml:5:35: criteria › reach › ratings › saw › word: "Lang" is not on the scale of reach; '
            'did you mean "Long"?'
        ),
    ]


def test_a_file_says_its_own_name_and_version() -> None:
    with pytest.raises(RulesError) as caught:
        load_rules(written(Path(), "format: 1\nextends: ./base.yaml\n"))
    assert [str(defect) for defect in caught.value.defects] == [
        "rules.yaml:1:1: name: is missing: expected a short name for these rules",
        "rules.yaml:1:1: version: is missing: expected a version of the content, such as 2026.11",
    ]


def test_a_chain_of_files_is_read_and_a_circle_refused() -> None:
    written(Path(), TOP + "title: Middle\n", "middle.yaml")
    top = load_rules(written(Path(), TOP.replace("base", "middle") + "subject: things\n"))
    assert (top.title, top.subject) == ("Middle", "things")
    written(Path(), TOP.replace("base", "rules"), "middle.yaml")
    with pytest.raises(RulesError, match="extends this file, so neither can be first"):
        load_rules("rules.yaml")


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "base.yaml").symlink_to(tmp_path / "base.yaml")
    with pytest.raises(RulesError, match="leads out of the folder"):
        load_rules(written(tmp_path / "inner", TOP))


def test_the_shipped_rules_can_be_extended_from_anywhere() -> None:
    top = load_rules(written(Path(), TOP.replace("./base.yaml", "web-frameworks")))
    base = load_rules("web-frameworks")
    assert top.needs == base.needs
    assert top.examples == base.examples
    assert top.folder == base.folder
