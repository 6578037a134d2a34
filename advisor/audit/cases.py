"""Cases: what practitioners chose for real projects, as tests of the knowledge.

A file of cases is a list of them, or a mapping with the list under `cases` and beside it `facts_without`: the needs
that a reader could only code after seeing the pick. Agreement is then told with all answers and on facts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from advisor.decision.answers import parse_answers
from advisor.decision.table import Table, compile_table
from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge.defects import Defect, KeyPath, RulesError
from advisor.knowledge.model import Rules

if TYPE_CHECKING:
    from advisor.audit.case_schema import CaseEntry, CasesFile
    from advisor.knowledge.references import Flaw

Verdict = Literal["settled", "leaning", "open", "nothing-fits"]
FOLDER = "cases"


class Case(NamedTuple):
    """One project, its answers, and what is expected of the advice."""

    id: str
    file: str
    source: str
    year: int | None
    group: str
    scenario: str
    answers: Mapping[str, tuple[str, ...]]
    also_said: tuple[str, ...]  #: what the needs cannot express
    expert: tuple[str, ...]  #: every acceptable pick
    verdict: Verdict | None
    decided_by: str | None  #: criterion that must speak loudest for the pick against the runner-up
    excluded: tuple[str, ...]  #: alternatives that must be excluded
    advice: str | None  #: what must be advised on the alternative in use
    split: str | None  #: the split that must be told
    because: str | None


class Cases(NamedTuple):
    """All cases of some files."""

    cases: tuple[Case, ...]
    facts_without: tuple[str, ...]  #: needs left out on facts alone


def find_cases(rules_path: Path) -> list[Path]:
    """Return the files of cases that belong to a rules file: in the folder `cases` beside it or beside its parents."""
    from advisor.knowledge.load import load_from_source

    for source in load_from_source(rules_path).sources:
        folder = source.path.parent / FOLDER
        if folder.is_dir() and (files := sorted(folder.glob("*.yaml"))):
            return files
    return []


def load_cases(rules: Rules, paths: Iterable[Path]) -> Cases:
    """Read files of cases; a folder stands for the YAML files in it.

    Raises:
        RulesError: with every defect of all the files.
    """
    defects: list[Defect] = []
    cases: list[Case] = []
    without: dict[str, None] = {}
    for path in paths:
        for file in sorted(path.glob("*.yaml")) if path.is_dir() else [path]:
            loaded = _load_file(rules, file, defects)
            if loaded is not None:
                cases += _cases(loaded, file)
                without.update(dict.fromkeys(loaded.facts_without))
    first: dict[str, str] = {}
    for case in cases:
        if case.id in first:
            message = f'the case "{case.id}" is in {first[case.id]} already'
            defects.append(Defect(case.file, 0, 0, (), message))
        first.setdefault(case.id, case.file)
    if defects:
        raise RulesError(defects)
    return Cases(tuple(cases), tuple(without))


def _load_file(rules: Rules, path: Path, defects: list[Defect]) -> CasesFile | None:
    import yaml

    from advisor.audit.case_schema import MODELS, CasesFile
    from advisor.knowledge import nodes, shape
    from advisor.knowledge.files import read_file
    from advisor.knowledge.validation import Locator, validated

    known = len(defects)
    try:
        root = nodes.parse(read_file(path), str(path), defects)
        listed = isinstance(root, yaml.SequenceNode)
        tree = shape.mapping(root, [(shape.word(root, "cases"), root)]) if listed else nodes.as_mapping(root)
    except RulesError as error:
        defects.extend(error.defects)
        return None
    file, flaws, doubtful = validated(nodes.plain(tree), CasesFile, MODELS)
    if file is not None and not doubtful:
        flaws = [*flaws, *_CaseReferences(rules, file).check()]
    found = Locator(tree).defects(flaws)
    # The author of a bare list wrote no key `cases`.
    defects += [defect._replace(path=defect.path[1:]) for defect in found] if listed else found
    return file if len(defects) == known else None


def _cases(file: CasesFile, path: Path) -> list[Case]:
    return [
        Case(
            entry.id,
            str(path),
            entry.source or "",
            entry.year,
            entry.group or entry.kind or path.stem,
            entry.scenario,
            {need: tuple(_several(given)) for need, given in entry.answers.items()},
            tuple(entry.also_said),
            tuple(entry.expert),
            entry.verdict,
            entry.decided_by,
            tuple(entry.excluded),
            entry.advice,
            entry.split,
            entry.because,
        )
        for entry in file.cases
    ]


def _several(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


class _CaseReferences:
    """Checks that a case names only what the rules know."""

    def __init__(self, rules: Rules, file: CasesFile) -> None:
        self.rules = rules
        self.file = file
        self.alternatives = [alternative.id for alternative in rules.alternatives]
        self.criteria = [criterion.id for criterion in rules.criteria]
        self.splits = [split.id for split in rules.splits]
        self.needs = {need.id: need.choice_ids for need in rules.needs}
        self.flaws: list[Flaw] = []

    def check(self) -> list[Flaw]:
        """Return everything a case names that is not there."""
        for index, need in enumerate(self.file.facts_without):
            self._known(("facts_without", index), "need", need, self.needs)
        first: dict[str, int] = {}
        for place, entry in enumerate(self.file.cases):
            at: KeyPath = ("cases", place)
            if entry.id in first:
                self._flaw((*at, "id"), f'the id "{entry.id}" was given to case {first[entry.id]} already')
            first.setdefault(entry.id, place + 1)
            for part, named in (("expert", entry.expert), ("excluded", entry.excluded)):
                for index, alternative in enumerate(named):
                    self._known((*at, part, index), "alternative", alternative, self.alternatives)
            if entry.split is not None:
                self._known((*at, "split"), "split", entry.split, self.splits)
            if entry.decided_by is not None:
                self._known((*at, "decided_by"), "criterion", entry.decided_by, self.criteria)
            self._answers(at, entry)
        return self.flaws

    def _answers(self, at: KeyPath, entry: CaseEntry) -> None:
        known = len(self.flaws)
        for need, given in entry.answers.items():
            here: KeyPath = (*at, "answers", need)
            if self._known(here, "need", need, self.needs, at_key=True):
                for choice in _several(given):
                    self._known(here, f"choice of {need}", choice, self.needs[need])
        if len(self.flaws) == known and (message := _inapplicable(self.rules, entry.answers)):
            self._flaw((*at, "answers"), message)

    def _known(self, path: KeyPath, kind: str, word: str, known: Iterable[str], *, at_key: bool = False) -> bool:
        options = list(known)
        if word in options:
            return True
        self._flaw(path, f'there is no {kind} "{word}"', did_you_mean(word, options), at_key=at_key)
        return False

    def _flaw(self, path: KeyPath, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        from advisor.knowledge.references import Flaw

        self.flaws.append(Flaw(path, message, hint, at_key))


def _inapplicable(rules: Rules, answers: Mapping[str, Any]) -> str | None:
    from advisor.decision.advise import refuse_inapplicable

    table = compile_table(rules)
    known = parse_answers(rules, answers)
    try:
        refuse_inapplicable(table, table.state(known), known)
    except AdvisorError as error:
        return error.message
    return None


class Result(NamedTuple):
    """What came of one case."""

    case: Case
    winners: tuple[str, ...]
    agrees: bool  #: it has a pick, and every pick is one of the expert's
    on_facts: tuple[str, ...] | None  #: the picks on facts alone; None when there is nothing to leave out
    agrees_on_facts: bool
    misses: tuple[str, ...]  #: what else was expected and did not come

    @property
    def passes(self) -> bool:
        """Whether everything that the case expects came."""
        return self.agrees and not self.misses


def run_cases(rules: Rules, cases: Cases) -> tuple[Result, ...]:
    """Give advice for every case and compare it with what was expected."""
    table = compile_table(rules)
    return tuple(_run(rules, table, case, cases.facts_without) for case in cases.cases)


def _run(rules: Rules, table: Table, case: Case, without: Sequence[str]) -> Result:
    picked = winners(table, case.answers)
    facts = {need: given for need, given in case.answers.items() if need not in without}
    on_facts = winners(table, facts) if without else None
    return Result(
        case,
        picked,
        bool(picked) and set(picked) <= set(case.expert),
        on_facts,
        bool(on_facts) and set(on_facts or ()) <= set(case.expert),
        tuple(_misses(rules, case)) if _expects_more(case) else (),
    )


def _expects_more(case: Case) -> bool:
    return any((case.verdict, case.decided_by, case.excluded, case.advice, case.split))


def winners(table: Table, answers: Mapping[str, object]) -> tuple[str, ...]:
    """Return who leads on some answers; empty without a basis."""
    return table.names(table.leaders(table.outcome(table.state(parse_answers(table.rules, answers)))))


def _misses(rules: Rules, case: Case) -> Iterable[str]:
    from advisor.decision import recommend

    advice = recommend(rules, case.answers, sensitivity=False)
    if case.verdict and advice.verdict.state != case.verdict:
        yield f"the verdict is {advice.verdict.state}, expected {case.verdict}"
    decided = advice.comparison[0].criterion if advice.comparison else None
    if case.decided_by and decided != case.decided_by:
        yield f"decided by {decided or 'nothing'}, expected {case.decided_by}"
    for alternative in case.excluded:
        if not advice.standing(alternative).exclusions:
            yield f"{alternative} is not excluded"
    advised = advice.legacy.advice if advice.legacy else None
    if case.advice and advised != case.advice:
        yield f"the advice is {advised or 'none'}, expected {case.advice}"
    if case.split and case.split not in {split.id for split in advice.splits}:
        yield f"the split {case.split} is not told"


class Agreement(NamedTuple):
    """How many cases of one group agree."""

    group: str
    cases: int
    agree: int
    agree_on_facts: int | None  #: None when there is nothing to leave out
    pass_all: int


def agreement(results: Sequence[Result]) -> tuple[Agreement, ...]:
    """Return the agreement of every group, in order of appearance, then of all."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.case.group, []).append(result)
    return tuple(_agreement(group, own) for group, own in [*groups.items(), ("all", list(results))])


def _agreement(group: str, results: Sequence[Result]) -> Agreement:
    facts = [result for result in results if result.on_facts is not None]
    return Agreement(
        group,
        len(results),
        sum(result.agrees for result in results),
        sum(result.agrees_on_facts for result in facts) if facts else None,
        sum(result.passes for result in results),
    )
