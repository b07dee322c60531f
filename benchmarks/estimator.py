"""Time the estimator beside scikit-learn's LinearRegression on arrays, by turns within one run.

python benchmarks/estimator.py [FEATURES] [ROWS] [ROUNDS]
"""

import sys
import time
from statistics import median

import numpy as np
from sklearn.linear_model import LinearRegression

from fitline.sklearn import GradientDescentRegressor

MODELS = (LinearRegression(), GradientDescentRegressor())


def main() -> None:
    """Make normal numbers, let the estimators take turns, and print what each took."""
    given = [int(word) for word in sys.argv[1:]]
    features, rows, rounds = (given + [10, 1_000_000, 15][len(given) :])[:3]
    draw = np.random.default_rng(0)
    x = draw.normal(size=(rows, features))
    y = x @ np.arange(features) + draw.normal(size=rows)
    seconds: list[list[float]] = [[] for _ in MODELS]
    for nth in range(rounds + 1):
        for model, taken in zip(MODELS, seconds, strict=True):
            begin = time.perf_counter()
            model.fit(x, y)
            if nth:  # the first round loads what is needed
                taken.append(time.perf_counter() - begin)
    first = median(seconds[0])
    print(f"{rows:,} rows of {features} features, {rounds} rounds")
    for model, taken in zip(MODELS, seconds, strict=True):
        middle = median(taken)
        print(f"{type(model).__name__:26} {middle:.3f} s, {middle / first:.2f} times")


if __name__ == "__main__":
    main()
