"""Finds the texts that are to be translated, in Python and in templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import template as template_language


class Text(NamedTuple):
    """One text to translate."""

    context: str | None
    singular: str
    plural: str | None = None


# What each function takes before other arguments: c(ontext), s(ingular), p(lural).
SHAPES = {
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "_": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
TRANSLATION_MODULE = "django.utils.translation"

_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.S)
_ONE_LITERAL = re.compile(_LITERAL, re.S)


class Owner(NamedTuple):
    """An app and the files whose texts its catalogues hold."""

    name: str
    python: list[Path]
    templates: list[Path]

    def texts(self) -> set[Text]:
        """All its texts."""
        found = {text for path in self.python for text in texts_in_python(path.read_text(encoding="utf-8"))}
        for path in self.templates:
            found.update(texts_in_template(path.read_text(encoding="utf-8"), str(path)))
        return merged(found)


def owners(root: Path, apps: Iterable[str], rest: str) -> list[Owner]:
    """Each app with its Python and the templates in its folder; templates of no app belong to `rest`."""
    names = [name for name in apps if (root / name).is_dir()]
    templates: dict[str, list[Path]] = {name: [] for name in names}
    for path in sorted((root / "templates").rglob("*.*")):
        folder = path.relative_to(root / "templates").parts[0]
        if path.suffix in {".html", ".txt", ".js", ".webmanifest"}:
            templates[folder if folder in templates else rest].append(path)
    return [Owner(name, python_files(root / name), templates[name]) for name in names]


def python_files(folder: Path) -> list[Path]:
    """The app's own code, without migrations, which store texts of the past."""
    return sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)


def texts_in_python(source: str) -> Iterator[Text]:
    """The texts in Python code, also under the names that it imports the functions by."""
    tree = ast.parse(source)
    names = aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            shape = SHAPES.get(names.get(called_name(node.func), ""), "")
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            literals = [text for text in texts[: len(shape)] if isinstance(text, str)]
            if shape and len(literals) == len(shape):
                yield shaped(shape, literals)


def aliases(tree: ast.Module) -> dict[str, str]:
    """The local names of the translation functions."""
    known = {name: name for name in SHAPES if name != "_"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION_MODULE:
            known |= {item.asname or item.name: item.name for item in node.names}
    return known


def called_name(function: ast.expr) -> str:
    """`f` of `f(…)` and of `module.f(…)`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def texts_in_template(source: str, origin: str) -> Iterator[Text]:
    """The texts in a Django template."""
    for match in _CALL.finditer(template_language.templatize(source, origin=origin)):
        shape = SHAPES[match[1]]
        literals = [ast.literal_eval(literal) for literal in _ONE_LITERAL.findall(match[2])]
        if len(literals) >= len(shape):
            yield shaped(shape, literals)


def shaped(shape: str, literals: list[str]) -> Text:
    """The text that these arguments stand for."""
    found = dict(zip(shape, literals, strict=False))
    return Text(found.get("c"), found["s"], found.get("p"))


def merged(texts: Iterable[Text]) -> set[Text]:
    """One entry per text: where it is used both with and without a plural, the one with the plural."""
    best: dict[tuple[str | None, str], Text] = {}
    for text in sorted(texts, key=lambda text: text.plural or ""):
        best[text.context, text.singular] = text
    return set(best.values())
