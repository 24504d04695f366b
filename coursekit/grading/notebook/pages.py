"""The page that a student gets back: points, what was judged and why, then the notebook; it loads nothing."""

from __future__ import annotations

import copy
import datetime as dt
import re
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from coursekit.grading.classroom.gradebook.book import opened
from coursekit.grading.classroom.gradebook.points import returned
from coursekit.grading.notebook.cleaning import clean_html, unpiled
from coursekit.grading.notebook.colours import coloured
from coursekit.grading.notebook.execute import BUSY, SLOW, TOO_LONG, cut
from coursekit.grading.notebook.heading import comment, heading, headings, title
from coursekit.grading.notebook.mistakes import NOTICE
from coursekit.language import Say, language_of, saying, translate
from coursekit.reading.marks import mark

STUDENT = "\ue000"  # stands for the name of a student on a page that many have

_WORDS = {
    "answer": "Your answer",
    "check": "Points",
    "comment": "Comment",
    "late": "Handed in late",
    "missing": "What this cell shows is missing.",
    "notebook": "The notebook",
    "picture": "A picture without a description",
    "top": "To the top of the page",
    "under": "What is missing stands under:",
}
_NEIGHBOUR = re.compile(r'(<a href="[\w.-]+)\.ipynb(?=["#])')


class Page(HTMLExporter):
    """Writes nbgrader's feedback page in a template of the course.

    Its parent parses the finished page again, for the sake of `alt` alone, which takes longer than to make the page.
    """

    def __init__(self, config: Config | None = None, **options: Any) -> None:
        config = Config(config or {})
        folders = config.HTMLExporter.get("extra_template_basedirs", [])
        own = str(resources.files("coursekit.grading.notebook") / "templates")
        config.Page.update(template_name="returned", extra_template_basedirs=[own, *folders], preprocessors=[Recorded])
        super().__init__(config=config, **options)  # type: ignore[no-untyped-call]
        self.environment.bytecode_cache = _COMPILED

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
        return _NEIGHBOUR.sub(r"\1.html", unpiled(page)), resources


class Recorded(NbGraderPreprocessor):
    """Tells what the gradebook knows: who the student is, when the work was handed in, and who gave which points."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Ask the gradebook, where there is one."""
        about = resources["nbgrader"]
        about["course"] = self.config.CourseDirectory.get("course_id", "")
        if "db_url" not in about:
            return nb, resources
        about["graded"] = dt.datetime.now(dt.UTC)
        with opened(about["db_url"]) as book:
            about["returned"] = returned(book, about["assignment"], about["student"], about["notebook"])
        return nb, resources


class _Compiled(BytecodeCache):
    """Remembers templates, which take longer to compile than to fill in; every student's pages have a new exporter."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._kept.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def notice(text: str, release: Path, points: float, config: Config) -> str:
    """Write the page of a released notebook of which there is nothing to show, and of which a text says why.

    It is the same for all students, with `STUDENT` in the place of the name.
    """
    released = nbformat.read(release, as_version=4) if release.is_file() else nbformat.v4.new_notebook()
    language = language_of(release) or "en"
    cell = nbformat.v4.new_markdown_cell(f"**{translate(text, language)}**")
    cell["id"] = NOTICE
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata=released.metadata)
    about = {"assignment": release.parent.name, "notebook": release.stem, "student": STUDENT, "title": title(released)}
    sums = {"score": 0.0, "max_score": points, "late_penalty": 0.0}
    return Page(config).from_notebook_node(notebook, {"nbgrader": about | sums})[0]


def _arranged(notebook: NotebookNode) -> tuple[NotebookNode, dict[str, Any]]:
    """Take out of a notebook what stands above it; return both, and the words of the page in its language.

    That is why it could not be read, or else the verdicts: they say no more, then, than that nothing is written.
    """
    notebook = copy.deepcopy(notebook)
    language = notebook.metadata.get("coursekit", {}).get("language", "en")
    say = saying(language)
    reasons = [cell.source for cell in notebook.cells if cell.get("id") == NOTICE]
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") != NOTICE]
    found = {}
    for cell in notebook.cells:
        known = mark(cell)
        for output in cell.get("outputs", []) if known.grade else ():
            about = output.get("metadata", {}).get("coursekit")
            if about:
                found[known.grade_id] = str(about["subject"]), clean_html(output.data["text/html"]) or ""
                cell.outputs = []
    told = {
        "language": language,
        "words": {key: say(text) for key, text in _WORDS.items()},
        "style": style_sheet(),
        "reasons": reasons,
        "heading": partial(heading, found=found, say=say),
        "comment": comment,
        "cut": _cut(notebook, say),
        "missing": _missing(notebook),
    }
    return notebook, told


def _cut(notebook: NotebookNode, say: Say) -> str:
    """Say why not all of a notebook was run, "" where it was."""
    why = cut(notebook)
    if why == BUSY:
        return say(
            "The machine was busy when this page was made, and not all of the notebook was run. The page will be made"
            " again. The points do not depend on it."
        )
    told = say(why).rstrip(".")
    return why and say("Not all of the notebook was run. {reason}. The points do not depend on it.", reason=told)


def _missing(notebook: NotebookNode) -> dict[str, int]:
    """Mark with a number the cells that were not run to their end; return the first under each heading."""
    why = cut(notebook)
    found: dict[str, int] = {}
    if not why:
        return found
    ran = [cell for cell in notebook.cells if cell.get("execution_count")]
    last = ran[-1] if ran and why not in (BUSY, SLOW) else None  # in it, all ended
    section, number = "", 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            section = (headings(cell.source) or [section])[-1]
        elif cell.cell_type == "code" and cell.source.strip() and not mark(cell).grade:
            hung = any(output.get("ename") == TOO_LONG for output in cell.outputs)
            if cell is last or not cell.execution_count or (hung and why == BUSY):
                number += 1
                cell.metadata["missing"] = number
                found.setdefault(section, number)
    return found


@cache
def style_sheet() -> str:
    """Return the style sheet, with colours for code on light and on dark."""
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    templates = resources.files("coursekit.grading.notebook") / "templates"
    page = (templates / "returned" / "page.css").read_text(encoding="utf-8")
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n{page}"
