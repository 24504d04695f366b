"""A file that the grader writes is there whole or not at all, and is on the disk before it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coursekit.grading.files import sync, write_at_once


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what is put on the disk, in order: the names of files and folders."""
    noted: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda handle: noted.append(Path(f"/proc/self/fd/{handle}").readlink().name))
    return noted


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="a handle does not tell its file")
def test_a_file_is_on_the_disk_before_it_is_there_and_so_is_its_name(tmp_path, synced):
    write_at_once(tmp_path / "made" / "file", b"whole")
    draft, folder = synced
    assert draft.startswith(".")
    assert folder == "made"
    assert (tmp_path / "made" / "file").read_bytes() == b"whole"


def test_a_file_that_cannot_be_put_on_the_disk_leaves_the_old_one(tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(OSError, match="No space"):
        write_at_once(tmp_path / "file", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"old"}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="a handle does not tell its file")
def test_what_others_wrote_into_a_folder_is_put_on_the_disk(tmp_path, synced):
    for name in ("a", "b"):
        (tmp_path / name).touch()
    sync(tmp_path)
    assert sorted(synced[:2]) == ["a", "b"]
    assert synced[2] == tmp_path.name
