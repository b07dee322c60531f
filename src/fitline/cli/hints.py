"""What to type instead of a command line that makes no sense."""

import os
import re
import shlex
from collections.abc import Sequence
from typing import Any

from fitline.formatting import shortened

MEANT = {
    "lr": "learning-rate",
    "alpha": "learning-rate",
    "eta": "learning-rate",
    "iterations": "steps",
    "loss": "cost",
}
"""What others call our options."""

ENOUGH = 0.7
"""How much alike an option and the one that is proposed are; `worst` and `cost` are less."""

SHORTEST = 3
"""So many letters begin the option that is meant: `tol` is `tolerance`."""


def option_hint(typed: str, context: Any) -> str | None:
    """Propose the option that may be meant, if the command has one that is near.

    Of one dash with several letters behind it, the parser names but the first.
    """
    from difflib import get_close_matches

    params = context.command.get_params(context)
    flags = [flag for param in params for flag in (*param.opts, *param.secondary_opts)]
    known = {flag[2:]: flag for flag in flags if flag.startswith("--")}
    if not typed.startswith("--"):
        typed = next((word for word in context.obj if word.startswith(typed)), typed)
    name = typed.lstrip("-")
    cut = [flag for flag in known if len(name) >= SHORTEST and flag.startswith(name)]
    near = [MEANT[name]] if name in MEANT else cut or get_close_matches(name, known, 1, ENOUGH)
    return f"did you mean {known[near[0]]}?" if near and near[0] in known else None


def of_train(hint: str, params: Sequence[Any]) -> str:
    """Say whose the options of a hint are, where a command goes without them.

    >>> of_train("leave such rows out with --bad-rows skip", [])
    'leave such rows out with --bad-rows skip (an option of fitline train)'
    """
    own = {flag for param in params for flag in param.opts}
    others = {*re.findall(r"--[a-z][\w-]*", hint)} - own
    if not others or "fitline " in hint:
        return hint
    return f"{hint} ({'an option' if len(others) == 1 else 'options'} of fitline train)"


def choice_hint(message: str) -> str | None:
    """Propose the choice that may be meant, of those that a parser's message lists.

    >>> choice_hint("'hubr' is not one of 'squared', 'huber'.")
    'did you mean huber?'
    """
    from difflib import get_close_matches

    typed, said, listed = message.partition(" is not one of ")
    near = get_close_matches(typed.strip("'"), re.findall(r"'(.*?)'", listed), 1) if said else ()
    return f"did you mean {near[0]}?" if near else None


def kind_hint(kind: str | None, words: Sequence[str], kinds: Sequence[str], output: str) -> str:
    """Propose the kind of picture that may be meant, or what to type where it was forgotten.

    >>> kind_hint("t.csv", ["plot", "t.csv", "--l2", "1"], ["contour"], "-o contour.png")
    'the kind comes first: fitline plot contour t.csv --l2 1 -o contour.png'
    """
    from difflib import get_close_matches

    command, *typed = words
    if kind is not None and not may_be_table(kind):
        if near := get_close_matches(kind, kinds, 1):
            return f"did you mean {near[0]}?"
        typed.remove(kind)
    again = shlex.join(["fitline", command, "contour", *typed])
    return f"the kind comes first: {again} {output}".rstrip()


def may_be_table(text: str) -> bool:
    """Tell whether a text is the name of a file, or looks like one."""
    return bool(re.search(r"[/*?]|\.\w+$", text)) or os.path.isfile(text)  # noqa: PTH113 - any text


def command_hint(words: Sequence[str], commands: Sequence[str]) -> str:
    """Propose the command that may be meant, or to train on what may be a table."""
    from difflib import get_close_matches

    if may_be_table(words[0]):
        return shortened(shlex.join(["fitline", "train", *words]))
    near = get_close_matches(words[0], commands, 1)
    return shlex.join(["fitline", *near, *words[1:]]) if near else "fitline -h lists all"
