"""Formulas on the site, as on the feedback pages: MathML, with nothing to load and nothing to run."""

from __future__ import annotations

import html

from docutils import nodes
from docutils.utils.math import MathError
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from coursekit.grading.notebook.formulas import mathml

_LOGGER = logging.getLogger(__name__)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Make it the renderer called "mathml"."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(_converted(node, block=False))
    raise nodes.SkipNode


def _block(translator: HTML5Translator, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="math">{_converted(node, block=True)}</div>\n')
    raise nodes.SkipNode


def _converted(node: nodes.math | nodes.math_block, *, block: bool) -> str:
    formula = node.astext()
    try:
        return mathml(formula, block=block)
    except MathError as error:
        _LOGGER.warning("the formula %r cannot be converted: %s", formula, error, location=node)
        return f"<code>{html.escape(formula)}</code>"
