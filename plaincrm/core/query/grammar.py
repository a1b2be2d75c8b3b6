"""The grammar of the query language, and its parser.

    query    = or                      the words of a query, one after the other
    or       = and { "or" and }
    and      = not { not }             and is silence
    not      = { "not" } primary
    primary  = "(" or ")" | term
    term     = "+" tag                 the list `tags` has it
             | "@" segment             a saved segment; also segment:name
             | path op value
             | path                    whose last step has parentheses: there is such a record
             | "sort:" ["-"] name      only at the top
             | "limit:" number         only at the top
             | phrase | word           in the record's text
    path     = step { "." step }       company.country   deals(is:won).value.sum   last_touch.before
    step     = name [ "@" name ] [ "(" or ")" ]
    op       = ":" | "=" | "!=" | ">" | ">=" | "<" | "<=" | "~"
    value    = alternative { "," alternative }   after : = and !=; else all is one value
    alternative = phrase | [word] ".." [word] | word   * in a word stands for any characters
    phrase   = '"' … '"' | "'" … "'"   as it stands; a quote in it is written \\"
    name     = letters, digits, "_" and "-", not digits alone, not with "-" first

Each word of the command line is parsed by itself, then all are and-ed; `or`, `not`, `(` and `)` may
be words of their own. A word with white space whose only operator stands in its first token is one
value (`name:Ada Lovelace`); any other word with white space is a query of its own, as if in
parentheses. For this, `or`, `not`, `+tag` and `@segment` count as operators; `is:`, `has:`, `no:`,
`sort:` and `limit:` take names, which have no white space. Around > >= < <= = and != white space
may stand.

A word ends at white space, or at a `)` that it did not open. Queries nest 50 deep at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plaincrm.core.query.scanner import QueryMark, Scanner, Token, one_value, unbalanced
from plaincrm.core.query.syntax import And, Compare, Exists, Node, Not, Or, PathStep
from plaincrm.errors import QueryError

DEEPEST = 50
_OF_THE_WHOLE = ("sort:", "limit:")


def parse(words: Sequence[str]) -> Node:
    """The tree of a query; an empty one is `And(())`. Raises QueryError."""
    tokens: list[Token] = []
    for word in words:
        tokens += _tokens(word, 0)
    return _Parser(tokens, " ".join(words), 0).whole()


def all_of(*queries: Sequence[str]) -> tuple[str, ...]:
    """The words of a query that asks for all that several ask for: one with an `or` stands in
    parentheses, without its order and limit, which are those of the whole.
    """
    found: list[str] = []
    for words in queries:
        either = any(word.strip().casefold() == "or" for word in words)
        inside = [word for word in words if not (either and word.startswith(_OF_THE_WHOLE))]
        outside = [word for word in words if either and word.startswith(_OF_THE_WHOLE)]
        found += ["(", *inside, ")", *outside] if either else inside
    return tuple(found)


def parse_path(text: str) -> Exists:
    """A path without an operator, as `--columns` and `sort:` name it. Raises QueryError."""
    if text == "segment":  # a field of campaigns; before a colon it means a saved segment
        return Exists((PathStep(text),), text)
    found = list(Scanner(f"{text}:x", lambda inner: _query(inner, 1)).tokens())
    if len(found) != 1 or not isinstance(found[0], Compare):
        raise QueryError(
            f'"{text}" is no name of a field', "write a field, such as name or company.country"
        )
    return Exists(found[0].path, text)


def _tokens(word: str, depth: int) -> Iterable[Token]:
    stripped = word.strip()
    if not any(char.isspace() for char in stripped):
        return Scanner(stripped, lambda inner: _query(inner, depth + 1)).tokens()
    whole = one_value(stripped)
    return [whole if whole is not None else _query(stripped, depth + 1)]


def _query(text: str, depth: int) -> Node:
    """A text that is a query of its own: one in parentheses, or a word with white space."""
    if depth > DEEPEST:
        raise _too_deep()
    tokens = list(Scanner(text, lambda inner: _query(inner, depth + 1)).tokens())
    return _Parser(tokens, text, depth).whole()


def _too_deep() -> QueryError:
    return QueryError(f"the query nests more than {DEEPEST} deep", "save a part of it as a segment")


class _Parser:
    def __init__(self, tokens: list[Token], source: str, depth: int) -> None:
        self.tokens = tokens
        self.at = 0
        self.source = source
        self.depth = depth

    def whole(self) -> Node:
        if not self.tokens:
            return And(())
        node = self._or()
        if self.at < len(self.tokens):
            raise unbalanced(self.source)
        return node

    def _peek(self, text: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == QueryMark(text)

    def _or(self) -> Node:
        parts = [self._and()]
        while self._peek("or"):
            self.at += 1
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self.at < len(self.tokens) and not self._peek("or") and not self._peek(")"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self) -> Node:
        negated = False
        while self._peek("not"):
            negated = not negated
            self.at += 1
        node = self._primary()
        return Not(node) if negated else node

    def _primary(self) -> Node:
        if self.at == len(self.tokens):
            raise self._dangling("at its end")
        token = self.tokens[self.at]
        self.at += 1
        if not isinstance(token, QueryMark):
            return token
        if token.text == "(":
            return self._group()
        if token.text == ")":
            raise unbalanced(self.source)
        raise self._dangling(f'before "{token.text}"')

    def _group(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _too_deep()
        node = self._or()
        if not self._peek(")"):
            raise unbalanced(self.source)
        self.at += 1
        self.depth -= 1
        return node

    def _dangling(self, where: str) -> QueryError:
        return QueryError(
            f'"{self.source}": a term is missing {where}', "a plain word goes in quotes: '\"or\"'"
        )
