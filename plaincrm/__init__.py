"""plaincrm: a CRM for freelancers that is a folder of Markdown files in git.

`from plaincrm import Book` is the library that the command line is built on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

__version__ = "0.1.0"
__all__ = ["Book", "__version__"]


def __getattr__(name: str) -> Any:
    """`Book`, imported when first asked for: `plaincrm --help` must not pay for it."""
    if name == "Book":
        from plaincrm.crm.book import Book

        return Book
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
