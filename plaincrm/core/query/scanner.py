"""From the words of a query to tokens: parentheses, `or`, `not`, and terms cut into their parts.

The grammar stands in `grammar`. A term's own parentheses (`deals(is:won).count:2..`) are parsed by
the parser that is handed in, so that a query inside a term is a query like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from plaincrm.core.query.syntax import (
    Compare,
    Exists,
    Limit,
    Node,
    PathStep,
    QueryValue,
    Range,
    SavedQuery,
    SearchText,
    Sort,
)
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.errors import QueryError

_NAME = pattern(r"\d*[^\W\d][\w-]*")
_OPERATOR = pattern(r"!=|>=|<=|=|:(?!//)|>|<|~")  # https:// is a bare word
_SPACED = pattern(r"\s+(!=|>=|<=|=|>|<)\s+")
_RANGE = pattern(r"(.*?)\.\.(?!\.)(.*)", re.DOTALL)
_DOTTED = rf"{_NAME.pattern}(?:[.@]{_NAME.pattern})*"
_HEAD = pattern(rf"({_DOTTED})({_OPERATOR.pattern})\s*(.+)", re.DOTALL)
_KEYWORD = pattern(r"(or|not|OR|NOT)(?=[\s()]|$)")
_LATER = pattern(rf"\(*(?:(?:or|not|OR|NOT)$|[+@][^\W\d]|{_DOTTED}(?:\(|{_OPERATOR.pattern}))")
_NAMES_ONLY = frozenset({"is", "has", "no", "sort", "limit"})
_STRICT = {"before": "<", "below": "<", "after": ">", "above": ">"}

Inner = Callable[[str], Node]


@value
class QueryMark:
    """`(`, `)`, `or` or `not`."""

    text: str


Token = QueryMark | Node


def one_value(word: str) -> Node | None:
    """`name:Ada Lovelace` as a whole: white space, and the only operator in the first token."""
    first, *later = word.split()
    head = _HEAD.fullmatch(word)
    if head is None or head.end(2) > len(first) or head[1] in _NAMES_ONLY or head[3][0] in "\"'(":
        return None
    if any(_LATER.match(token) for token in later):
        return None
    steps = tuple(_step(name) for name in head[1].split("."))
    return _compare(steps, head[2], head[3].strip(), word)


def _step(word: str) -> PathStep:
    name, _, link = word.partition("@")
    return PathStep(name, link)


class Scanner:
    """Cuts one text into tokens. `inner` parses the query inside a term's parentheses."""

    def __init__(self, text: str, inner: Inner) -> None:
        self.text = text
        self.at = 0
        self.inner = inner

    def tokens(self) -> Iterator[Token]:
        while self._skip():
            char = self.text[self.at]
            if char in "()":
                self.at += 1
                yield QueryMark(char)
            else:
                yield self._term()

    def _skip(self) -> bool:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def _term(self) -> Token:
        start = self.at
        char = self.text[start]
        if keyword := _KEYWORD.match(self.text, start):
            self.at = keyword.end()
            return QueryMark(keyword[0].lower())
        if char in "\"'":
            return SearchText(self._quoted(), quoted=True)
        if char == "-":
            raise QueryError(
                f'"{self._rest(start)}" begins with a dash',
                "write not and the word to leave something out",
            )
        if char in "+@" and _NAME.match(self.text, start + 1):
            return self._signed(char)
        path = self._path()
        return self._with_operator(path, start) if path else self._word(start)

    def _signed(self, sign: str) -> Token:
        start = self.at
        self.at += 1
        word = self._bare()
        if sign == "@":
            return SavedQuery(word)
        return Compare(
            (PathStep("tags"),), ":", tuple(_alternatives(word)), self.text[start : self.at]
        )

    def _path(self) -> tuple[PathStep, ...]:
        """The path that begins here, or nothing (and the place unmoved) where a bare word
        stands.
        """
        start, steps = self.at, []
        while step := self._one_step():
            steps.append(step)
            if not self._take("."):
                break
        if steps and (self._operator() or steps[-1].inner is not None):
            return tuple(steps)
        self.at = start
        return ()

    def _one_step(self) -> PathStep | None:
        name = self._name()
        if not name:
            return None
        link = self._name() if self._take("@") else ""
        inner = None
        if self.text.startswith("(", self.at):
            inner = self._parenthesis()
        return PathStep(name, link, inner)

    def _name(self) -> str:
        match = _NAME.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _take(self, char: str) -> bool:
        if self.text.startswith(char, self.at):
            self.at += 1
            return True
        return False

    def _operator(self) -> re.Match[str] | None:
        return _OPERATOR.match(self.text, self.at) or _SPACED.match(self.text, self.at)

    def _with_operator(self, path: tuple[PathStep, ...], start: int) -> Token:
        found = self._operator()
        if found is None:
            return Exists(path, self.text[start : self.at])
        self.at = found.end()
        op = found[0].strip()
        value = self._value(split=op in (":", "=", "!="))
        return _compare(path, op, value, self.text[start : self.at])

    def _value(self, split: bool) -> str | list[QueryValue | Range]:
        """The raw value for operators that take one; else its alternatives, quoted ones kept
        literal.
        """
        if not self._here("\"'"):
            return self._bare()
        pieces: list[QueryValue | Range] = [QueryValue(self._quoted(), quoted=True)]
        while split and self._take(","):
            quoted = self._here("\"'")
            pieces += (
                [QueryValue(self._quoted(), quoted=True)] if quoted else _alternatives(self._bare())
            )
        if self.at < len(self.text) and not self.text[self.at].isspace() and not self._here("()"):
            raise QueryError(
                f'"{self._rest(self.at)}" follows a closing quote', "quote the whole value"
            )
        return pieces

    def _here(self, chars: str) -> bool:
        return self.at < len(self.text) and self.text[self.at] in chars

    def _bare(self) -> str:
        """Up to white space or a parenthesis that closes more than the value opened."""
        start, depth = self.at, 0
        while self.at < len(self.text) and not self.text[self.at].isspace():
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            if depth < 0:
                break
            self.at += 1
        return self.text[start : self.at]

    def _word(self, start: int) -> Token:
        word = self._bare()
        if not word:  # a stray operator or sign
            self.at += 1
        return SearchText(self.text[start : self.at])

    def _quoted(self) -> str:
        quote, start = self.text[self.at], self.at
        found = re.compile(rf"(?:\\{quote}|[^{quote}])*").match(self.text, start + 1)
        assert found is not None  # the pattern matches the empty string
        if not self.text.startswith(quote, found.end()):
            raise QueryError(f"{self._rest(start)} has no closing quote", f"end it with {quote}")
        self.at = found.end() + 1
        return found[0].replace("\\" + quote, quote)

    def _parenthesis(self) -> Node:
        """The query in the parentheses that open here, parsed."""
        start, depth, quote = self.at, 0, ""
        for index in range(start, len(self.text)):
            char = self.text[index]
            if quote:
                quote = "" if char == quote and self.text[index - 1] != "\\" else quote
            elif char in "\"'" and self.text[index - 1] in " (:=~<>,":
                quote = char
            else:
                depth += {"(": 1, ")": -1}.get(char, 0)
            if not depth:
                self.at = index + 1
                return self.inner(self.text[start + 1 : index])
        raise unbalanced(self._rest(start))

    def _rest(self, start: int) -> str:
        return self.text[start : start + 40]


def unbalanced(where: str) -> QueryError:
    return QueryError(f'"{where}": a parenthesis does not close', "write ( and ) in pairs")


def _alternatives(text: str) -> list[QueryValue | Range]:
    return [_ranged(part) for part in text.split(",") if part.strip()]


def _ranged(text: str) -> QueryValue | Range:
    found = _RANGE.fullmatch(text)
    return Range(found[1].strip(), found[2].strip()) if found else QueryValue(text.strip())


def _compare(
    path: tuple[PathStep, ...], op: str, value: str | list[QueryValue | Range], source: str
) -> Node:
    if path[0].name in ("sort", "limit", "segment") and len(path) == 1 and op in (":", "="):
        return _directive(path[0].name, value, source)
    op = ":" if op == "=" else op
    if len(path) > 1 and path[-1].name in _STRICT and op == ":":
        path, op = path[:-1], _STRICT[path[-1].name]
    if isinstance(value, str):
        value = _alternatives(value) if op in (":", "!=") else [QueryValue(value.strip())]
    if not value or value == [QueryValue("")]:
        name = ".".join(step.name for step in path)
        hint = f"no:{name} asks for records without it"
        raise QueryError(
            f'"{source}" has no value', "write a name" if name in _NAMES_ONLY else hint
        )
    return Compare(path, op, tuple(value), source)


def _directive(name: str, value: str | list[QueryValue | Range], source: str) -> Node:
    text = (
        value
        if isinstance(value, str)
        else ",".join(p.text for p in value if isinstance(p, QueryValue))
    )
    if name == "segment" and text:
        return SavedQuery(text)
    if name == "sort" and text.strip(",-"):
        words = [word for word in text.split(",") if word.strip("-")]
        return Sort(tuple((word.lstrip("-+"), word.startswith("-")) for word in words))
    if name == "limit" and text.isascii() and text.isdigit() and len(text) < 10:
        return Limit(int(text))
    wanted = {
        "limit": "a number, as limit:10",
        "sort": "a field, as sort:-value",
        "segment": "a name",
    }
    raise QueryError(f'"{source}": {name} wants {wanted[name]}')


def split_words(text: str) -> tuple[str, ...]:
    """The words of a query that a file holds as one text: cut at white space outside quotes and
    parentheses.

    So `stage:lead website` is two words there, as it is on the command line.
    """
    words, word, quote, depth = [], "", "", 0
    for char in text:
        if quote:
            quote = "" if char == quote and not word.endswith("\\") else quote
        elif char in "\"'" and (not word or word[-1] in ":=~<>,( "):
            quote = char
        depth += (char == "(") - (char == ")") if not quote else 0
        if char.isspace() and not quote and depth <= 0:
            words.append(word)
            word = ""
        else:
            word += char
    return tuple(each for each in (*words, word) if each)
