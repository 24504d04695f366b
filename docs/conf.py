"""How Sphinx makes the site; started by `docs/build_site.py`, which lays out the pages first."""

from __future__ import annotations

import gc
import os
import re
import sys
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from coursekit.language import FOLDERS

gc.disable()  # a quarter of the time, for nothing: the process ends with the site
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # for mathml
PROJECT = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
os.environ["COURSEKIT_LANGUAGE"] = "en"  # whatever whoever builds it speaks

project = PROJECT["name"]
version = release = PROJECT["version"]
author = "The coursekit developers"
project_copyright = author
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "mathml"]
exclude_patterns = ["released"]
needs_sphinx = "9.0"

# what is linked is there; of names, those of coursekit
nitpicky = True
_FOREIGN, _TYPE_VARIABLES = r"(?!coursekit\b).*", r"coursekit\..*\.(_\w+|T|Job|ScenarioT)"
nitpick_ignore_regex = [("py:.*", _FOREIGN), ("py:class", _TYPE_VARIABLES)]

# the pages are Markdown, the notebooks keep the outputs that they have
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"
html_math_renderer = "mathml"

# docstrings are numpydoc; code stands in single backquotes in them
default_role = "code"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
maximum_signature_line_length = 88
add_module_names = False

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0072b2", "color-brand-content": "#0072b2"},
    "dark_css_variables": {"color-brand-primary": "#56b4e9", "color-brand-content": "#56b4e9"},
}


def _is_french(page: str) -> bool:
    return FOLDERS.get(page.partition("/")[0]) == "fr" or page == "etudiants"


def _say_the_language(app: Sphinx, page: str, template: str, context: dict[str, object], tree: object) -> None:  # noqa: ARG001
    context["language"] = "fr" if _is_french(page) else "en"


def _keep_together(app: Sphinx, tree: nodes.document) -> None:
    """Make the spaces of French punctuation such that no line ends at them."""
    if _is_french(app.env.docname):
        for text in [*tree.findall(nodes.Text)]:
            if not isinstance(
                text.parent, nodes.literal | nodes.literal_block | nodes.math | nodes.math_block | nodes.raw
            ):
                kept = re.sub(r" (?=[;:?!»])|(?<=«) ", "\N{NO-BREAK SPACE}", text)
                text.parent.replace(text, nodes.Text(kept))


def _shorten(*event: object) -> tuple[object, object]:
    """Write the default of a dataclass's field that a function makes as `...`: Sphinx cannot read `<factory>`."""
    *_, arguments, returned = event
    return (arguments.replace("<factory>", "...") if isinstance(arguments, str) else arguments), returned


def setup(app: Sphinx) -> None:
    """Write the language of a page into it, French as it is set, and signatures so that they can be read."""
    app.connect("html-page-context", _say_the_language)
    app.connect("doctree-read", _keep_together)
    app.connect("autodoc-process-signature", _shorten)
