"""The package that is installed: where it came from, and what students install of it, as a wheel."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from importlib.metadata import Distribution, distributions
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import coursekit

_WHEEL = "Wheel-Version: 1.0\nGenerator: coursekit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_GRADERS = ("grading", "authoring", "cli.py", "french/report.toml")
_KEPT = ("Metadata-Version", "Name", "Version", "Author", "License-Expression", "Requires-Python", "Requires-Dist")


def origin() -> Path | None:
    """Return the clone or the archive that pip installed coursekit from, if it was one and lies there still."""
    told = _installed().read_text("direct_url.json")
    address = urlsplit(json.loads(told)["url"] if told else "")
    path = Path(url2pathname(address.path))
    return path if address.scheme == "file" and path.exists() else None


def wheel() -> tuple[str, bytes]:
    """Pack coursekit as it is running, without the grader; return the name of the file and its bytes."""
    package, about = Path(coursekit.__file__).parent, _installed()
    info = f"coursekit-{about.version}.dist-info"
    left_out = [package / name for name in _GRADERS]
    files = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not {path, *path.parents} & {*left_out}
    }
    texts = {"METADATA": _metadata(about), "entry_points.txt": _entry_points(about), "WHEEL": _WHEEL}
    for name in ("top_level.txt", "licenses/LICENSE"):
        texts[name] = about.read_text(name) or ""
    files |= {f"{info}/{name}": text.encode() for name, text in texts.items()}
    records = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*records, f"{info}/RECORD,,", ""]).encode()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return f"coursekit-{about.version}-py3-none-any.whl", packed.getvalue()


def _installed() -> Distribution:
    """Return what pip wrote down, and not what a build has left beside a clone."""
    return next(each for each in distributions(name="coursekit") if each.read_text("METADATA"))


def _metadata(about: Distribution) -> str:
    """Say what the package is and what it needs, and nothing of its extras."""
    lines = [
        f"{name}: {value}" for name in _KEPT for value in about.metadata.get_all(name) or () if "extra ==" not in value
    ]
    return "\n".join([*lines, ""])


def _entry_points(about: Distribution) -> str:
    """Name the subject, and not the command line, which is the instructor's."""
    (subject,) = about.entry_points.select(group="coursekit.subject")
    return f"[{subject.group}]\n{subject.name} = {subject.value}\n"


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
