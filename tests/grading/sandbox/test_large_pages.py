"""What workers share lies in large pages, as it was."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

JOINED = """
from pathlib import Path
from coursekit.grading.sandbox.large_pages import SIZE, join_pages

def large():
    return int(Path("/proc/self/smaps_rollup").read_text().split("AnonHugePages:")[1].split()[0])

pattern = bytes(range(256)) * (SIZE // 256)
held, before = pattern * 8, large()
join_pages()
print(all(held[start : start + SIZE] == pattern for start in range(0, len(held), SIZE)), large() > before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="large pages are asked for on Linux")
def test_what_is_put_into_large_pages_is_what_it_was():
    run = subprocess.run([sys.executable, "-c", JOINED], capture_output=True, text=True, check=True)
    same, larger = run.stdout.split()
    assert same == "True"
    setting = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    system = tuple(map(int, re.findall(r"\d+", platform.release())[:2]))
    if system >= (6, 1) and setting.is_file() and "[never]" not in setting.read_text():
        assert larger == "True"
