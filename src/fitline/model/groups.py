"""A model for each group of rows."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fitline.data.arrays import groups_of
from fitline.data.cells import text_of
from fitline.data.known_groups import GroupNames, lacking_text
from fitline.data.terms import Inputs, LevelTerm
from fitline.errors import DataError, FileError
from fitline.formatting import count, listed, number, quoted
from fitline.vector import Vector

from .linear import LinearModel

if TYPE_CHECKING:
    from fitline.data.formulas.tree import Formula


@dataclass(frozen=True, eq=False)
class GroupModels:
    """A linear model for each group of rows: those with the same text in the column `by`.

    The `models`, by the names of their groups, predict the same y from the same features.
    `lacking` has for groups, by the columns of text, the levels that no row of theirs had; rows
    with these are not predicted.
    """

    by: str
    models: Mapping[str, LinearModel]
    lacking: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise DataError where there is no model, or where these differ in more than theta."""
        for name in ("models", "lacking"):
            if not isinstance(by_group := getattr(self, name), Mapping):
                kind = type(by_group).__name__
                raise DataError(f"{name} is of type {kind!r}, not a dict by the names of groups")
        if not self.models:
            raise DataError(f"there is no model of a group by {self.by!r}")
        for name, model in self.models.items():
            if not (isinstance(name, str) and isinstance(model, LinearModel)):
                raise DataError(f"{name!r} is to be the name of a group, and {model!r} its model")
            if text_of(name) != name or not _is_text(name):
                raise DataError(f"no group is called {quoted(name)}")
        plain = {name: replace(one, uncertainty=None) for name, one in self.models.items()}
        object.__setattr__(self, "models", plain)
        for name, model in self.models.items():
            if (model.x, model.y) != (self.x, self.y):
                told = f"the model of {name!r} predicts {model.y!r} from {listed(model.x)}"
                raise DataError(f"{told}, and others {self.y!r} from {listed(self.x)}")
            if _shared(model) != _shared(self.common):
                raise DataError(f"the model of {name!r} reads its columns otherwise than others")
        self._require_apart()

    def _require_apart(self) -> None:
        if self.by in {*self.common.columns, self.told or self.y}:
            raise DataError(f"{quoted(self.by)} tells groups apart, and is a feature or y already")
        for name, columns in self.lacking.items():
            if not isinstance(columns, Mapping):
                raise DataError(f"lacking[{name!r}] is {columns!r}, not levels by their columns")
            known = (({*texts} <= {*self._levels(typed)}) for typed, texts in columns.items())
            if name not in self.models or not all(known):
                raise DataError(f"the group {quoted(name)} lacks levels that are not there")

    @cached_property
    def common(self) -> LinearModel:
        """Give one of the models, for what all of them have in common."""
        return next(iter(self.models.values()))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Give the names of the groups."""
        return tuple(self.models)

    @property
    def x(self) -> tuple[str, ...]:
        """Name the features."""
        return self.common.x

    @property
    def y(self) -> str:
        """Name what is predicted."""
        return self.common.y

    @property
    def told(self) -> str:
        """Name the column that y tells, where it is a formula that tells one."""
        return self.common.told

    @property
    def formulas(self) -> "Mapping[str, Formula]":
        """Give the formula that y is of that column, by its name, if there is one."""
        return self.common.formulas

    @property
    def theta(self) -> NDArray[np.float64]:
        """Give the parameters of all models, in the shape (groups, 1 + features).

        Those that a group does not have are 0, for no row is predicted with them.
        """
        return np.nan_to_num(self._thetas)

    @property
    def _thetas(self) -> NDArray[np.float64]:
        """Give the same, with NaN for what a group does not have."""
        return np.stack([model.theta for model in self.models.values()])

    @property
    def written(self) -> dict[str, list[float | None]]:
        """Give the parameters as they are written, by the names of the groups."""
        return {
            name: [None if math.isnan(one) else one for one in model.theta.tolist()]
            for name, model in self.models.items()
        }

    @property
    def untold(self) -> Mapping[int, Mapping[int, Collection[int]]]:
        """Give the places of features that groups lack, as `LackingTerm` has them.

        Levels stand at the place of the first one of their column.
        """
        terms, places = self.common.terms, {name: place for place, name in enumerate(self.names)}
        firsts = {t.typed: n for n, t in reversed([*enumerate(terms)]) if isinstance(t, LevelTerm)}
        found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for place, groups in enumerate(np.isnan(self._thetas[:, 1:]).T):
            term, own = terms[place], np.flatnonzero(groups).tolist()
            if own and isinstance(term, LevelTerm):
                found[firsts[term.typed]][term.level].update(own)
            elif own:
                found[place][0].update(own)
        for name, columns in self.lacking.items():
            for typed, texts in columns.items():
                for text in texts:
                    found[firsts[typed]][self._levels(typed).index(text)].add(places[name])
        return found

    def _levels(self, typed: str) -> Sequence[str]:
        return self.common.inputs.levels.get(typed, ()) if self.common.inputs else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns that the features are made of, and the one that tells groups apart."""
        return (*self.common.columns, self.by)

    @property
    def as_typed(self) -> LinearModel:
        """Give a model in which the group is a column of text beside those of the features."""
        line = self.common
        known = line.inputs or Inputs(line.x, line.x, {})
        levels = {**known.levels, self.by: self.names}
        return replace(line, inputs=replace(known, columns=self.columns, levels=levels))

    def features(self, x: Any) -> NDArray[np.float64]:
        """Give the place of each row's group, and the features, in the shape (rows, 1 + features).

        What is missing is NaN.
        """
        places = groups_of(x, self.by, GroupNames(self.names), self.common.reading)
        features = self.common.features(x)
        if len(places) != len(features):
            rows = f"{count(len(places), 'row')}, and the features {len(features):,}"
            raise DataError(f"the columns must have one length, but {self.by} has {rows}")
        return np.column_stack([places, features])

    def predict(self, x: Any) -> NDArray[np.float64]:
        """Predict y for every row of x by the model of its group, in the shape (rows,).

        x has the columns by name, and among them `by`: a mapping of arrays, a data frame, a
        structured array. Where one is missing the prediction is NaN. Raises DataError where x fits
        not or a group is not known, and RangeError where a prediction is too large for a float64.

        >>> lines = {"a": LinearModel(("x",), "y", [1, 2]), "b": LinearModel(("x",), "y", [0, 5])}
        >>> GroupModels("kind", lines).predict({"x": [3, 3], "kind": ["b", "a"]})
        array([15.,  7.])
        """
        return self.predict_rows(self.features(x))

    def predict_rows(self, rows: Vector) -> NDArray[np.float64]:
        """Predict y for rows as `features` gives them."""
        predictions = np.full(len(rows), np.nan)
        known = np.flatnonzero(~np.isnan(rows[:, 0]))
        order = known[np.argsort(rows[known, 0], kind="stable")]
        places = rows[order, 0].astype(np.intp)
        for own in np.split(order, 1 + np.flatnonzero(np.diff(places))):
            if len(own):
                name = self.names[int(rows[own[0], 0])]
                self._require_known(name, rows[own, 1:])
                predictions[own] = self.models[name].predict(rows[own, 1:])
        return predictions

    def predicted(self, rows: Sequence[Sequence[float]], _: Sequence[object]) -> list[list[float]]:
        """Give the prediction for every row; models of groups have no intervals."""
        x = np.array(rows, dtype=np.float64).reshape(len(rows), 1 + len(self.x))
        return [[one] for one in self.predict_rows(x).tolist()]

    def _require_known(self, name: str, rows: Vector) -> None:
        """Raise DataError where a row has what no row of its group had."""
        terms = self.common.terms
        for place in np.flatnonzero(np.isnan(self.models[name].theta[1:])).tolist():
            found = rows[np.abs(rows[:, place]) > 0, place]
            if len(found) and not isinstance(terms[place], LevelTerm):
                raise DataError(lacking_text(terms[place].name, number(float(found[0])), name))
        for typed, texts in self.lacking.get(name, {}).items():
            steps = [
                one.level if isinstance(one, LevelTerm) and one.typed == typed else 0
                for one in terms
            ]
            levels = rows @ np.array(steps, dtype=float)
            for text in texts:
                if (levels == self._levels(typed).index(text)).any():
                    raise DataError(lacking_text(typed, text, name))

    def save(self, path: str | Path, about: Mapping[str, Any] | None = None) -> None:
        """Write the models as JSON, with what is known `about` them beside them."""
        from .saved import write

        write(self, path, about or {})

    @classmethod
    def load(cls, path: str | Path) -> "GroupModels":
        """Read what `save` wrote. Raises FileError where the file holds no models of groups."""
        from .saved import Saved

        saved = Saved.load(path)
        if saved.groups is None:
            raise FileError(
                "holds one model, and none of groups",
                str(path),
                hint="load it with fitline.LinearModel.load",
            )
        return saved.groups


def _is_text(name: str) -> bool:
    """Tell whether a name may stand in a file."""
    return bool(name) and name == name.encode(errors="replace").decode()


def _shared(model: LinearModel) -> tuple[object, ...]:
    """Give what models of one file have in common."""
    inputs = model.inputs and asdict(model.inputs)
    told = dict(model.units), inputs, model.told, model.y_is_formula, model.intercept
    return *told, model.read_as


AnyModel: TypeAlias = LinearModel | GroupModels
"""What a file may hold: one model, or one for each group of rows."""
