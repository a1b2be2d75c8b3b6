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
ROOMS = {"click": ("cli.py", "commands/"), "jinja2": ("marketing/", "views/")}
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
        "book/git/client.py",
        "book/desktop.py",
        "transport/password.py",
        "transport/sendmail.py",
    }
    assert "book/git/client.py" in found


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
