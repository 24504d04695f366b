"""The page that a student gets back: points, what was judged and why, then the notebook; it loads nothing."""

from __future__ import annotations

import copy
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from coursekit.grading.classroom.gradebook import unread
from coursekit.grading.notebook.cleaning import clean_html, unpiled
from coursekit.grading.notebook.colours import coloured
from coursekit.grading.notebook.mistakes import NOTICE
from coursekit.language import translate
from coursekit.reading.marks import mark

_WORDS = {
    "answer": "Your answer",
    "check": "Points",
    "comment": "Comment",
    "late": "Handed in late",
    "notebook": "The notebook",
    "so_far": "so far",
    "unread": "not read yet",
}


class Page(HTMLExporter):
    """Writes nbgrader's feedback page in a template of the course.

    Its parent parses the finished page again, for the sake of `alt` alone, which takes longer than to make the page.
    """

    def __init__(self, config: Config | None = None, **options: Any) -> None:
        config = Config(config or {})
        folders = config.HTMLExporter.get("extra_template_basedirs", [])
        own = str(resources.files("coursekit.grading.notebook") / "templates")
        config.Page.update(template_name="returned", extra_template_basedirs=[own, *folders], preprocessors=[Unread])
        super().__init__(config=config, **options)  # type: ignore[no-untyped-call]

    def from_notebook_node(  # type: ignore[override]  # as of its parent
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Write the page; code is Python whatever the notebook says."""
        untyped: Any = self
        resources = untyped._init_resources(resources)  # noqa: SLF001 - its parent's
        widgets: Any = WidgetsDataTypeFilter
        untyped.register_filter("highlight_code", coloured)
        known = {"notebook_metadata": self._nb_metadata, "resources": resources}
        untyped.register_filter("filter_data_type", widgets(parent=self, **known))
        nb, resources["returned"] = _arranged(nb)
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **options)
        return unpiled(page), resources


class Unread(NbGraderPreprocessor):
    """Tells the answers that wait for a person: they have no points yet, which is not the same as none."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Ask the gradebook, where there is one."""
        about = resources["nbgrader"]
        if "db_url" not in about:
            return nb, resources
        with Gradebook(about["db_url"]) as book:
            about["unread"] = unread(book, about["assignment"], about["student"], about["notebook"])
        return nb, resources


def notice(text: str, stem: str, points: float, language: str, config: Config) -> str:
    """Write the page of a notebook of which there is nothing to show, and of which a text says why."""
    cell = nbformat.v4.new_markdown_cell(f"**{text}**")
    cell["id"] = NOTICE
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"coursekit": {"language": language}})
    about = {"notebook": stem, "score": 0.0, "max_score": points, "late_penalty": 0.0}
    return Page(config).from_notebook_node(notebook, {"nbgrader": about})[0]


def _arranged(notebook: NotebookNode) -> tuple[NotebookNode, dict[str, Any]]:
    """Take out of a notebook what stands above it; return both, and the words of the page in its language.

    That is why it could not be read, or else the verdicts: they say no more, then, than that nothing is written.
    """
    notebook = copy.deepcopy(notebook)
    language = notebook.metadata.get("coursekit", {}).get("language", "en")
    reasons = [cell.source for cell in notebook.cells if cell.get("id") == NOTICE]
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != NOTICE]
    names, verdicts = {}, []
    for cell in notebook.cells:
        known = mark(cell)
        if not known.grade:
            continue
        names[known.grade_id] = translate("Answer in words", language)
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("coursekit")
            if about:
                names[known.grade_id] = str(about["subject"])
                verdicts.append(clean_html(output.data["text/html"]) or "")
                cell.outputs = []
    words = {key: translate(text, language) for key, text in _WORDS.items()}
    told = {"language": language, "names": names, "words": words, "style": _style()}
    return notebook, {**told, "reasons": reasons, "verdicts": [] if reasons else verdicts}


@cache
def _style() -> str:
    """Return the style sheet, with colours for code on light and on dark."""
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    page = Path(str(resources.files("coursekit.grading.notebook") / "templates" / "returned" / "page.css")).read_text(
        "utf-8"
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{page}"
