"""How the text of a formula becomes its tree, and what is advised where it does not.

a + b, a - b    bind least
a * b, a / b
-a
a^b             binds most, and to the right: -2^3^2 is -(2^(3^2))
12, 1.5e-3, sqft, `lot area`, @3, (a + b), log(a), exp(a), sqrt(a)
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import pairwise
from typing import NoReturn

from fitline.data.columns import place_of, require
from fitline.errors import ConfigError, DataError
from fitline.formatting import enumerated, quoted

from . import is_formula
from .rules import BINARY, FUNCTIONS, NEGATION
from .tree import Column, Formula, Node, NoValueError, Number, operation, power

LONGEST = 1000
MOST_SIGNS = 100
"""No tree is deeper than its text has signs, so that recursion never meets Python's limit."""

OPENING = {*"+-*/^("}
PLAIN_NAME = re.compile(r"[^\W\d][\w.]*")
NAME_IN_BACKTICKS = re.compile(r"`([^`]|``)*`")
TOKEN = re.compile(
    r"(?P<number>([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?)"
    rf"|(?P<name>{PLAIN_NAME.pattern}|{NAME_IN_BACKTICKS.pattern}|@[0-9]+)"
    r"|(?P<sign>[-+*/^()])|(?P<odd>\S)"
)
BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
OF_NEGATION = 3

SLIPS = {"**": "^", "ln": "log", "−": "-", "×": "*", "÷": "/"}
"""What others write."""

NEAR = 0.8
"""How much alike a mistyped text with signs and the column that is proposed are."""


def parse(file: str, columns: Sequence[str], text: str, flag: str) -> Formula:
    """Parse a formula of some of these columns; the text of one column is a formula too.

    Raises ConfigError where the text is no formula, and DataError where it names no column.
    """
    parser = _Parser(file, columns, text.strip(), flag)
    if not is_formula(columns, text):
        return Formula(text, parser.column(text, text))
    try:
        return parser.formula()
    except (ConfigError, DataError) as error:
        if meant := _meant(file, columns, text.strip(), flag):
            error.hint = f"did you mean --{flag} {shlex.quote(meant)}?"
        raise


def columns_in(text: str) -> list[str]:
    """Give the columns that a formula names, where no table tells which there are.

    >>> columns_in("log(sqft) * `lot area`^2 + sqft")
    ['sqft', 'lot area', 'sqft']
    """
    tokens = _Parser("", (), text, "x").tokens
    named = [token for token, after in pairwise(tokens) if _is_column(token, after)]
    return [_plain(token.text) for token in named]


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass
class _Parser:
    """Parse by the precedence of operators (Pratt, 1973)."""

    file: str
    columns: Sequence[str]
    text: str
    flag: str
    at: int = 0

    @cached_property
    def tokens(self) -> list[_Token]:
        found = TOKEN.finditer(self.text)
        tokens = [_Token(str(at.lastgroup), at[0], at.start(), at.end()) for at in found]
        return [*tokens, _Token("end", "", len(self.text), len(self.text))]

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def since(self, start: int) -> str:
        return self.text[start : self.tokens[self.at - 1].end]

    def formula(self) -> Formula:
        if len(self.text) > LONGEST:
            self.refuse(f"a formula has at most {LONGEST:,} characters")
        if sum(token.text in OPENING for token in self.tokens) > MOST_SIGNS:
            self.refuse(f"a formula has at most {MOST_SIGNS} operators and parentheses")
        try:
            root = self.expression()
        except NoValueError as error:
            self.refuse(str(error))
        if self.token.text == ")":
            self.refuse_at("no parenthesis is open for ')'", self.token)
        if self.token.kind != "end":
            self.refuse_next()
        if isinstance(root, Number):
            self.refuse(f"{quoted(self.text)} is the same in every row; name a column in it")
        return Formula(self.text, root)

    def expression(self, binding: int = 0) -> Node:
        """Parse what binds more tightly than this."""
        start, left = self.token.start, self.operand()
        while BINDING.get(sign := self.token.text, 0) > binding:
            self.take()
            if sign == "^":
                right = self.expression(OF_NEGATION)
                left = power(left, right, self.since(start))
            else:
                right = self.expression(BINDING[sign])
                if sign == "/" and isinstance(right, Number) and right.value == 0:
                    self.refuse(f"{self.since(start)} has no value")
                left = operation(BINARY[sign], (left, right), self.since(start))
        return left

    def operand(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.text == "-":
            negated = self.expression(OF_NEGATION)
            return operation(NEGATION, (negated,), self.since(token.start))
        if token.text == "(":
            return self.closed(token)
        if token.kind != "name":
            self.at -= 1
            self.refuse_next()
        if not _is_column(token, self.token):
            return self.call(token)
        return self.column(_plain(token.text), token.text)

    def number(self, token: _Token) -> Node:
        value = float(token.text)
        if value == float("inf"):
            self.refuse(f"{quoted(token.text)} is beyond the largest float64, 1.8e308")
        return Number(value, token.text)

    def call(self, name: _Token) -> Node:
        rule = FUNCTIONS.get(name.text)
        if rule is None:
            self.refuse(f"no function {quoted(name.text)}; there are {enumerated([*FUNCTIONS])}")
        return operation(rule, (self.closed(self.take()),), self.since(name.start))

    def closed(self, parenthesis: _Token) -> Node:
        """Parse what is left of a pair of parentheses."""
        inner = self.expression()
        if self.token.kind == "end":
            self.refuse_at("no ')' closes the parenthesis", parenthesis)
        if self.token.text != ")":
            self.refuse_next()
        self.take()
        return inner

    def column(self, name: str, text: str) -> Column:
        require(self.file, self.columns, name, self.flag)
        place = place_of(self.columns, name)
        assert place is not None  # noqa: S101 - else there was an error
        return Column(place, text)

    def refuse_next(self) -> NoReturn:
        """Say that the next token cannot stand where it does."""
        token, last = self.token, self.tokens[self.at - 1] if self.at else None
        ends = last is not None and (last.kind in {"number", "name"} or last.text == ")")
        if token.kind == "odd":
            self.refuse_at(f"unexpected {token.text!r}", token)
        missing = "an operator" if ends else "a number or column"
        if token.kind == "end":
            self.refuse(f"{missing} is missing at the end of {quoted(self.text)}")
        self.refuse_at(f"{missing} is missing before {quoted(token.text)}", token)

    def refuse_at(self, what: str, token: _Token) -> NoReturn:
        self.refuse(f"{what}, character {token.start + 1} of {quoted(self.text)}")

    def refuse(self, what: str) -> NoReturn:
        raise ConfigError(f"--{self.flag}: {what}", column=self.flag, value=self.text)


def _is_column(token: _Token, after: _Token) -> bool:
    """Tell a column from a function, which a parenthesis follows."""
    return token.kind == "name" and (after.text != "(" or token.text.startswith("`"))


def _plain(name: str) -> str:
    """Give a name without its backticks."""
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


def _meant(file: str, columns: Sequence[str], text: str, flag: str) -> str | None:
    """Propose a formula that is near to what was typed, else a column with signs in its name."""
    if len(text) > LONGEST:
        return None
    meant = _mended(columns, text)
    try:
        _Parser(file, columns, meant, flag).formula()
    except (ConfigError, DataError):
        if "`" in text:
            return None
        odd = [name for name in columns if not _is_plain(name) and columns.count(name) == 1]
        return next(iter(get_close_matches(text, odd, 1, NEAR)), None)
    return meant


def _mended(columns: Sequence[str], text: str) -> str:
    """Put odd names into backticks, and write what is mistyped as it may be meant.

    >>> _mended(["Lot Area", "price"], "ln(Lot Area)**2 / Price")
    'log(`Lot Area`)^2 / price'
    """
    odd = [name for name in columns if re.search(r"[^\W\d]", name) and not _is_plain(name)]
    odd = [rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(odd, key=len, reverse=True)]
    words = [NAME_IN_BACKTICKS.pattern, *odd, PLAIN_NAME.pattern, *map(re.escape, SLIPS)]

    def mended(found: re.Match[str]) -> str:
        word, is_called = found[0], text[found.end() :].lstrip().startswith("(")
        if word in SLIPS and (is_called or not _is_plain(word)):
            return SLIPS[word]
        if word.startswith("`"):
            word, is_called = _plain(word), False
        known = columns if not is_called else FUNCTIONS if word.isalpha() else ()
        folded = {name.casefold(): name for name in known}
        if word in known:
            return _typed(word)
        near = get_close_matches(word.casefold(), folded, 1)
        return _typed(folded[near[0]]) if near else found[0]

    return re.sub("|".join(words), mended, text)


def _is_plain(name: str) -> bool:
    """Tell whether a name stands in a formula as it is."""
    return PLAIN_NAME.fullmatch(name) is not None


def _typed(name: str) -> str:
    return name if _is_plain(name) else "`" + name.replace("`", "``") + "`"
