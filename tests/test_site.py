"""The site: built without a warning, with links that lead somewhere, nothing to load, and no solution given away."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import snowballstemmer
import yaml
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

import coursekit
from coursekit.authoring import building
from coursekit.errors import BuildError
from coursekit.language import FOLDERS, twins
from tests.solutions import BUILT_IN, ROOT, SCRIPTS
from tests.test_notebooks import EVERY

pytestmark = pytest.mark.slow
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
COMMAND = [sys.executable, str(ROOT / "docs" / "build_site.py")]
TEXT = {".html", ".js", ".css", ".ipynb", ".txt", ".md", ".json", ".py"}


class Page(HTMLParser):
    """What a page says, what it can be entered at, where it leads, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.words: list[str] = []
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.pictures: list[dict[str, str]] = []
        self.language = ""
        self.feed(path.read_text(encoding="utf-8"))
        self.text = "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        self.anchors |= {about[name] for name in ("id", "name") if name in about}
        if tag == "html":
            self.language = about.get("lang", "")
        if tag == "a" and "href" in about:
            self.links.append(about["href"])
        if tag == "img":
            self.pictures.append(about)
        self.loads += [about[name] for name in ("src", "srcset", "data", "poster") if name in about]
        if tag == "link" and about.get("rel") not in ("index", "search", "next", "prev", "canonical"):
            self.loads.append(about["href"])

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make site` does."""
    before = in_the_tree()
    folder = tmp_path_factory.mktemp("built") / "site"
    run = subprocess.run([*COMMAND, folder], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert in_the_tree() == before
    return folder


def in_the_tree() -> dict[Path, float]:
    places = [ROOT / name for name in ("docs", "notebooks", "solutions")]
    files = [path for place in places for path in place.rglob("*") if "__pycache__" not in path.parts]
    return {path: path.stat().st_mtime for path in files if path.is_file()}


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def everything(site: Path, pages: dict[Path, Page]) -> str:
    """All that can be read on the site: pages without their tags, other files as they are, notebooks also unpacked."""
    files = [path for path in sorted(site.rglob("*")) if path.suffix in TEXT]
    assert {path.suffix for path in site.rglob("*") if path.is_file()} <= TEXT | {".png", ".svg", ".inv", ".map"}
    raw = [path.read_text(encoding="utf-8") for path in files]
    cells = [cell.source for path in files if path.suffix == ".ipynb" for cell in nbformat.read(path, 4).cells]
    text = "\n".join([*(page.text for page in pages.values()), *raw, *cells])
    return text.translate(str.maketrans("’“”\N{NO-BREAK SPACE}", '\'"" '))  # as it was written


@pytest.fixture
def notebooks(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return importlib.import_module("site_notebooks")


# what is there


def test_every_notebook_has_a_page_in_its_language_that_leads_to_the_other_one(site, pages):
    assert len(SCRIPTS) >= 9
    for folder, language in FOLDERS.items():
        (other,) = twins(folder)
        for script in (script for script, homes in BUILT_IN.items() if folder in homes):
            page = pages[site / folder / f"{script.stem}.html"]
            assert page.language == language
            assert (f"../{other}/{script.stem}.html" in page.links) == (other in BUILT_IN[script])
    assert {page.language for path, page in pages.items() if path.parent == site} == {"en", "fr"}


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_a_page_shows_the_outputs_of_a_finished_notebook(script, folder, site, pages):
    page = pages[site / folder / f"{script.stem}.html"]
    outputs = [output for cell in solved(script, folder).cells for output in cell.get("outputs", [])]
    printed = [output.text.strip() for output in outputs if output.output_type == "stream"]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert printed
    assert [text for text in printed if text not in page.text] == []
    assert len([each for each in page.pictures if each["src"].startswith("../_images/")]) == len(pictures)


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_a_page_offers_the_notebook_that_students_get(script, folder, site, pages):
    page = pages[site / folder / f"{script.stem}.html"]
    (link,) = [link for link in page.links if link.endswith(".ipynb")]
    given = (site / folder / link).resolve().read_bytes()
    assert given == (ROOT / "notebooks" / folder / f"{script.stem}.ipynb").read_bytes()


def test_every_picture_has_words(pages):
    pictures = [picture for page in pages.values() for picture in page.pictures]
    assert len(pictures) > 100
    assert [picture["src"] for picture in pictures if not picture.get("alt", "").strip()] == []


def test_what_coursekit_exports_is_in_the_reference(site, pages):
    entries = {anchor.removeprefix("module-") for anchor in pages[site / "reference.html"].anchors}
    exported = {name: getattr(coursekit, name) for name in coursekit.__all__}
    modules = {name for name, found in exported.items() if isinstance(found, ModuleType)}
    assert {f"coursekit.{name}" for name in exported.keys() - modules} <= entries
    assert {exported[name].__name__ for name in modules} <= entries


def test_every_module_of_the_grader_is_in_the_reference(site, pages):
    entries = pages[site / "reference_grader.html"].anchors | pages[site / "reference_tests.html"].anchors
    paths = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "coursekit" / "grading").rglob("[a-z]*.py")]
    assert {f"module-{'.'.join(path.parts)}" for path in paths} - entries == set()


def test_a_model_answer_is_folded_below_its_question_where_it_is_asked_for_and_the_code_stays_out(notebooks):
    for folder, summary in (("optimizers", "A model answer"), ("optimiseurs", "Une réponse possible")):
        script = SCRIPTS[0]
        released = nbformat.read(ROOT / "notebooks" / folder / f"{script.stem}.ipynb", as_version=4)
        plain, told = (notebooks.shown(released, solved(script, folder), "", answers=each) for each in (False, True))
        (changed,) = [new.source for old, new in zip(plain.cells, told.cells, strict=True) if old != new]
        code, *_, answer = regions(script, folder)
        assert summary in changed.split("</summary>")[0]
        assert changed.endswith(f"</summary>\n\n{answer}\n\n</details>")
        assert code.strip() not in "".join(cell.source for cell in told.cells)


# links, and what is loaded


def test_every_link_within_the_site_leads_somewhere(site, pages):
    broken = []
    for path, page in pages.items():
        for link in (*page.links, *page.loads):
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and target in pages and anchor not in pages[target].anchors):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert sum(len(page.links) for page in pages.values()) > 1000
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(site, pages):
    loaded = [url for page in pages.values() for url in page.loads if not url.startswith("data:")]
    for sheet in site.rglob("*.css"):
        loaded += re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8"))
    assert len(loaded) > 100
    assert [url for url in loaded if urlsplit(url).netloc] == []


def test_no_path_of_a_machine_is_on_the_site(site, everything):
    assert str(ROOT) not in everything
    assert f"{Path.home()}/" not in everything
    assert not re.search(r"/tmp/site-|site-packages", everything)


# no solution


def solved(script: Path, folder: str) -> nbformat.NotebookNode:
    return nbformat.read(building.target(script, folder), as_version=4)


def regions(script: Path, folder: str) -> Iterator[str]:
    """Return what a student is to write: the code between the marks, and the model answer."""
    for cell in solved(script, folder).cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            marked = re.findall(r"### BEGIN SOLUTION\n(.*?)\s*### END SOLUTION", cell.source, re.DOTALL)
            yield from marked if cell.cell_type == "code" else [cell.source]


@cache
def released() -> str:
    """Read the code and the words of the notebooks that students get."""
    notebooks = [nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").rglob("*.ipynb"))]
    return "\n".join(cell.source for notebook in notebooks for cell in notebook.cells)


def secrets(script: Path, folder: str) -> set[str]:
    """List the lines of the solutions, and the pieces of answers between formulas, that students are not given."""
    given = released()
    text = "\n".join(regions(script, folder))
    pieces = {piece.strip(" .,;:*") for line in text.splitlines() for piece in (line, *re.split(r"\$.*?\$|`|\*", line))}
    return {piece for piece in pieces if len(piece) > 8 and piece not in given}


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_no_line_of_a_solution_is_on_the_site(script, folder, everything):
    lines = secrets(script, folder)
    given_away = "\n".join(cell.source for cell in solved(script, folder).cells)
    assert len(lines) > 3
    assert {line for line in lines if line in given_away} == lines
    assert {line for line in lines if line in everything} == set()


@pytest.mark.parametrize(("script", "folder"), EVERY)
def test_the_search_finds_a_page_by_no_word_of_its_solution(script, folder, site):
    index = json.loads((site / "searchindex.js").read_text().removeprefix("Search.setIndex(").removesuffix(")"))
    number = index["docnames"].index(f"{folder}/{script.stem}")
    found = {
        word for word, pages in index["terms"].items() if number in (pages if isinstance(pages, list) else [pages])
    }
    given = nbformat.read(ROOT / "notebooks" / folder / f"{script.stem}.ipynb", as_version=4)
    outputs = [output for cell in solved(script, folder).cells for output in cell.get("outputs", [])]
    texts = [cell.source for cell in given.cells] + [output.get("text", "") for output in outputs]
    texts += [output.data["text/plain"] for output in outputs if "data" in output]
    shown = stems("\n".join([*texts, (ROOT / "docs" / "site_pages.py").read_text()]))
    own = {word for word in stems("\n".join(regions(script, folder))) - shown if len(word) > 3}
    assert own
    assert found & shown
    assert found & own == set()


def stems(text: str) -> set[str]:
    stem = snowballstemmer.stemmer("english").stemWord
    return {stem(word) for word in re.findall(r"[^\W\d]\w+", text.lower())}


def test_no_hidden_test_is_on_the_site(everything):
    example = (ROOT / "docs" / "authors.md").read_text() + released()
    files = (ROOT / "tests" / "hidden").glob("*.py")
    lines = {line.strip() for path in files for line in path.read_text().splitlines() if len(line.strip()) > 15}
    lines = {line for line in lines if line not in example}
    assert lines
    assert {line for line in lines if line in everything} == set()


def test_the_seed_of_the_course_is_not_on_the_site(everything):
    (seed,) = re.findall(r"^c\.Grade\.seed = (\d+)", (ROOT / "nbgrader_config.py").read_text(), re.MULTILINE)
    assert seed not in everything


def test_a_notebook_is_refused_that_is_not_what_students_get(notebooks):
    script = SCRIPTS[0]
    released = nbformat.read(ROOT / "notebooks" / "optimizers" / f"{script.stem}.ipynb", as_version=4)
    instructors = solved(script, "optimizers")
    (number, *_) = [n for n, cell in enumerate(instructors.cells) if cell.get("outputs")]
    instructors.cells[number].source += "\n# changed"
    with pytest.raises(BuildError, match=r"^01_sgd, cell .* is another one in `solutions`.*make notebooks"):
        notebooks.shown(released, instructors, "01_sgd")
    del instructors.cells[number]
    with pytest.raises(BuildError, match=r"^01_sgd has other cells .*make notebooks"):
        notebooks.shown(released, instructors, "01_sgd")


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    run = subprocess.run([*COMMAND, tmp_path], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "holds something that is no site" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


# formulas


def test_no_formula_is_left_as_it_was_written(pages):
    assert sum("<math" in path.read_text(encoding="utf-8") for path in pages) >= 18
    for path, page in pages.items():
        assert not re.search(r"\$[^$\n]*\\[a-z]+[^$\n]*\$|\\(frac|sqrt|beta|theta|text)\b", page.text), path.name


@pytest.mark.parametrize("name", ["optimizers/04_adam", "optimiseurs/09_lr_on_plateau"])
@pytest.mark.browser
def test_formulas_are_set_and_nothing_is_asked_of_the_network(name, site, browser):
    page = window(browser, 1200)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / f"{name}.html").as_uri(), wait_until="load")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("math")].filter((each) => !each.closest("details"))
            .map((each) => each.getBoundingClientRect()).map((box) => [box.width, box.height])"""
    )
    assert len(sizes) > 20
    assert [size for size in sizes if min(size) <= 2] == []
    stacked = page.evaluate(
        """() => [...document.querySelectorAll("math[display=block] mfrac")]
            .map((each) => [...each.children].map((part) => part.getBoundingClientRect().top))"""
    )
    assert all(above < below for above, below in stacked)
    assert stacked or name.startswith("optimiseurs")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


@pytest.mark.parametrize("name", ["index", "students", "optimizers/06_evaluation", "reference_tests"])
@pytest.mark.browser
def test_no_page_is_wider_than_the_window(name, site, browser):
    page = window(browser, 1600)
    page.goto((site / f"{name}.html").as_uri(), wait_until="load")
    for width in (1600, 1350, 1000, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    page.close()


def window(browser: Browser, width: int) -> Window:
    """Open a window, which takes the time that it takes."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(0)
    return page


# the files of a public project


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == VERSION
    assert citation["license"] == "MIT"
    assert citation["authors"] == [{"name": "The coursekit developers"}]
    assert {"title", "message"} <= citation.keys()


def test_the_changelog_names_this_version():
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## {re.escape(VERSION)} - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE)
