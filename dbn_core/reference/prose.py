"""A docstring of the lab as Markdown: paragraphs are text, whatever signs they hold; formulas and tables stay.

The docstrings are plain text: `a * b * c`, `W_ij` and `- log Z` are no emphasis and no list. Markdown itself is only
meant by backticks.
"""

import inspect
import re

_CODE = re.compile(r"(`[^`]+`)")
_SIGNS = re.compile(r"[^\w\s,;:()='\"/]", re.ASCII)  # all others might mean something in Markdown or HTML
_ALIGNED = re.compile(r"^ {2,}\S|\S {3,}\S", re.MULTILINE)


def markdown(docstring: str) -> str:
    """Paragraphs with all signs taken as they are; what is indented or in columns as a block of code."""
    blocks = re.split(r"\n[ \t]*\n", inspect.cleandoc(docstring))
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: str) -> str:
    if _ALIGNED.search(block):
        return f"```text\n{block}\n```"
    return "".join(part if _CODE.fullmatch(part) else _text(part) for part in _CODE.split(block))


def _text(part: str) -> str:
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", part).replace("_", "&#95;")
