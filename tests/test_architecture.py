"""The house: which room may know which, one home for each library, pure rooms, small modules, one
word per thing.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from plaincrm.cli import COMMANDS
from plaincrm.core.values.types import TYPES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "plaincrm"
MODULES = sorted(PACKAGE.rglob("*.py"))
RANKS = {
    "errors": 0,
    "core": 1,
    "sales": 2,
    "marketing": 2,
    "support": 2,
    "interchange": 2,
    "book": 2,
    "transport": 2,
    "crm": 3,
    "views": 4,
    "mcp": 4.5,  # the commands may start it; it knows none of them
    "commands": 5,
    "cli": 6,
    "start": 7,
    "__main__": 8,
}
PURE = ("core", "sales", "marketing", "support")
WORLDLY = {
    "os",
    "pathlib",
    "subprocess",
    "shutil",
    "tempfile",
    "socket",
    "time",
    "random",
    "glob",
    "getpass",
    "platform",
    "sys",
    "environ",
    "click",
    "logging",
}
# Libraries whose home is not one module but a room.
ROOMS = {
    "click": ("cli.py", "commands/"),
    "jinja2": ("marketing/", "views/"),
    "icalendar": ("interchange/calendar/",),
    "recurring_ical_events": ("interchange/calendar/",),
}
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "base",
    "tools",
    "stuff",
}
LONGEST = 400


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, inside functions too, with the line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            yield str(node.module), node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node).endswith("import_module"):
            yield from (
                (arg.value, node.lineno) for arg in node.args if isinstance(arg, ast.Constant)
            )


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def where(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def third_party(name: str) -> str:
    top = name.partition(".")[0]
    return "" if top in sys.stdlib_module_names or top in ("plaincrm", "__future__") else top


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_imports_go_down_only(path: Path) -> None:
    own = room(path)
    if own == "__init__":
        return
    for name, line in imports(path):
        parts = name.split(".")
        if parts[0] != "plaincrm" or len(parts) == 1 or parts[1] not in RANKS:
            continue
        other = parts[1]
        below = RANKS[other] < RANKS[own] or other == own
        assert below, f"{where(path)}:{line} imports {name}: {own} must not know {other}"


WITHOUT_THE_BOOK = (
    "core/",
    "sales/",
    "marketing/",
    "support/",
    "interchange/",
    "book/",
    "transport/",
)
LOADERS_AND_EDITORS = (
    "crm/loading/",
    "crm/reminders/",
    "crm/change.py",
    "crm/effects.py",
    "crm/staged_files.py",
    "crm/references.py",
    "crm/facts.py",
)


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if where(p).startswith((*WITHOUT_THE_BOOK, *LOADERS_AND_EDITORS))],
    ids=where,
)
def test_loaders_and_editors_take_what_they_need_not_the_book(path: Path) -> None:
    asked = {name for name, _ in imports(path)}
    assert "plaincrm.crm.book.Book" not in asked, where(path)


def test_the_package_face_imports_nothing_at_once() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {getattr(node, "module", "") for node in at_once} <= {"__future__", "typing"}


def test_every_library_has_one_home() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for name, _ in imports(path):
            if library := third_party(name):
                homes[library].add(where(path))
    for library, found in homes.items():
        allowed = ROOMS.get(library)
        if allowed:
            astray = {each for each in found if not each.startswith(allowed)}
            assert not astray, f"{library} is at home in {allowed}, and astray in {astray}"
        else:
            assert len(found) == 1, f"{library} has several homes: {sorted(found)}"
    assert homes["yaml"] == {"core/yaml/front_matter.py"}
    assert homes["tabulate"] == {"views/table.py"}


TYPE_HOMES = ("core/values/", "core/schema/builtin.py")
OTHER_TYPES = {"email", "action"}  # which are types of log entries, and of other things, too


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_nobody_asks_for_the_name_of_a_type(path: Path) -> None:
    """What is special about a type is said by its object: see `core/values/value_type.py`."""
    if where(path).startswith(TYPE_HOMES):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Compare):
            continue
        asked = ast.unparse(node.left).rpartition(".")[2]
        words = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
        named = words & (set(TYPES) - OTHER_TYPES)
        assert asked not in ("type", "type_name") or not named, f"{where(path)}:{node.lineno}"


def test_programs_are_started_in_few_places() -> None:
    found = {where(path) for path in MODULES for name, _ in imports(path) if name == "subprocess"}
    assert {each for each in found if not each.startswith("commands/")} <= {
        "book/git/git_process.py",
        "book/desktop.py",
        "book/schedule.py",
        "transport/password.py",
        "transport/sendmail.py",
        "transport/model_command.py",
    }
    assert "book/git/git_process.py" in found


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) in PURE], ids=where)
def test_pure_rooms_know_no_world(path: Path) -> None:
    for name, line in imports(path):
        assert name.partition(".")[0] not in WORLDLY, f"{where(path)}:{line} imports {name}"
    for call in _calls(path):
        called = _called(call)
        said = f"{where(path)}:{call.lineno} calls {called}"
        assert called not in ("open", "print", "input", "exec", "eval"), said
        assert not re.search(r"\b(date|datetime|dt)\.(now|today|utcnow)$", called), said


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) == "interchange"], ids=where)
def test_interchange_opens_nothing(path: Path) -> None:
    for name, line in imports(path):
        assert name.partition(".")[0] not in WORLDLY - {
            "time",
            "random",
        }, f"{where(path)}:{line} imports {name}"
    assert not [call.lineno for call in _calls(path) if _called(call) == "open"]


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) != "commands"], ids=where)
def test_nothing_below_the_commands_reads_the_clock(path: Path) -> None:
    for call in _calls(path):
        reads = re.search(r"\b(date|datetime|dt)\.(now|today|utcnow)$", _called(call))
        assert not reads, f"{where(path)}:{call.lineno}"


def _calls(path: Path) -> Iterator[ast.Call]:
    return (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    )


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_modules_stay_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert path.stem.strip("_") not in NAMES_THAT_SAY_NOTHING
    assert path.parent.name not in NAMES_THAT_SAY_NOTHING
    assert ast.get_docstring(ast.parse(text)), "a module begins with what it is for"


@pytest.mark.parametrize("path", [p for p in MODULES if room(p) == "commands"], ids=where)
def test_command_modules_load_nothing_heavy(path: Path) -> None:
    """At the top of a command: click, the other command modules, errors; all else inside the
    callback.
    """
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body:
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            light = not name.startswith("plaincrm") or re.match(
                r"plaincrm(\.commands\._|\.errors$|$)", name
            )
            assert light, f"{where(path)}:{node.lineno} imports {name} for every --help"
            assert third_party(name) in ("", "click"), f"{where(path)}:{node.lineno} imports {name}"


def test_one_word_per_command() -> None:
    """The table of commands, their files, their tests and their sections of the manual are the same
    words.
    """
    words = set(COMMANDS)
    files = {
        path.stem for path in (PACKAGE / "commands").glob("*.py") if not path.stem.startswith("_")
    }
    tests = {
        path.stem.removeprefix("test_") for path in (ROOT / "tests" / "commands").glob("test_*.py")
    }
    manual = (ROOT / "docs" / "commands.md").read_text("utf-8")
    sections = set(re.findall(r"^#{2,3} `?(?:plaincrm )?([a-z]+)`?$", manual, re.MULTILINE))
    assert files == words
    assert words - tests == set()
    assert words - sections == set()


@pytest.mark.parametrize("word", sorted(COMMANDS))
def test_every_command_ends_its_help_with_three_examples(word: str) -> None:
    from importlib import import_module

    command = import_module(f"plaincrm.commands.{word}").command
    assert command.name == word
    assert command.help
    examples = [
        line for line in (command.epilog or "").splitlines() if line.startswith("  plaincrm ")
    ]
    assert len(examples) == 3


def test_every_problem_code_is_documented() -> None:
    table = (ROOT / "docs" / "format.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([a-z0-9-]+)` \|", table, re.MULTILINE))
    families = {code.partition("-")[0] for code in documented if "-" in code}
    used = {text for path in MODULES for text in _texts(path)}
    codes = {
        text
        for text in used
        if re.fullmatch(rf"(?:{'|'.join(sorted(families))})(?:-[a-z0-9]+)+", text)
    }
    assert codes - documented == set()
    assert documented - used == set()


def _texts(path: Path) -> Iterator[str]:
    """The string constants of the modules that make problems."""
    text = path.read_text("utf-8")
    if re.search(r"\b(Problem|Defect|LogError)\b", text):
        nodes = ast.walk(ast.parse(text))
        yield from (
            node.value
            for node in nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )


CORE_ORDER = ("text", "values", "yaml", "timeline", "schema", "records", "query", "merge")

CRM_ORDER = (
    "loading",
    "automations",
    "reminders",
    "history",
    "reports",
    "mailing",
    "exporting",
    "importing",
    "duplicates",
    "privacy",
    "checking",
    "actions",
)


def _module(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _arrows() -> dict[str, set[str]]:
    """Module to the modules that it imports, inside functions and for types alone too.

    A package counts only where it is asked for a name of its own.
    """
    known = {_module(path) for path in MODULES} - {""}
    found: dict[str, set[str]] = {name: set() for name in known}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not _module(path):
                continue
            source = str(node.module).removeprefix("plaincrm").lstrip(".")
            for alias in node.names:
                inner = f"{source}.{alias.name}".lstrip(".")
                found[_module(path)].add(inner if inner in known else source)
    return {name: (others & known) - {name} for name, others in found.items()}


@pytest.mark.parametrize(("room", "order"), [("core", CORE_ORDER), ("crm", CRM_ORDER)])
def test_packages_import_in_their_order(room: str, order: tuple[str, ...]) -> None:
    packages = {path.name for path in (PACKAGE / room).iterdir() if (path / "__init__.py").exists()}
    assert packages == set(order)
    for own, others in _arrows().items():
        for other in others:
            below = _height(other, room, order) <= _height(own, room, order)
            assert below or _height(own, room, order) < 0, f"{own} must not know {other}"


def _height(module: str, room: str, order: tuple[str, ...]) -> int:
    """The place of a module's package in its room; -1 of what lies in none of them."""
    names = module.split(".")
    inside = len(names) > 2 and names[0] == room
    return order.index(names[1]) if inside else -1


def test_no_module_imports_itself_by_a_detour() -> None:
    """No cycle of imports, lazy ones and those for types included."""
    assert _cycles(_arrows()) == []


def _cycles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """Sets of modules that reach each other."""
    reached = {name: _reached(name, arrows) for name in arrows}
    circles = {name: frozenset(o for o in reached[name] if name in reached[o]) for name in arrows}
    return [set(circle) for circle in set(circles.values()) if len(circle) > 1]


def _reached(start: str, arrows: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in arrows[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


def test_no_two_public_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(where(path))
    twice = {name: found for name, found in homes.items() if len(found) > 1}
    assert not twice, twice


LONGEST_FUNCTION = 34  # lines


def test_functions_stay_short() -> None:
    """The body counts, with its docstring: a signature takes a line for each parameter."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.body[0].lineno + 1
                assert lines <= LONGEST_FUNCTION, (
                    f"{where(path)}:{node.lineno} {node.name} has {lines} lines"
                )


def test_no_conditional_expression_stands_inside_another() -> None:
    for path in MODULES:
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        nested = [node for node in nodes if isinstance(node, ast.IfExp) and _has_choice(node)]
        assert not nested, f"{where(path)}:{nested[0].lineno}"


def _has_choice(node: ast.IfExp) -> bool:
    inner = (each for part in (node.test, node.body, node.orelse) for each in ast.walk(part))
    return any(isinstance(each, ast.IfExp) for each in inner)


# Who may touch files by the system's own calls, and whose those are. Files that a book, its other
# end, an archive or a mail names are opened through `book/inside.py`, which follows no link.
TOUCH_FILES = {
    "book/atomic.py": "the calls themselves, on paths that the door gave",
    "book/inside.py": "the door",
    "book/index/scan.py": "the folders of kinds, none of them a link",
    "book/durable.py": "folders that the door gave",
    "book/git/special_files.py": "links and submodules, at places that the door gave",
    "book/inbox.py": "files that the door listed; a Maildir that the user named",
    "book/outbox.py": "a file of its own, not yet in place",
    "book/watch.py": "which folders to watch; it reads none",
    "book/create.py": "a folder that is not yet a book",
    "book/git/clone.py": "a folder that is not yet a book",
    "book/new_file.py": "a path that the user named",
    "crm/mailing/write.py": "a Maildir that the user named",
    "crm/mailing/sent_copy.py": "a Maildir or mbox to which the user of the machine said yes",
    "book/last_sync.py": "the private folder",
    "crm/importing/run.py": "files that the user named, or the door listed",
    "book/config.py": "the settings by which a book is found",
    "book/private_folder.py": "git's folder",
    "book/index/cache.py": "the private folder",
    "book/journal.py": "the private folder",
    "book/lock.py": "the private folder",
    "book/sending.py": "the private folder",
    "book/git/trees.py": "the private folder",
    "book/git/checkout.py": "the private folder",
    "book/git/bulk_commit.py": "git's folder",
    "book/git/exclude.py": "git's folder",
    "book/git/head.py": "git's folder",
    "book/git/repo_state.py": "git's folder",
    "book/git/merge_driver.py": "git's folder, and the files that git gives a merge driver",
    "book/git/settings.py": "git's configuration",
    "book/help_pages.py": "what is shipped",
    "crm/mailing/template_files.py": "what is shipped",
    "crm/documents.py": "what is shipped",
    "crm/named_files.py": "what is shipped",
    "book/shipped.py": "what is shipped",
    "book/left_schedules.py": "names of units and agents, outside any book",
    "book/workers.py": "pipes",
    "commands/_editor.py": "a copy in a temporary folder",
    "cli.py": "standard streams",
    "start.py": "standard streams",
}
FREE_OF_FILES = (*PURE, "interchange")  # other tests see to them
_OF_OS = "scandir walk listdir open rename replace unlink remove rmdir mkdir makedirs link symlink"
_OF_PATHS = (
    "read_bytes read_text write_bytes write_text iterdir glob rglob unlink rmdir mkdir symlink_to"
    " readlink touch"
)


def touches_files(path: Path) -> bool:
    for call in _calls(path):
        owner, _, name = _called(call).rpartition(".")
        if (
            _called(call) == "open"
            or (owner == "os" and name in _OF_OS.split())
            or (owner == "shutil" and name not in ("which", "get_terminal_size"))
            or (owner not in ("os", "atomic", "files") and name in _OF_PATHS.split())
        ):
            return True
    return False


def test_files_are_opened_through_one_door() -> None:
    found = {where(path) for path in MODULES if room(path) not in FREE_OF_FILES}
    found = {name for name in found if touches_files(PACKAGE / name)}
    astray = found - TOUCH_FILES.keys()
    assert not astray, f"{sorted(astray)}: plaincrm/book/inside.py opens files of a book"


TERMINAL = "commands/_terminal.py"
_PAST_THE_DOOR = ("click.confirm", "click.prompt", "click.getchar", "print", "input")


def test_terminals_are_written_to_through_one_door() -> None:
    """`commands/_terminal.py` stands in for stdout and stderr. Nothing goes round it: no prompt of
    a line editor, no pager, no stream from before, no device.
    """
    for path in MODULES:
        if where(path) == TERMINAL:
            continue
        said = path.read_text("utf-8")
        for call in _calls(path):
            assert _called(call) not in _PAST_THE_DOOR, f"{where(path)}:{call.lineno}"
            if _called(call) == "click.echo_via_pager":
                assert ast.unparse(call.args[0]).startswith("cleaned("), where(path)
        for word in ("__stdout__", "__stderr__", "/dev/tty", "ctermid"):
            assert word not in said, f"{where(path)} has {word}"


def test_the_door_of_terminals_is_put_up_before_any_command() -> None:
    tree = ast.parse((PACKAGE / "cli.py").read_text("utf-8"))
    (run,) = (
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "run"
    )
    called = [_called(node) for node in ast.walk(run) if isinstance(node, ast.Call)]
    assert "_terminal.install" in called


def test_words_of_the_book_are_completed_in_one_place() -> None:
    found = {
        where(path) for path in MODULES for name, _ in imports(path) if "CompletionItem" in name
    }
    assert found == {"cli.py", "commands/_types.py", "commands/watch.py"}
