"""What must not matter does not: order, clones, losers, scale of the weights; and better is never worse."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from advisor.decision import recommend
from advisor.knowledge.model import Rules
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases


def points(result_rules: Rules, answers: dict[str, list[str]]) -> dict[str, tuple[int, bool]]:
    ranking = recommend(result_rules, answers, sensitivity=False).ranking
    return {one.alternative: (one.points, bool(one.exclusions)) for one in ranking}


@exact
@given(cases())
def test_the_order_of_the_file_decides_nothing(case: Case) -> None:
    made, answers = case
    shuffled = made._replace(alternatives=tuple(reversed(made.alternatives)), criteria=tuple(reversed(made.criteria)))
    one, other = recommend(made, answers), recommend(shuffled, answers)
    assert points(made, answers) == points(shuffled, answers)
    assert set(one.verdict.winners) == set(other.verdict.winners)
    assert dict(one.verdict.completions) == dict(other.verdict.completions)
    assert (one.verdict.state, one.verdict.firmness) == (other.verdict.state, other.verdict.firmness)
    ranks = {standing.alternative: standing.rank for standing in one.ranking}
    assert ranks == {standing.alternative: standing.rank for standing in other.ranking}


@exact
@given(cases())
def test_removing_an_alternative_leaves_the_others_as_they_were(case: Case) -> None:
    made, answers = case
    gone = made.alternatives[-1].id
    left = made._replace(
        alternatives=made.alternatives[:-1],
        remedies=tuple(one for one in made.remedies if one.alternative != gone),
    )
    before = points(made, answers)
    del before[gone]
    assert points(left, answers) == before


@exact
@given(cases())
def test_a_clone_ties_with_its_model_and_moves_nobody_else(case: Case) -> None:
    made, answers = case
    model = made.alternatives[0]
    criteria = tuple(one._replace(ratings={**one.ratings, "clone": one.ratings[model.id]}) for one in made.criteria)
    more = [
        one._replace(id=f"{one.id}-clone", alternative="clone") for one in made.remedies if one.alternative == model.id
    ]
    cloned = made._replace(
        alternatives=(*made.alternatives, model._replace(id="clone")),
        criteria=criteria,
        remedies=(*made.remedies, *more),
    )
    after = points(cloned, answers)
    assert after.pop("clone") == after[model.id]
    assert after == points(made, answers)


@exact
@given(cases(), st.integers(2, 9))
def test_scaling_all_weights_changes_nothing(case: Case, factor: int) -> None:
    made, answers = case
    needs = tuple(
        one._replace(
            choices=tuple(
                choice._replace(weights=tuple(w._replace(weight=factor * w.weight) for w in choice.weights))
                for choice in one.choices
            )
        )
        for one in made.needs
    )
    groups = tuple(group._replace(limit=factor * group.limit) for group in made.groups)
    scaled = made._replace(needs=needs, groups=groups)
    one, other = recommend(made, answers), recommend(scaled, answers)
    assert one.verdict == other.verdict
    assert [standing.score for standing in one.ranking] == [standing.score for standing in other.ranking]
    if one.sensitivity is not None and other.sensitivity is not None:
        assert one.sensitivity.flips == other.sensitivity.flips
        assert one.sensitivity.joint_radius == other.sensitivity.joint_radius
        assert one.sensitivity.sufficient == other.sensitivity.sufficient


@exact
@given(cases(plain=True, alternatives=2))
def test_who_is_at_least_as_good_everywhere_is_never_behind(case: Case) -> None:
    made, answers = case
    better = all(one.ratings["a"].level >= one.ratings["b"].level for one in made.criteria)
    own = points(made, answers)
    if better:
        assert own["a"][0] >= own["b"][0]


@exact
@given(cases(), st.data())
def test_a_better_rating_never_costs_points_or_admission(case: Case, data: st.DataObject) -> None:
    made, answers = case
    graded = [at for at, one in enumerate(made.criteria) if one.kind == "grade"]
    if not graded:
        return
    at = data.draw(st.sampled_from(graded))
    criterion = made.criteria[at]
    rating = criterion.ratings["a"]
    level = data.draw(st.integers(rating.level, 4))
    changed = criterion._replace(ratings={**criterion.ratings, "a": rating._replace(level=level)})
    after = made._replace(criteria=(*made.criteria[:at], changed, *made.criteria[at + 1 :]))
    (before_points, before_out), (after_points, after_out) = points(made, answers)["a"], points(after, answers)["a"]
    assert after_points >= before_points
    assert before_out or not after_out


@exact
@given(cases())
def test_the_same_question_has_the_same_answer_again(case: Case) -> None:
    made, answers = case
    first = recommend(made, answers)
    backwards = dict(reversed(answers.items()))
    assert recommend(made._replace(name=made.name), backwards) == first
    assert recommend(made, first.answers) == first
