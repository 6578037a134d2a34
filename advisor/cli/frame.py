"""What every command shares: help in sections, text options without coercion, commands loaded when used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as command_of

from advisor.cli.completing import harmless
from advisor.errors import AdvisorError, did_you_mean


class AsTyped:
    """Takes option values as they were typed.

    Typer coerces every value, the absent ones too, through pydantic, whose import costs more than the whole of
    `advisor recommend`. Our options are switches and text that the rules give a meaning to (and are checked against
    them, with a suggestion), so there is nothing to coerce.
    """

    @staticmethod
    def coerce(value: Any, **_context: Any) -> Any:
        """Return the value; several values as a tuple."""
        return tuple(value) if isinstance(value, (list, tuple)) else value


def spare_coercion(params: list[Any]) -> list[Any]:
    """Let switches and text among the parameters through as typed."""
    for param in params:
        if getattr(getattr(param, "type_descriptor", None), "annotation", None) in (bool, str, list[str]):
            param._runtime_param = AsTyped()  # noqa: SLF001  # Typer has no public hook for it
    return params


def write_sections(command: TyperCommand | TyperGroup, ctx: Any, formatter: Any) -> None:
    """Write arguments and options in the sections their `rich_help_panel` names, in order of appearance."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None:
            default = "Arguments" if param.param_type_name == "argument" else "Options"
            sections.setdefault(getattr(param, "rich_help_panel", None) or default, []).append(record)
    for title, records in sections.items():
        with formatter.section(title):
            formatter.write_dl(records)


def harmless_items(items: list[Any]) -> list[Any]:
    """Return completions with harmless lines about them."""
    for item in items:
        item.help = harmless(item.help or "")
    return items


class Command(TyperCommand):
    """A command whose help is plain text in sections, readable at any width and by any reader."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters and the help option, all taken as typed."""
        return spare_coercion(super().get_params(ctx))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the options to offer, each with a line that no shell takes for its own."""
        return harmless_items(super().shell_complete(ctx, incomplete))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options in sections."""
        write_sections(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands."""

    command_class = Command

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters and the help option, all taken as typed."""
        return spare_coercion(super().get_params(ctx))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the commands and options to offer, each with a line that no shell takes for its own."""
        return harmless_items(super().shell_complete(ctx, incomplete))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options in sections, then the commands."""
        write_sections(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command; an unknown one is refused with the nearest known."""
        name = args[0]
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            raise AdvisorError(f'no such command: "{name}"', did_you_mean(name, self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


def lazy_group(modules: dict[str, tuple[str, str]]) -> type[Group]:
    """Return a group class that imports a command's module when the command is used.

    Args:
        modules: command name → (module under advisor.cli, one-line help). The module has a function
            `build(rules_path: str | None) -> typer.Typer`, or a Typer `app`.
    """

    class LazyGroup(Group):
        rules_path: str | None = None

        def list_commands(self, _ctx: Any) -> list[str]:
            return list(modules)

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            self.rules_path = rules_option(args)
            return super().resolve_command(ctx, args)

        def get_command(self, _ctx: Any, name: str) -> Any:
            if name in modules and name not in self.commands:
                self.commands[name] = load_command(name, *modules[name], self.rules_path)
            return self.commands.get(name)

        def format_commands(self, _ctx: Any, formatter: Any) -> None:
            with formatter.section("Commands"):
                formatter.write_dl([(name, help_line) for name, (_module, help_line) in modules.items()])

    return LazyGroup


def rules_option(args: list[str]) -> str | None:
    """Find `--rules FILE` among arguments that are not parsed yet: the file decides which flags there are."""
    for position, arg in enumerate(args):
        if arg == "--":
            break
        if arg.startswith("--rules="):
            return arg.removeprefix("--rules=")
        if arg == "--rules" and position + 1 < len(args):
            return args[position + 1]
    return None


def load_command(name: str, module: str, help_line: str, rules_path: str | None) -> Any:
    """Import a command's module and build the command."""
    home = import_module(f"advisor.cli.{module}")
    build: Callable[[str | None], typer.Typer] | None = getattr(home, "build", None)
    command = command_of(build(rules_path) if build else home.app)
    command.name = name
    command.short_help = help_line
    return command


def new_app(*, add_completion: bool = False, **settings: Any) -> typer.Typer:
    """Return a Typer app in the house's style: plain help, no rewritten tracebacks, `-h` as well as `--help`."""
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        add_completion=add_completion,
        **settings,
    )
