"""A whole conversation without a terminal: lines in, the screen out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path, PurePath

from advisor.decision import recommend
from advisor.decision.answers import Answers
from advisor.decision.recommendation import Recommendation
from advisor.interview.screen import Style
from advisor.interview.state import CodebaseOffer, Setup
from advisor.interview.terminal import Doors, Keeper, converse
from advisor.knowledge.model import Rules


def outlook(rules: Rules, answers: Answers) -> Recommendation:
    """The core, with a reason that no transcript has to follow when its wording changes."""
    advice = recommend(rules, answers, sensitivity=False)
    return advice._replace(verdict=advice.verdict._replace(reason=f"It is {advice.verdict.state}."))


class Replay:
    """Feeds lines to a conversation and keeps what it shows.

    Attributes:
        screen: every line shown, the entries behind their prompts.
        advice: every recommendation shown.
        code: the exit code.
    """

    def __init__(
        self,
        rules: Rules,
        entries: Iterable[str | type[BaseException]],
        *,
        keep: Path | None,
        style: Style | None = None,
        answers: Answers | None = None,
        left_open: Collection[str] = (),
        offer: CodebaseOffer | None = None,
        ask_all: bool = False,
        save: Path | None = None,
        left: Path | None = None,
        screen: list[str] | None = None,
    ) -> None:
        self.rules = rules
        self.screen: list[str] = [] if screen is None else screen
        self.advice: list[Recommendation] = []
        self.exported: list[PurePath] = []
        self._entries = iter(entries)
        self.keeper = Keeper(rules, keep, path=save, chosen=save is not None)
        doors = Doors(
            style=lambda: style or Style(),
            tell=lambda text: self.screen.extend(text.split("\n")),
            ask=self._ask,
            show_advice=self._show,
            export=self._export,
            save_examples=lambda folder, _answers: f"Examples written to {folder or 'examples'}.",
            resume=lambda path: f"advisor ask --answers {path}",
            again=lambda answers: " ".join(
                ["advisor recommend", *(f"--{need} {','.join(answer.choices)}" for need, answer in answers.items())]
            ),
        )
        self.code = converse(
            Setup(rules, outlook),
            doors,
            self.keeper,
            answers=answers,
            left_open=left_open,
            offer=offer,
            ask_all=ask_all,
            left=left,
        )

    def _ask(self, prompt: str) -> str:
        entry = next(self._entries, EOFError)
        if isinstance(entry, str):
            self.screen.append(f"{prompt}{entry}".rstrip())
            return entry
        raise entry

    def _show(self, advice: Recommendation) -> None:
        self.advice.append(advice)
        self.screen.append(f"[the advice: {', '.join(advice.verdict.winners) or 'none'}]")

    def _export(self, path: PurePath, _answers: Answers) -> str:
        self.exported.append(path)
        return f"Report written to {path}."

    @property
    def text(self) -> str:
        return "\n".join(self.screen) + "\n"
