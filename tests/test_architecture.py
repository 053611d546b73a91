"""The five laws and the floor plan, kept by reading the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "fivetabs"
FILES = sorted(SOURCE.rglob("*.py"))
HOUSES = sorted(p for p in (SOURCE / "providers").iterdir() if (p / "__init__.py").exists())
ROOMS = ("settings", "port", "auth", "live", "demo", "shapes", "rules", "tools")
DOORS = frozenset({"live", "auth", "settings"})
OUTSIDE = frozenset(
    ("os", "subprocess", "socket", "pathlib", "shutil", "tempfile", "io", "urllib", "http")
)
SHELLS = frozenset(("os.system", "os.popen", "asyncio.create_subprocess_shell"))
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS = frozenset(
    ("list", "dict", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray")
)


def trees(files: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    for file in files:
        yield file.relative_to(SOURCE), ast.parse(file.read_text("utf-8"))


def may_touch_the_outside(file: Path) -> bool:
    parts = file.with_suffix("").parts
    house_door = parts[:1] == ("providers",) and len(parts) > 2 and parts[2] in DOORS
    return house_door or parts[:1] == ("cli",) or parts[:2] == ("app", "store")


def test_only_doors_touch_files_processes_and_the_network() -> None:
    found = [
        f"{file}: {ast.unparse(node)}"
        for file, tree in trees(FILES)
        if not may_touch_the_outside(file)
        for node in ast.walk(tree)
        if _touches(node)
    ]
    assert not found


def _touches(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(name.name.split(".")[0] in OUTSIDE for name in names)
        case ast.ImportFrom(module=str(module)):
            return module.split(".")[0] in OUTSIDE
        case ast.Call(func=ast.Name(id="open" | "exec" | "eval" | "__import__")):
            return True
        case ast.Attribute(value=ast.Name(id="asyncio"), attr=attribute):
            return attribute.startswith(("create_subprocess", "open_", "start_"))
        case _:
            return False


def test_nothing_at_module_level_can_be_changed() -> None:
    found = [
        f"{file}:{node.lineno}"
        for file, tree in trees(FILES)
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and _mutable(node)
    ]
    assert not found


def _mutable(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
        return False
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in MUTABLE_CALLS
    return isinstance(value, MUTABLE)


def test_no_function_reaches_for_a_global() -> None:
    found = [
        f"{file}:{node.lineno}"
        for file, tree in trees(FILES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Global)
    ]
    assert not found


def test_no_shell_is_ever_started() -> None:
    found = [
        f"{file}: {ast.unparse(node)}"
        for file, tree in trees(FILES)
        for node in ast.walk(tree)
        if (isinstance(node, ast.keyword) and node.arg == "shell")
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in SHELLS)
    ]
    assert not found


@pytest.mark.parametrize("house", HOUSES, ids=lambda h: h.name)
def test_every_house_has_the_same_rooms(house: Path) -> None:
    have = {p.stem for p in house.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert have - {"__init__"} == set(ROOMS)


def test_the_four_houses_are_there() -> None:
    assert [h.name for h in HOUSES] == ["aws", "docker", "kubernetes", "terraform"]


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SOURCE)))
def test_a_file_says_its_role_and_is_short(file: Path) -> None:
    text = file.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says its role in its docstring"
    assert text.count("\n") <= 250
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            assert length <= 30, f"{node.name} has {length} lines"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SOURCE)))
def test_no_name_says_nothing(file: Path) -> None:
    words = set(file.relative_to(SOURCE).with_suffix("").parts)
    assert not words & {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}


def test_every_tool_lives_in_a_tools_room_and_every_rule_in_a_rules_room() -> None:
    for file, tree in trees(FILES):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for decorator in node.decorator_list:
                    name = _decorator(decorator)
                    if name in {"read", "change", "destroy"}:
                        assert "tools" in file.parts, f"{file}: {node.name}"
                    if name == "rule":
                        assert "rules" in file.parts, f"{file}: {node.name}"


def _decorator(node: ast.expr) -> str:
    called = node.func if isinstance(node, ast.Call) else node
    return called.id if isinstance(called, ast.Name) else ""
