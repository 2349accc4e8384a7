"""The architecture: imports point upstream, without a cycle, and modules stay short enough to read."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rag", "ui", "evals")
MAX_LINES = 300


def sources(root: Path) -> dict[str, Path]:
    """Module name to file, of all packages."""
    return {
        ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
        for package in PACKAGES
        for file in sorted((root / package).rglob("*.py"))
    }


def imported(tree: ast.AST, known: Mapping[str, object], package: str) -> Iterator[str]:
    """The modules of ours that a module imports, anywhere in it; `package` is where its relative imports begin."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            levels = package.split(".")
            above = levels[: len(levels) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                name = f"{module}.{alias.name}"
                if name in known or module in known:
                    yield name if name in known else module


def imports(root: Path) -> dict[str, set[str]]:
    """Module to the modules of ours that it imports."""
    files = sources(root)
    return {
        name: set(
            imported(
                ast.parse(file.read_text(encoding="utf-8")),
                files,
                name if file.name == "__init__.py" else name.rpartition(".")[0],
            )
        )
        for name, file in files.items()
    }


ARROWS = imports(ROOT)
FILES = sources(ROOT)


def test_the_walk_sees_imports_of_every_form(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / "rag").mkdir(exist_ok=True)
        (tmp_path / "rag" / f"{name}.py").write_text("")
    (tmp_path / "rag" / "__init__.py").write_text("from rag.a import x")
    (tmp_path / "rag" / "a.py").write_text("import json, rag.b\ndef f():\n    from rag import c\n    from . import d\n")
    (tmp_path / "rag" / "b.py").write_text("if True:\n    from .c import x\nclass A:\n    from rag import x\n")
    assert imports(tmp_path) == {
        "rag": {"rag.a"},
        "rag.a": {"rag.b", "rag.c", "rag.d"},
        "rag.b": {"rag.c", "rag"},
        "rag.c": set(),
        "rag.d": set(),
    }


def test_no_import_closes_a_cycle() -> None:
    try:
        TopologicalSorter(ARROWS).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize(("package", "never"), [("rag", "ui"), ("rag", "evals"), ("evals", "ui")])
def test_a_package_imports_none_downstream(package: str, never: str) -> None:
    arrows = [
        (name, other)
        for name, others in ARROWS.items()
        for other in others
        if name.split(".", maxsplit=1)[0] == package
    ]
    assert arrows
    assert [arrow for arrow in arrows if arrow[1].split(".")[0] == never] == []


@pytest.mark.parametrize("leaf", ["rag.types", "rag.errors"])
def test_a_leaf_imports_nothing_of_ours(leaf: str) -> None:
    assert ARROWS[leaf] == set()


@pytest.mark.parametrize("name", FILES)
def test_a_module_is_short_and_says_what_it_is(name: str) -> None:
    text = FILES[name].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    assert ast.get_docstring(ast.parse(text))
