"""The package that is installed: where it came from, and itself as a wheel."""

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


def origin() -> Path | None:
    """Return the clone or the archive that pip installed coursekit from, if it was one and lies there still."""
    told = _installed().read_text("direct_url.json")
    address = urlsplit(json.loads(told)["url"] if told else "")
    path = Path(url2pathname(address.path))
    return path if address.scheme == "file" and path.exists() else None


def wheel() -> tuple[str, bytes]:
    """Pack coursekit as it is running, wherever it was installed from; return the name of the file and its bytes."""
    package, about = Path(coursekit.__file__).parent, _installed()
    info = f"coursekit-{about.version}.dist-info"
    files = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    for name in ("METADATA", "entry_points.txt", "top_level.txt", "licenses/LICENSE"):
        files[f"{info}/{name}"] = (about.read_text(name) or "").encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
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


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
