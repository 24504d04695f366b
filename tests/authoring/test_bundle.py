"""What a student without a hub gets, and one who installs nothing."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import threading
import venv
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from coursekit.cli import main
from coursekit.grading.submission.graft import graft
from coursekit.grading.submission.reading import read
from tests.grading.tiny import FOLDERS
from tests.solutions import ROOT

PLACE = "owner/name"
# Older than a desk at home needs, with what newer ones no longer use.
COLAB = ("ipython==7.34.0", "ipykernel==6.17.1", "ipywidgets==7.7.1", "setuptools<80")
OLD = ("backcall", "decorator", "ipython-genutils", "nest-asyncio", "pickleshare")


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the bundles that are to lie in a public repository."""
    folder = tmp_path_factory.mktemp("public")
    assert main(["bundle", str(folder), "--course", str(ROOT), f"--repository=https://github.com/{PLACE}.git"]) == 0
    for name in FOLDERS:
        with zipfile.ZipFile(folder / f"{name}.zip") as bundle:
            bundle.extractall(folder)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> str:
    """Make a Python with all the packages of this environment but coursekit, and with Colab's IPython."""
    desk = tmp_path / "desk"
    venv.create(desk)
    python = str(desk / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", *COLAB, *OLD]
    subprocess.run(install, check=True)
    others = tmp_path / "others"
    others.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "coursekit" not in entry.name:
            (others / entry.name).symlink_to(entry)
    (next(desk.glob("lib/python*/site-packages")) / "others.pth").write_text(str(others))
    return python


@pytest.fixture
def server(public: Path) -> Iterator[str]:
    """Serve the unpacked bundle of the English class on loopback, in place of GitHub."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=public / "optimizers")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


def test_a_bundle_holds_what_a_student_needs_and_no_secret(tmp_path):
    assert main(["bundle", str(tmp_path), "--course", str(ROOT)]) == 0
    for name in ("optimizers", "optimiseurs"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as bundle:
            names = bundle.namelist()
            wheel = next(entry for entry in names if entry.endswith(".whl"))
            bundle.extract(wheel, tmp_path)
            text = "".join(bundle.read(entry).decode() for entry in names if entry.endswith(".ipynb"))
            how_to = bundle.read(f"{name}/README.md").decode()
        assert sum(entry.endswith(".ipynb") for entry in names) == 9
        assert f"{name}/environment.yml" in names
        assert "SOLUTION" not in text
        assert {*re.findall(r"coursekit-\S+", how_to)} == {Path(wheel).name}
        assert how_to.count(Path(wheel).name) == 4
        with zipfile.ZipFile(tmp_path / wheel) as package:
            inside = package.namelist()
            about = "".join(package.read(entry).decode() for entry in inside if ".dist-info/" in entry)
        assert "coursekit/french/messages.toml" in inside
        secret = ("hidden", "solutions", "sample/", "coursekit/grading", "coursekit/authoring", "cli.py")
        assert [entry for entry in inside if any(each in entry for each in secret)] == []
        assert not re.search("grading|nbgrader|extra|console_scripts|pytest", about)


def test_an_address_that_is_no_repository_is_refused_with_the_mend(tmp_path, capsys):
    assert main(["bundle", str(tmp_path / "to"), "--course", str(ROOT), "--repository=owner/name"]) == 1
    assert "such as https://github.com/owner/name" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(("folder", "language"), FOLDERS.items())
def test_every_public_notebook_opens_itself_on_colab_and_binder(public, folder, language):
    paths = sorted((public / folder).glob("*.ipynb"))
    assert len(paths) == 9
    for path in paths:
        title, badges, *_ = nbformat.read(path, as_version=4).cells
        assert title.source.startswith("# ")
        assert re.findall(r"\]\((\S+)\)\]\((\S+)\)", badges.source) == [
            (
                "https://colab.research.google.com/assets/colab-badge.svg",
                f"https://colab.research.google.com/github/{PLACE}/blob/main/{path.name}",
            ),
            (
                "https://mybinder.org/badge_logo.svg",
                f"https://mybinder.org/v2/gh/{PLACE}/main?urlpath=lab/tree/{path.name}",
            ),
        ]
        assert ("Ouvrir dans Colab" if language == "fr" else "Open in Colab") in badges.source


def test_public_notebooks_are_graded_as_the_others_are(public):
    paths = sorted((public / "optimizers").glob("*.ipynb"))
    assert len(paths) == 9
    for path in paths:
        released = nbformat.read(ROOT / "notebooks" / "optimizers" / path.name, as_version=4)
        submission, odd = read(path.read_bytes())
        notebook, oddities = graft(submission, released)
        assert (odd, oddities) == ((), ())
        assert notebook.cells == released.cells


def test_what_is_written_into_the_set_up_of_a_public_notebook_counts(public):
    notebook = nbformat.read(public / "optimizers" / "01_sgd.ipynb", as_version=4)
    set_up = next(cell for cell in notebook.cells if cell.cell_type == "code")
    set_up.source += "\nclass SGD: pass"
    grafted, _ = graft(
        read(nbformat.writes(notebook).encode())[0],
        nbformat.read(ROOT / "notebooks" / "optimizers" / "01_sgd.ipynb", as_version=4),
    )
    assert any(cell.source == set_up.source for cell in grafted.cells)


def test_the_set_up_does_nothing_where_coursekit_is(public, tmp_path):
    said = run(sys.executable, opening(public, "http://127.0.0.1:9"), tmp_path)
    assert said.splitlines() == ["All is well: the notebook can be run."]


@pytest.mark.slow
@pytest.mark.server
def test_the_set_up_installs_coursekit_where_it_is_missing(public, server, elsewhere, tmp_path):
    assert "No module named" in run(elsewhere, "import coursekit", tmp_path)
    said = run(elsewhere, f"{opening(public, server)}\nprint(coursekit.__file__)", tmp_path)
    assert "All is well: the notebook can be run." in said
    assert said.splitlines()[-1].startswith(str(Path(elsewhere).parents[1]))
    run_whole(public / "optimizers", "09_lr_on_plateau", elsewhere, tmp_path)


def run_whole(folder: Path, stem: str, python: str, tmp_path: Path) -> None:
    """Run a notebook with its solution as another desk does; pictures and sliders must come of it."""
    kernel = tmp_path / "kernels" / "elsewhere"
    kernel.mkdir(parents=True)
    command = [python, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "elsewhere"}))
    notebook = nbformat.read(folder / f"{stem}.ipynb", as_version=4)
    solved = nbformat.read(ROOT / "solutions" / "optimizers" / f"{stem}.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in solved.cells}
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    path = tmp_path / f"{stem}.ipynb"
    nbformat.write(notebook, path)
    execute = str(Path(sys.executable).with_name("jupyter-execute"))
    environment = {**os.environ, "JUPYTER_PATH": str(tmp_path)}
    patient = ["--startup_timeout=600", "--NotebookClient.iopub_timeout=600"]
    with tempfile.TemporaryDirectory() as sockets:  # another program may take a port before the kernel does
        reached = ["--KernelManager.transport=ipc", f"--KernelManager.ip={sockets}/k"]
        command = [execute, "--inplace", "--kernel_name=elsewhere", *patient, *reached, str(path)]
        subprocess.run(command, check=True, env=environment)
    notebook = nbformat.read(path, as_version=4)
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output.text for output in shown if output.get("name") == "stderr"]
    kinds = Counter(kind for output in shown for kind in output.get("data", {}))
    assert kinds["image/png"] > 5
    assert kinds["application/vnd.jupyter.widget-view+json"] == 1


def opening(public: Path, address: str) -> str:
    """Return the code at the top of a public notebook, with another address in place of GitHub's."""
    cells = nbformat.read(public / "optimizers" / "01_sgd.ipynb", as_version=4).cells
    set_up, first, *_ = (cell.source for cell in cells if cell.cell_type == "code")
    installing = f"https://github.com/{PLACE}/raw/main"
    assert installing in set_up
    return f"{set_up.replace(installing, address)}\n{first}"


def run(python: str, cells: str, folder: Path) -> str:
    """Run code as IPython does, and give what it prints."""
    script = folder / "cells.ipy"
    script.write_text(cells)
    command = [python, "-P", "-m", "IPython", "--colors=NoColor", str(script)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout
