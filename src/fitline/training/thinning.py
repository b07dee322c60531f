"""Which steps of many are shown."""

from fitline.optimize.iterate import Iterate, Step

FIRST_STEPS = 5
"""So many steps are shown one by one before they are thinned."""


def is_shown(step: Iterate | Step, every: int | None = None) -> bool:
    """Choose the first steps, then those at powers of two, and the last; or one in `every`."""
    return step.stop_reason is not None or is_shown_at(step.index, every)


def is_shown_at(index: int, every: int | None = None) -> bool:
    """Choose a step by its index, as `is_shown` does, unless it is the last one."""
    if every is not None:
        return index % every == 0
    return index <= FIRST_STEPS or index & (index - 1) == 0


def shown_rule(every: int | None = None) -> str:
    """Say which steps `is_shown` chooses.

    >>> shown_rule(), shown_rule(10)
    ('steps 0 to 5, those at powers of two, and the last', 'one step in 10, and the last')
    """
    if every is None:
        return f"steps 0 to {FIRST_STEPS}, those at powers of two, and the last"
    return f"one step in {every}, and the last" if every > 1 else "every step"
