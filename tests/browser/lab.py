"""What a person does with a notebook in JupyterLab, or in Notebook 7."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import TOKEN

NUMBERS = "(prompts) => prompts.map((each) => Number(each.textContent.match(/[0-9]+/)))"


def enter(page: Page, address: str) -> None:
    """Open JupyterLab, with nothing in it."""
    page.goto(f"{address}/lab?reset&token={TOKEN}")


@dataclass(frozen=True)
class Notebook:
    """A notebook that is open, with a kernel that waits."""

    page: Page

    @classmethod
    def open(cls, page: Page, path: str) -> Notebook:
        """Open a notebook in JupyterLab, beside what is open there."""
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_role("menuitem", name="Open from Path…").click()
        dialog = page.locator(".jp-Dialog")
        dialog.get_by_role("textbox").fill(path)
        dialog.get_by_role("button", name="Open").click()
        expect(page.locator("#jp-main-dock-panel .lm-mod-current")).to_contain_text(PurePosixPath(path).name)
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
        return cls(page)

    @classmethod
    def open_alone(cls, page: Page, address: str, path: str) -> Notebook:
        """Open a notebook in Notebook 7."""
        page.goto(f"{address}/notebooks/{path}?token={TOKEN}")
        expect(page.locator(".jp-NotebookKernelStatus-fade")).to_be_attached()  # it shows no word
        return cls(page)

    @property
    def panel(self) -> Locator:
        """The notebook itself, without those in other tabs."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def cell(self, text: str) -> Locator:
        """Find the code cell whose source holds a text."""
        return self.panel.locator(".jp-CodeCell", has=self.page.locator(".jp-InputArea", has_text=text))

    def output(self, text: str) -> Locator:
        """Find what stands under the code cell whose source holds a text."""
        return self.cell(text).locator(".jp-OutputArea-output")

    def write(self, text: str, source: str) -> None:
        """Replace what stands in the code cell whose source holds a text."""
        self._replace(self.cell(text), source)

    def answer(self, question: str, source: str) -> None:
        """Replace what stands in the Markdown cell after the one that shows a question."""
        cell = self.panel.locator(".jp-MarkdownCell", has_text=question).locator("+ .jp-MarkdownCell")
        cell.locator(".jp-RenderedMarkdown").dblclick()
        self._replace(cell, source)

    def _replace(self, cell: Locator, source: str) -> None:
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run_all(self) -> None:
        """Choose "Run All Cells" in the menu, and wait until they are through, or one has failed."""
        self._run("Run All Cells", self.panel.locator(".jp-CodeCell").first)

    def run_from(self, text: str) -> None:
        """Click into the code cell whose source holds a text, and run it and all below."""
        self.cell(text).locator(".cm-content").click()
        self._run("Run Selected Cell and All Below", self.cell(text))

    def _run(self, entry: str, first: Locator) -> None:
        before = self._count()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()
        expect(first.locator(".jp-InputPrompt")).to_have_text(f"[{before + 1}]:")
        expect(self.panel.locator(".jp-CodeCell .jp-InputPrompt", has_text="*")).to_have_count(0)

    def _count(self) -> int:
        """Count what the kernel has run so far."""
        return max(self.panel.locator(".jp-CodeCell .jp-InputPrompt").evaluate_all(NUMBERS))

    def run(self, text: str) -> None:
        """Run one cell with the keyboard."""
        before = self._count()
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text(f"[{before + 1}]:")

    def validate(self) -> str:
        """Press nbgrader's button, and give what the dialog says; `close_dialog` closes it."""
        self.panel.get_by_role("button", name="Validate").click()
        dialog = self.page.locator(".jp-Dialog", has_text="Validation Results")
        expect(dialog).to_be_visible()
        return dialog.inner_text()

    def close_dialog(self) -> None:
        self.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    def show(self, place: Locator) -> None:
        """Scroll so that the beginning of something is at the top."""
        place.first.evaluate("(each) => each.scrollIntoView()")
