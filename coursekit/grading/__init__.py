"""The instructor's side: how a submission becomes points and a feedback page."""

import sys

# jsonschema, which reads notebooks, builds a grammar of web addresses with it: more than a second, and never used here.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
