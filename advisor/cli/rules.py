"""`advisor rules`: the knowledge base checked, tested, shown, compared and begun."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from advisor.cli.completing import one_of
from advisor.cli.frame import Command, Group, new_app
from advisor.cli.inputs import RulesOption
from advisor.cli.output import columns, known_format, printable, say, tell
from advisor.errors import AdvisorError

FORMATS = ("text", "json")

FormatOption = Annotated[
    str, typer.Option("--format", metavar="|".join(FORMATS), help="How to print it.", autocompletion=one_of(FORMATS))
]
CasesOption = Annotated[
    list[str] | None,
    typer.Option("--cases", metavar="PATH", help="File or folder of cases; by default `cases` beside the rules."),
]

app = new_app(
    cls=Group,
    help="The knowledge base: check, test, show, compare, begin your own.",
    epilog="Example:  advisor rules new > mine.yaml; advisor rules check --rules mine.yaml",
)


@app.command("check", cls=Command)
def check_rules(
    *,
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day against which ages are measured.")
    ] = None,
    output_format: FormatOption = "text",
    rules: RulesOption = None,
) -> None:
    """Audit rules: schema, who can win and what for, what never matters, double counting, sources and their age.

    Exits with 1 when there is a defect; warnings and notes only tell. Ages are measured against --date,
    SOURCE_DATE_EPOCH, or the version of the rules where that is a date.
    """
    from advisor.audit.check import audit
    from advisor.audit.wording import audit_record, audit_text
    from advisor.cli.dates import report_date
    from advisor.knowledge import load_rules

    known_format(output_format, FORMATS)
    found = audit(load_rules(rules), date=report_date(date))
    show_result(output_format, audit_record(found), audit_text(found, columns()))
    if found.defects:
        raise typer.Exit(1)


@app.command("test", cls=Command)
def run_all(
    *,
    cases: CasesOption = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Also name the parts of the rules that no case holds in place.")
    ] = False,
    fail_under: Annotated[
        str | None, typer.Option("--fail-under", metavar="PERCENT", help="Fail only when fewer cases agree.")
    ] = None,
    fail_under_on_facts: Annotated[
        str | None,
        typer.Option("--fail-under-on-facts", metavar="PERCENT", help="Fail when fewer agree on facts alone."),
    ] = None,
    output_format: FormatOption = "text",
    rules: RulesOption = None,
) -> None:
    """Run the cases that belong to the rules: does the advice agree with what was expected?

    Exits with 1 when a case does not come out as expected or, with --fail-under, when too few do.
    """
    from advisor.audit.cases import load_cases, run_cases
    from advisor.audit.coverage import cover
    from advisor.audit.wording import results_record, results_text
    from advisor.knowledge import load_rules

    known_format(output_format, FORMATS)
    floor, floor_on_facts = (
        percentage("--fail-under", fail_under),
        percentage("--fail-under-on-facts", fail_under_on_facts),
    )
    loaded = load_rules(rules)
    known = load_cases(loaded, case_files(rules, cases))
    results = run_cases(loaded, known)
    covered = cover(loaded, known.cases) if coverage else None
    show_result(
        output_format,
        results_record(loaded, results, covered),
        results_text(loaded, results, covered, columns()),
    )
    passing = sum(result.passes for result in results)
    on_facts = sum(result.agrees_on_facts for result in results)
    if floor_on_facts is not None and not known.facts_without:
        raise AdvisorError("--fail-under-on-facts: the cases do not say which needs to leave out", "see facts_without")
    enough = floor_on_facts is None or 100 * on_facts >= floor_on_facts * len(results)
    if not enough or 100 * passing < (100 if floor is None else floor) * len(results):
        raise typer.Exit(1)


@app.command("show", cls=Command)
def show(
    *,
    part: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY]...", help="Keys that lead to a part, e.g. needs scale.")
    ] = None,
    output_format: Annotated[
        str,
        typer.Option("--format", metavar="yaml|json", help="How to print it.", autocompletion=one_of(("yaml", "json"))),
    ] = "yaml",
    rules: RulesOption = None,
) -> None:
    """Print the rules as they are after extending, every value with the file and line that it comes from."""
    from advisor.knowledge.files import rules_path
    from advisor.knowledge.load import load_from_source
    from advisor.knowledge.merged import as_yaml, origins, part_at

    known_format(output_format, ("yaml", "json"))
    loaded = load_from_source(rules_path(rules))
    path = tuple(part or ())
    node = part_at(loaded.tree, path)
    if output_format == "json":
        from advisor.audit.wording import SCHEMA_VERSION, of_rules

        parts = [{"path": found.path, "value": found.value, "origin": found.origin} for found in origins(node, path)]
        record = {"schema_version": SCHEMA_VERSION, "rules": of_rules(loaded.rules), "parts": parts}
        say(json.dumps(record, ensure_ascii=False, indent=2))
    else:
        say(as_yaml(node), end="")


@app.command("schema", cls=Command)
def schema(
    *,
    cases: Annotated[bool, typer.Option("--cases", help="The schema of a file of cases instead.")] = False,
) -> None:
    """Print the JSON Schema of a rules file, for editors that check and complete YAML."""
    if cases:
        from advisor.audit.case_schema import case_schema as wanted
    else:
        from advisor.knowledge.schema import json_schema as wanted
    say(json.dumps(wanted(), ensure_ascii=False, indent=2))


@app.command("new", cls=Command)
def new_file(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="File to write; stdout by default.")] = None,
    *,
    extends: Annotated[
        bool, typer.Option("--extends", help="Begin on top of the shipped rules instead of from nothing.")
    ] = False,
) -> None:
    """Write a commented starter: a small rules file that is complete, to be changed line by line."""
    from advisor import knowledge

    name = "starter-extension.yaml" if extends else "starter.yaml"
    text = (Path(knowledge.__file__).parent / name).read_text(encoding="utf-8")
    if file is None:
        say(text, end="")
        return
    if os.path.lexists(file):
        raise AdvisorError(f"{file} is there already", "give another name; nothing was written")
    from advisor.report.writing import write_output

    write_output(file, text)
    tell(printable(f"wrote {file}; next: advisor rules check --rules {file}"))


@app.command("diff", cls=Command)
def diff_rules(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Rules file, or the name of shipped rules.")],
    new_rules: Annotated[str, typer.Argument(metavar="NEW", help="Rules file to compare it with.")],
    *,
    answers: Annotated[
        str | None, typer.Option("--answers", metavar="FILE", help="Answers file: does its advice change?")
    ] = None,
    cases: CasesOption = None,
    output_format: FormatOption = "text",
) -> None:
    """Say which ratings, weights and requirements moved between two rules files, and which cases change their pick."""
    from advisor.audit.wording import comparison_record, comparison_text

    known_format(output_format, FORMATS)
    found = compare(old, new_rules, answers, cases)
    show_result(output_format, comparison_record(found), comparison_text(found, columns()))


def compare(old: str, new_rules: str, answers: str | None, cases: list[str] | None) -> Any:
    """Compare two rules files, with the cases of the first of them that has any, and with an answers file."""
    from advisor.audit.cases import find_cases, load_cases
    from advisor.audit.difference import compare_rules
    from advisor.cli.inputs import file_answers
    from advisor.knowledge import load_rules
    from advisor.knowledge.files import rules_path

    before, after = load_rules(old), load_rules(new_rules)
    given = {need: list(answer.choices) for need, answer in file_answers(after, answers).items()}
    named = [Path(path) for path in cases or ()]
    for path, owner in ((old, before), (new_rules, after)):
        files = named or find_cases(rules_path(path))
        if files:
            known = load_cases(owner, files)
            return compare_rules(before, after, known.cases, given if answers else None)
    return compare_rules(before, after, (), given if answers else None)


def case_files(rules: str | None, cases: list[str] | None) -> list[Path]:
    """Return the files of cases to run.

    Raises:
        AdvisorError: none were named and none lie beside the rules.
    """
    from advisor.audit.cases import find_cases
    from advisor.knowledge.files import rules_path

    files = [Path(path) for path in cases or ()] or find_cases(rules_path(rules))
    if not files:
        raise AdvisorError(
            "there are no cases beside these rules", "put them into a folder `cases`, or use --cases PATH"
        )
    return files


def show_result(output_format: str, record: dict[str, Any], text: str) -> None:
    """Print a result as one JSON document or as text."""
    say(json.dumps(record, ensure_ascii=False, indent=2) if output_format == "json" else text)


def percentage(option: str, text: str | None) -> int | None:
    """Return a whole percentage from 0 to 100."""
    if text is None:
        return None
    number = text.removesuffix("%").strip()
    if not number.isascii() or not number.isdigit() or int(number) > 100:  # noqa: PLR2004  percent
        raise AdvisorError(f'{option} "{text}" is not a whole percentage', "for example: 92")
    return int(number)
