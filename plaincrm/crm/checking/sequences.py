"""What is wrong with sequences: their files, the templates that they name, the queries of steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.core.text.text_file import decode
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.crm.checking.settings import broken_query
from plaincrm.crm.named_files import SEQUENCES
from plaincrm.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.mailing.template_files import Templates
    from plaincrm.marketing.sequence_file import SequenceStep


def problems(book: Book) -> Iterator[Problem]:
    """The problems of the book's own sequences."""
    for name in book.sequences:
        if book.sequences.is_own(name):
            yield from of_sequence(book, name)


def of_sequence(book: Book, name: str) -> Iterator[Problem]:
    """What is wrong with one sequence. Raises NotFound."""
    from plaincrm.crm.mailing.template_files import Templates

    sequence = book.sequences.named(name)
    yield from sequence.problems
    path = book.sequences.paths[name]
    lines: dict[int, tuple[int, int]] = {}
    if path.startswith(f"{SEQUENCES}/"):
        text = decode(book.source.file(path) or b"")[0]
        positions = read_mapping(text).positions
        lines = {n: positions.get(("steps", n - 1), (1, 1)) for n in _numbers(sequence.steps)}
    templates = Templates(book)
    for step in sequence.steps:
        place = lines.get(step.number, (1, 1))
        yield from _of_step(book, templates, step, path, place)


def _numbers(steps: tuple[SequenceStep, ...]) -> list[int]:
    return [step.number for step in steps]


def _of_step(
    book: Book, templates: Templates, step: SequenceStep, path: str, place: tuple[int, int]
) -> Iterator[Problem]:
    if step.type == "mail" and step.what not in templates:
        hint = did_you_mean(step.what, templates) or "plaincrm template list shows them"
        said = f'step {step.number}: no template "{step.what}"'
        yield Problem(path, *place, "sequence-template", said, hint)
    if wrong := broken_query(book, step.when, "contact"):
        said = f"step {step.number}: {wrong.message}"
        yield Problem(path, *place, "sequence-when", said, wrong.hint)
