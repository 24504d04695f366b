"""The first cell of a notebook: one line when all is well, and what to do when it is not."""

import os
import subprocess
import sys

import pytest

import coursekit
from coursekit.student import doctor as equipment


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("COURSEKIT_LANGUAGE", "en")


def test_all_is_well_in_one_line(capsys):
    coursekit.doctor()
    assert capsys.readouterr().out == "All is well: the notebook can be run.\n"


@pytest.mark.parametrize(("module", "package"), [("torch", "torch"), ("PIL", "pillow"), ("ipywidgets", "ipywidgets")])
def test_what_is_missing_is_named_with_the_command_that_installs_it(module, package, monkeypatch, capsys):
    monkeypatch.setattr(equipment, "find_spec", lambda name: None if name == module else object())
    coursekit.doctor()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"✗ {package} is missing")
    assert f"%pip install {package}" in line


def test_folder_that_cannot_be_written_to_is_said(monkeypatch, capsys):
    monkeypatch.setattr(os, "access", lambda *_: False)
    coursekit.doctor()
    assert "your work would not be saved" in capsys.readouterr().out


def test_old_python_is_said(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    coursekit.doctor()
    assert "Python is too old" in capsys.readouterr().out


def test_doctor_works_where_torch_cannot_be_imported():
    code = "import sys; sys.modules['torch'] = None; import coursekit; coursekit.doctor()"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("✗ torch")
