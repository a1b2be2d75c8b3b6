"""How well the knowledge base finds: the mean reciprocal rank over the questions of
`relevance.txt`.

    python -m benchmarks.search

An answer at rank 1 counts 1, at rank 2 a half, at rank 3 a third; one that is not among the first
ten counts nothing. The questions are asked as `kb search --any` and as `kb suggest` ask them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from plaincrm.support.knowledge import ArticleText, FoundArticle, Knowledge

SET = Path(__file__).with_name("relevance.txt")
DEPTH = 10


@dataclass(frozen=True)
class Question:
    """A question, and the id of the article that answers it."""

    text: str
    answer: str


def read(text: str) -> tuple[list[ArticleText], list[Question]]:
    """The articles and questions of a relevance set."""
    articles: list[ArticleText] = []
    questions: list[Question] = []
    for line in text.splitlines():
        if line.startswith("# "):
            articles.append(ArticleText(f"a{len(articles)}", line[2:], ""))
        elif line.startswith("? "):
            questions.append(Question(line[2:], articles[-1].id))
        elif line and articles:
            last = articles[-1]
            articles[-1] = ArticleText(last.id, last.title, f"{last.body} {line}".strip())
    return articles, questions


def mean_reciprocal_rank(
    questions: Sequence[Question], ask: Callable[[str], Sequence[FoundArticle]]
) -> float:
    """The mean over the questions of 1 / rank of the right article."""
    total = 0.0
    for question in questions:
        ids = [found.id for found in ask(question.text)]
        if question.answer in ids:
            total += 1 / (ids.index(question.answer) + 1)
    return total / len(questions)


def main() -> None:
    """Print the mean reciprocal rank of each way to ask."""
    articles, questions = read(SET.read_text("utf-8"))
    knowledge = Knowledge(articles)
    ways: dict[str, Callable[[str], Sequence[FoundArticle]]] = {
        "kb search --any": lambda text: knowledge.search(text, any_word=True, limit=DEPTH),
        "kb suggest": lambda text: knowledge.suggest(text, "", limit=DEPTH),
    }
    print(f"{len(articles)} articles, {len(questions)} questions, first {DEPTH} results")
    for name, ask in ways.items():
        print(f"{name:16}  mean reciprocal rank {mean_reciprocal_rank(questions, ask):.3f}")


if __name__ == "__main__":
    main()
