"""Of several runs the first to converge is the best, whatever time it took."""

from fitline import train
from fitline.comparison import Contestant, Verdict, judge


def test_the_run_of_the_fewest_steps_is_best() -> None:
    slow, quick = (
        Contestant(str(rate), train(learning_rate=rate), 1 / rate) for rate in (0.1, 0.4)
    )
    lost = Contestant("lost", train(learning_rate=0.3, steps=2), 0.0)
    quick = Contestant("quick", train(learning_rate=0.4), 99.0)
    assert judge([slow, lost, quick]) == Verdict(quick, converged=True)


def test_where_none_converges_the_nearest_is_best() -> None:
    far, near = (Contestant(str(steps), train(steps=steps), 1 / steps) for steps in (2, 5))
    assert judge([far, near]) == Verdict(near, converged=False)
