"""Cross-validation from one reading: the errors are those of fits on all other folds."""

import numpy as np
import pytest

from fitline import ConfigError, DataError, train
from fitline.config import resolve
from fitline.data import open_table
from fitline.data.division import Folds
from fitline.statistics.validation import CrossValidation, lost_slopes, require_fits
from fitline.vector import Vector


def rows(features: int, count: int = 90) -> Vector:
    draw = np.random.default_rng(features)
    x = draw.normal(size=(features, count)) * [[10.0**place] for place in range(features)]
    return np.vstack([x, 5 + x.sum(axis=0) + draw.normal(size=count)])


def expected(columns: Vector, folds: Folds, *, intercept: bool) -> tuple[list[float], float]:
    """Fit by NumPy on all folds but one, again and again."""
    own, design = folds.of(columns), columns[:-1].T
    if intercept:
        design = np.column_stack([np.ones(len(design)), design])
    y, errors = columns[-1], np.empty(len(design))
    for fold in range(folds.count):
        test = own == fold
        theta = np.linalg.lstsq(design[~test], y[~test])[0]
        errors[test] = y[test] - design[test] @ theta
    rmses = [float(np.sqrt(np.mean(errors[own == fold] ** 2))) for fold in range(folds.count)]
    return rmses, float(np.sqrt(np.mean(errors**2)))


@pytest.mark.parametrize("features", [1, 2, 4])
@pytest.mark.parametrize("count", [2, 5, 10])
@pytest.mark.parametrize("intercept", [True, False])
def test_each_fold_is_predicted_by_the_fit_of_all_others(
    features: int,
    count: int,
    intercept: bool,  # noqa: FBT001
) -> None:
    columns, folds = rows(features), Folds(count, seed=3)
    names = [f"x{place}" for place in range(features)]
    data = dict(zip([*names, "y"], columns, strict=True))
    with open_table(data, names, "y") as table:
        moments = table.moments(intercept=intercept, division=folds)
        plain = table.moments(intercept=intercept)
    found = CrossValidation.of(moments)
    assert found is not None
    rmses, rmse = expected(columns, folds, intercept=intercept)
    np.testing.assert_allclose(found.rmses, rmses, rtol=1e-9)
    assert found.rmse == pytest.approx(rmse, rel=1e-9)
    assert found.spread == pytest.approx(np.std(rmses, ddof=1), rel=1e-9)
    centre = columns[-1].mean() if intercept else 0.0
    assert found.r2 == pytest.approx(1 - rmse**2 / np.mean((columns[-1] - centre) ** 2), rel=1e-9)
    assert moments.fit.theta.tolist() == plain.fit.theta.tolist()
    assert moments.fingerprint == plain.fingerprint
    assert CrossValidation.of(plain) is None


def test_the_order_of_the_rows_does_not_matter() -> None:
    columns, found = rows(2), []
    for order in (np.arange(90), np.random.default_rng(1).permutation(90)):
        data = dict(zip(("a", "b", "y"), columns[:, order], strict=True))
        with open_table(data, ["a", "b"], "y") as table:
            found.append(CrossValidation.of(table.moments(division=Folds(5, 0))))
    assert found[0] == found[1]


def test_what_has_no_folds_is_refused() -> None:
    for options in ({"cost": "huber"}, {"holdout": 0.2}):
        with pytest.raises(ConfigError, match="folds"):
            resolve({"folds": 5, **options})
    with (
        pytest.raises(DataError, match="of its 4 rows some folds hold none"),
        open_table() as table,
    ):
        table.moments(division=Folds(50, 0))


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("features", [1, 2, 3])
def test_folds_without_which_there_is_no_one_fit_are_refused_or_noted(
    features: int,
    intercept: bool,  # noqa: FBT001
) -> None:
    draw, refused = np.random.default_rng(features), 0
    names = [f"x{place}" for place in range(features)]
    for seed in range(20):
        columns = draw.integers(0, 3, (features + 1, 5 + features)).astype(float)
        folds = Folds(2, seed)
        ones = np.ones((int(intercept), len(columns[0])))
        design, own = np.concatenate([ones, columns[:-1]]), folds.of(columns)
        if len({*own}) < folds.count or not np.ptp(columns[0]):
            continue
        ranks = [np.linalg.matrix_rank(design[:, own != fold]) for fold in range(folds.count)]
        rank, rows = np.linalg.matrix_rank(design), len(own) - max(np.bincount(own))
        with open_table(dict(zip([*names, "y"], columns, strict=True)), names, "y") as table:
            moments = table.moments(intercept=intercept, division=folds)
        assert bool(lost_slopes(moments, names)) == (min(ranks) < rank)
        if rows >= rank:
            require_fits(moments, "t.csv", names)
            continue
        refused += 1
        with pytest.raises(DataError, match="without one of its 2 folds, "):
            require_fits(moments, "t.csv", names)
    assert refused or features + intercept == 1  # there is always one row


TWO_FOLDS = {
    "a": [47.62, 8.09, 3.13, 2.84, -4.94, 53.37],
    "y": [4.18, 10.66, 8.56, 5.89, 11.34, 8.12],
    "w": [0.41, 1.91, 1.66, 0.60, 0.72, 0.65],
}


def test_a_training_in_such_folds_does_not_begin() -> None:
    options = {"x": "a", "y": "y", "weight": "w", "folds": 2}
    with pytest.raises(DataError, match="1 row cannot tell the slope of a"):
        train(TWO_FOLDS, **options)
    for penalty in ({"l2": 0.1}, {"l1": 0.1}, {"seed": 1}):
        train(TWO_FOLDS, **options, **penalty)
