"""What a person does with a notebook in JupyterLab, or in Notebook 7."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import TOKEN

NUMBERS = """() => [...document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt")]
    .map((each) => Number(each.textContent.match(/[0-9]+/)))"""


@dataclass(frozen=True)
class Notebook:
    """A notebook that is open, with a kernel that waits."""

    page: Page

    @classmethod
    def open(cls, page: Page, address: str, path: str, desk: str = "lab/tree") -> Notebook:
        page.goto(f"{address}/{desk}/{path}?reset&token={TOKEN}")
        if desk == "lab/tree":
            expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
        else:
            expect(page.locator(".jp-NotebookKernelStatus-fade")).to_be_attached()  # Notebook 7 shows no word
        return cls(page)

    def cell(self, text: str) -> Locator:
        """Find the code cell whose source holds a text."""
        return self.page.locator(".jp-CodeCell", has=self.page.locator(".jp-InputArea", has_text=text))

    def output(self, text: str) -> Locator:
        """Find what stands under the code cell whose source holds a text."""
        return self.cell(text).locator(".jp-OutputArea-output")

    def write(self, text: str, source: str) -> None:
        """Replace what stands in the code cell whose source holds a text."""
        self._replace(self.cell(text), source)

    def answer(self, question: str, source: str) -> None:
        """Replace what stands in the Markdown cell after the one that shows a question."""
        cell = self.page.locator(".jp-MarkdownCell", has_text=question).locator("+ .jp-MarkdownCell")
        cell.locator(".jp-RenderedMarkdown").dblclick()
        self._replace(cell, source)

    def _replace(self, cell: Locator, source: str) -> None:
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run_all(self) -> None:
        """Choose "Run All Cells" in the menu, and wait until they are through, or one has failed."""
        self._run("Run All Cells", self.page.locator(".jp-CodeCell").first)

    def run_from(self, text: str) -> None:
        """Click into the code cell whose source holds a text, and run it and all below."""
        self.cell(text).locator(".cm-content").click()
        self._run("Run Selected Cell and All Below", self.cell(text))

    def _run(self, entry: str, first: Locator) -> None:
        before = max(self.page.evaluate(NUMBERS))
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()
        expect(first.locator(".jp-InputPrompt")).to_have_text(f"[{before + 1}]:")
        expect(self.page.locator(".jp-CodeCell .jp-InputPrompt", has_text="*")).to_have_count(0)

    def run(self, text: str) -> None:
        """Run one cell with the keyboard."""
        before = max(self.page.evaluate(NUMBERS))
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text(f"[{before + 1}]:")

    def validate(self) -> str:
        """Press nbgrader's button, and give what the dialog says; `close_dialog` closes it."""
        self.page.get_by_role("button", name="Validate").click()
        dialog = self.page.locator(".jp-Dialog", has_text="Validation Results")
        expect(dialog).to_be_visible()
        return dialog.inner_text()

    def close_dialog(self) -> None:
        self.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)

    def show(self, place: Locator) -> None:
        """Scroll so that the beginning of something is at the top."""
        place.first.evaluate("(each) => each.scrollIntoView()")
