"""Room in memory for the steps of a run, which may go on for longer than they can be held."""

from collections.abc import Callable, Iterable

from fitline.errors import ConfigError
from fitline.memory import shortage
from fitline.optimize.iterate import Step, StopReason

HELD_AT_ONCE = 2**15
"""Each time that so many more steps are held, the room for more is looked at."""

BYTES_A_STEP = 500
"""About what a step takes."""


def require_room(held: int) -> None:
    """Refuse to keep more steps where there is no room for as many again."""
    if told := shortage(BYTES_A_STEP * held):
        raise ConfigError(
            f"as many steps again as the {held:,} that are kept so far {told}",
            hint="take fewer steps, or stop earlier with a larger tolerance",
        )


def hold(steps: Iterable[Step], checked: Callable[[int], None] = require_room) -> list[Step]:
    """Hold all of these steps; now and then `checked` is called with their number so far."""
    held = []
    for step in steps:
        held.append(step)
        if not len(held) % HELD_AT_ONCE:
            checked(len(held))
    return up_to_the_last(held)


def up_to_the_last(steps: list[Step]) -> list[Step]:
    """Leave out the steps behind the last one, where descent went back to it."""
    *before, last = steps
    if last.stop_reason is not StopReason.EARLY:
        return steps
    return [*(step for step in before if step.index < last.index), last]
