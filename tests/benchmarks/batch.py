"""`advisor batch`: profiles a second, memory for a million, and other libraries that make the same decision.

Run it from the repository's root: `python -m tests.benchmarks.batch [profiles]`. What is measured beside ours is used
where it is installed, and named where it is not: `pip install zen-engine pymcdm scikit-criteria`.

All start from the same lines of JSON, fully answered, take turns, and must name the same winners. Ours writes JSON
Lines as well. zen-engine gets the shipped rules as decision tables and a whole batch of lines at once. The two weighted
sums get what the joint answers to needs that interact weigh and exclude, worked out beforehand: a profile is a sum of
eight vectors then, and one call, for neither takes more than one vector of weights. Rates are of CPU time.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

from advisor.cli.lines import decider
from advisor.decision.table import Table, bits_of, compile_table
from advisor.knowledge import load_rules
from tests.benchmarks.figures import Figure, show
from tests.benchmarks.startup import ADVISOR, COMPILED

RATE = 50_000
RATIO = 10
MEMORY = 200
SHARES = {1.0: "all answered", 0.7: "70 % answered", 0.5: "50 % answered", 0.3: "30 % answered"}
CHUNK = 2_000
ROUNDS = 5
PROFILES = 40_000
FULL_RECORDS = 20
COMPARED = 2_000
LOST = -1_000_000
"""Points that no weight makes up for: how a decision table excludes."""

Profile = dict[str, str]


def profiles(number: int, share: float, seed: int = 1) -> list[Profile]:
    """Return random answers to needs that apply, each need answered with a probability."""
    dice = random.Random(seed)
    needs = load_rules().needs
    made = []
    for _ in range(number):
        answers: Profile = {}
        for need in needs:
            if all(answers.get(named) in choices for named, choices in need.applies_when) and dice.random() < share:
                answers[need.id] = dice.choice(need.choice_ids)
        made.append(answers)
    return made


def lines(made: Sequence[Profile]) -> list[bytes]:
    """Return profiles as JSON Lines."""
    return [json.dumps(one).encode() + b"\n" for one in made]


def in_process(share: float, number: int, fields: str) -> float:
    """Return profiles a second without starting and loading; what is remembered is filled by other profiles before."""
    run = decider(None, fields)
    taken = 0.0
    for seed in (1, 2):
        numbered = list(enumerate(lines(profiles(number, share, seed)), start=1))
        start = time.process_time()
        for at in range(0, len(numbered), CHUNK):
            run(numbered[at : at + CHUNK])
        taken = time.process_time() - start
    return number / taken


def whole(file: Path, *arguments: str) -> tuple[float, float, float]:
    """Return the CPU time and the wall time of one process and those that it starts, in seconds, and its MiB."""
    watch = (
        "import os, resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); print(used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    command = [sys.executable, "-c", watch, *ADVISOR, "batch", str(file), *arguments]
    began = time.perf_counter()
    done = subprocess.run(command, env=COMPILED, stdout=subprocess.PIPE, text=True, check=True)
    wall = time.perf_counter() - began
    cpu, peak = done.stdout.split()
    return float(cpu), wall, float(peak) / (1 << (20 if sys.platform == "darwin" else 10))


def ours(number: int) -> Iterator[Figure]:
    """Measure our own rates and memory."""
    for share, said in SHARES.items():
        yield Figure(f"batch: {said}, in process", in_process(share, number, "winners"), "/s", RATE, at_least=True)
        rate = in_process(share, number, "winners-only")
        yield Figure(f"batch: {said}, winners only, in process", rate, "/s", RATE, at_least=True)
    yield Figure("batch: 70 % answered, full records, in process", in_process(0.7, FULL_RECORDS, "all"), "/s")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "profiles.jsonl"
        for share, said in SHARES.items():
            some = lines(profiles(number, share))
            file.write_bytes(b"".join(some))
            cpu, wall, _ = whole(file)
            yield Figure(f"batch: {number:,} profiles, {said}, whole process", number / cpu, "/s")
            _, both, _ = whole(file, "--jobs", "2")
            yield Figure(f"batch: the same with two processes, {os.cpu_count()} cores, wall time", wall / both, "×")
        with file.open("wb") as sink:
            for seed in range(25):
                sink.writelines(lines(profiles(40_000, 0.7, seed)))
        cpu, _, peak = whole(file)
        yield Figure("batch: a million profiles, 70 % answered, whole process", 1_000_000 / cpu, "/s")
        yield Figure("batch: a million profiles, memory", peak, "MiB", MEMORY)


class Prepared:
    """The shipped rules and some profiles, the way other libraries want them."""

    def __init__(self, number: int) -> None:
        self.rules = load_rules()
        self.table: Table = compile_table(self.rules)
        self.profiles = profiles(number, 1.0)
        self.names = [alternative.id for alternative in self.rules.alternatives]
        columns: dict[tuple[int, ...], int] = {}
        for terms in self.table.all_terms():
            for term in terms:
                columns.setdefault(term.levels[:-1], len(columns))
        self.matrix = [[levels[place] for levels in columns] for place in range(len(self.names))]
        self.width = len(columns)
        self.lines = lines(self.profiles)
        #: of every block: its needs, and what weighs and is excluded under each of their joint answers
        self.parts: list[tuple[list[str], dict[tuple[str | None, ...], tuple[Any, int]]]] = []
        for block in self.table.blocks:
            ids = [self.rules.needs[need].id for need in block.needs]
            seen = {tuple([one.get(need) for need in ids]): one for one in self.profiles}
            self.parts.append((ids, {key: self._weigh(block.needs, one, columns) for key, one in seen.items()}))

    def _weigh(self, needs: Sequence[int], answers: Profile, columns: dict[tuple[int, ...], int]) -> tuple[Any, int]:
        import numpy as np

        table = self.table
        state = [0] * len(table.full)
        for need, choice in answers.items():
            place = table.need_at[need]
            state[place] = table.bit_of[place][choice]
        terms, musts = table.active(table.applied(state), needs)
        weights = np.zeros(self.width)
        for term, weight in zip(terms, table.counted(terms), strict=True):
            weights[columns[term.levels[:-1]]] += weight
        out = 0
        for must in musts:
            out |= sum(1 << place for place in table.places(must.below))
        return weights, out

    def weighed(self, line: bytes) -> tuple[list[int], Any]:
        """Return the frameworks that no requirement excludes, and the weight of every column."""
        answers = json.loads(line)
        weights, out = 0, 0
        for ids, known in self.parts:
            more, excludes = known[tuple([answers.get(need) for need in ids])]
            weights = weights + more
            out |= excludes
        return [place for place in range(len(self.names)) if not out >> place & 1], weights

    def graph(self) -> dict[str, Any]:
        """Return the rules as a decision graph: a table for all needs that interact, and the sum of what they say."""
        nodes: list[dict[str, Any]] = [{"id": "in", "name": "in", "type": "inputNode"}]
        edges = []
        for number, block in enumerate(self.table.blocks):
            ids = [self.rules.needs[need].id for need in block.needs]
            inputs = [{"id": f"i{need}", "name": need, "field": need.replace("-", "_")} for need in ids]
            outputs = [{"id": f"o{name}", "name": name, "field": f"b{number}.{name}"} for name in self.names]
            content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": self._rows(number)}
            nodes.append({"id": f"t{number}", "name": f"t{number}", "type": "decisionTableNode", "content": content})
            edges += [("in", f"t{number}"), (f"t{number}", "sum")]
        sums = [
            {"id": name, "key": name, "value": " + ".join(f"b{at}.{name}" for at in range(len(self.table.blocks)))}
            for name in self.names
        ]
        nodes.append({"id": "sum", "name": "sum", "type": "expressionNode", "content": {"expressions": sums}})
        nodes.append({"id": "out", "name": "out", "type": "outputNode"})
        edges.append(("sum", "out"))
        joined = [
            {"id": f"e{at}", "sourceId": source, "targetId": target, "type": "edge"}
            for at, (source, target) in enumerate(edges)
        ]
        return {"nodes": nodes, "edges": joined}

    def _rows(self, number: int) -> list[dict[str, str]]:
        table, block = self.table, self.table.blocks[number]
        gated = {need for need, _ in block.gates}
        rows = []
        for key in product(*[[*bits_of(table.full[need]), *([0] if need in gated else [])] for need in block.needs]):
            points, excluded = block.outcome(key)
            row = {"_id": f"r{len(rows)}"}
            for need, bits in zip(block.needs, key, strict=True):
                own = self.rules.needs[need]
                row[f"i{own.id}"] = f'"{own.choice_ids[bits.bit_length() - 1]}"' if bits else "null"
            for place, name in enumerate(self.names):
                own_points = table.unpack(points)[place]
                row[f"o{name}"] = str(own_points + (LOST if excluded & table.top(place) else 0))
            rows.append(row)
        return rows


def best(scores: dict[str, float]) -> set[str]:
    """Return who has the highest score, give or take the rounding of floats."""
    top = max(scores.values())
    return {name for name, score in scores.items() if score > top - 1e-9}


Contender = Callable[[], list[set[str]]]


def zen_engine(given: Prepared) -> Contender:
    """Use zen-engine: one decision, loaded once, over a batch of contexts as they come."""
    import zen

    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": given.graph()}}})
    # A hyphen is a minus to it.
    contexts = [{need.replace("-", "_"): choice for need, choice in one.items()} for one in given.profiles]
    requests = [{"key": "rules", "context": json.dumps(context)} for context in contexts]

    def decide() -> list[set[str]]:
        return [best(one["data"]["result"]) for one in engine.evaluate_batch(requests)]

    return decide


def pymcdm(given: Prepared) -> Contender:
    """Use pymcdm: its weighted sum without normalisation and without checks."""
    import numpy as np
    from pymcdm.methods import WSM

    def as_it_is(column: Any, *, cost: bool) -> Any:
        return -column if cost else column

    method = WSM(normalization_function=as_it_is)
    matrix = np.array(given.matrix, dtype=float)
    types = np.ones(matrix.shape[1])

    def decide() -> list[set[str]]:
        decided: list[set[str]] = []
        for line in given.lines:
            places, weights = given.weighed(line)
            scores = method(matrix[places], weights, types, validation=False) if places else []
            decided.append(
                best(dict(zip([given.names[at] for at in places], scores, strict=True))) if places else set()
            )
        return decided

    return decide


def scikit_criteria(given: Prepared) -> Contender:
    """Use scikit-criteria: a decision matrix with the weights of a profile, and its weighted sum."""
    import numpy as np
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel

    method = WeightedSumModel()
    matrix = np.array(given.matrix, dtype=float)
    objectives = [max] * matrix.shape[1]

    def decide() -> list[set[str]]:
        decided: list[set[str]] = []
        for line in given.lines:
            places, weights = given.weighed(line)
            if not places:
                decided.append(set())
                continue
            names = [given.names[at] for at in places]
            result = method.evaluate(skcriteria.mkdm(matrix[places], objectives, weights=weights, alternatives=names))
            decided.append(best(dict(zip(names, np.atleast_1d(result.e_.score), strict=True))))
        return decided

    return decide


CONTENDERS: dict[str, tuple[str, Callable[[Prepared], Contender]]] = {
    "zen-engine": ("zen", zen_engine),
    "pymcdm": ("pymcdm", pymcdm),
    "scikit-criteria": ("skcriteria", scikit_criteria),
}


def beside() -> Iterator[Figure]:
    """Measure the others beside ours, in turns: ours, theirs, ours, theirs."""
    if find_spec("numpy") is None:
        print("nothing else is installed: pip install zen-engine pymcdm scikit-criteria")
        return
    given = Prepared(COMPARED)
    chunk = list(enumerate(given.lines, start=1))
    run = decider(None, "winners")
    winners = [set(json.loads(line)["winners"]) for line in run(chunk).text.splitlines()]
    ratios = []
    for name, (module, prepare) in CONTENDERS.items():
        if find_spec(module) is None:
            print(f"{name} is not installed: pip install {name}")
            continue
        decide = prepare(given)
        agreed = sum([own == theirs for own, theirs in zip(winners, decide(), strict=True)])
        yield Figure(f"{name}: profiles with our winners, of {COMPARED:,}", agreed, "", COMPARED, at_least=True)
        pairs = [(taken(lambda: run(chunk)), taken(decide)) for _ in range(ROUNDS)]
        yield Figure(f"{name}: all answered", COMPARED / min(theirs for _, theirs in pairs), "/s")
        ratios.append(sorted(theirs / own for own, theirs in pairs)[ROUNDS // 2])
        yield Figure(f"batch against {name}", ratios[-1], "×", RATIO, at_least=True)


def taken(call: Callable[[], object]) -> float:
    """Return the CPU time of one call, that of other threads included, in seconds."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    call()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def figures(number: int = PROFILES) -> Iterator[Figure]:
    """Measure ours, then the others beside it."""
    yield from ours(number)
    yield from beside()


def main() -> None:
    """Measure and print."""
    show(figures(*map(int, sys.argv[1:])))


if __name__ == "__main__":
    main()
