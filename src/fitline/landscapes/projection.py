"""A landscape over two of its parameters, or one: what there is to draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from fitline.errors import DataError
from fitline.optimize.scaling import Scaling
from fitline.optimize.squared_error import SquaredError
from fitline.vector import Vector

from .landscape import Landscape
from .plane import Others, Plane, Section, Surface, profile, section
from .stationary import Stationary


@dataclass(frozen=True, eq=False)
class Projection:
    """A landscape on a plane; with one feature that is the landscape itself.

    `cost`, and `drawn` for pictures, take points of the shape (…, axes). `bowl` is squared error
    on the same plane, whatever the cost, and `surveyed`. `others` is None where there are no other
    parameters. All is in the table's units, or in those of a `scaling`.
    """

    landscape: Landscape
    plane: Plane
    bowl: SquaredError
    cost: Surface
    drawn: Surface
    others: Others | None
    scaling: Scaling | None = None

    @classmethod
    def of(
        cls,
        landscape: Landscape,
        axes: Sequence[int] | None = None,
        others: Others | None = None,
        scaling: Scaling | None = None,
    ) -> "Projection":
        """Take the plane of some axes, or of the two features that matter most.

        The profile of a robust cost is no plane: there the others are fixed at the minimum.
        """
        bowl = SquaredError.in_original_units(landscape.surveyed)
        cost, drawn, at = landscape.cost, landscape.drawn, landscape.lowest.theta
        if scaling:
            cost, drawn, at = cost.scaled(scaling), drawn.scaled(scaling), scaling.scaled(at)
            bowl = SquaredError.of(landscape.surveyed, scaling)
        if axes is None and not landscape.moments.has_intercept:
            axes = _two_slopes(landscape)
        if axes is None and len(at) == len(("intercept", "slope")):
            plane = Plane.fixed(range(len(at)), at)
            return cls(landscape, plane, bowl, cost, drawn, None, scaling)
        axes = sorted([*by_effect(landscape), 0][:2]) if axes is None else axes
        if landscape.is_bowl and others != "fixed":
            plane, square = profile(bowl, axes)
            return cls(landscape, plane, square, square, square, "best", scaling)
        plane, square = section(bowl, axes, at)
        if landscape.is_bowl:
            return cls(landscape, plane, square, square, square, "fixed", scaling)
        sections = Section(cost, plane), Section(drawn, plane)
        return cls(landscape, plane, square, *sections, "fixed", scaling)

    def scaled(self, scaling: Scaling) -> "Projection":
        """Take the same parameters in scaled coordinates."""
        axes = self.axes if self.others else None
        return self.of(self.landscape, axes, self.others, scaling)

    def project(self, thetas: Vector) -> Vector:
        """Turn theta (…, 1 + features), in the table's units, into points (…, axes)."""
        scaled = self.scaling.scaled(thetas) if self.scaling else thetas
        return self.plane.project(scaled)

    @property
    def axes(self) -> tuple[int, ...]:
        """Give the places in theta of the parameters that are seen."""
        return self.plane.axes

    @cached_property
    def stationary(self) -> Sequence[Stationary]:
        """Give the level points of the landscape as they are seen here."""
        return [replace(p, theta=self.project(p.theta)) for p in self.landscape.stationary]

    @property
    def minima(self) -> Sequence[Stationary]:
        """Give the minima, lowest first."""
        return self.stationary[: len(self.landscape.minima)]

    @property
    def saddles(self) -> Sequence[Stationary]:
        """Give the saddles, lowest first."""
        return [point for point in self.stationary if point.kind == "saddle"]

    @property
    def extents(self) -> Vector:
        """Give how far squared error reaches along each axis until it has risen by 1."""
        reach = 1 / np.sqrt(self.bowl.weights)
        if len(reach) > 1:
            reach[0] = np.hypot(reach[0], self.bowl.mixing[0, 1] * reach[1])
        return reach


def _two_slopes(landscape: Landscape) -> list[int]:
    """Choose the two features that matter most. Raises DataError where there are no two."""
    axes = sorted(by_effect(landscape)[:2])
    if len(axes) < len(("across", "up")):
        raise DataError(
            "without an intercept there is one parameter, and a picture takes two",
            hint="the cost along it: fitline landscape TABLE.csv --no-intercept --along theta1",
        )
    return axes


def by_effect(landscape: Landscape) -> list[int]:
    """Give the features' places in theta, the largest effect at the minimum first.

    An effect is measured in standard deviations. A feature that is a sum of others is left out.
    Raises DataError where that leaves none.
    """
    moments = landscape.moments
    effects = np.abs(landscape.lowest.theta[1:]) * moments.x_deviation
    ranked = [1 + int(place) for place in np.argsort(-effects, kind="stable")]
    found = [place for place in ranked if place not in landscape.dependent]
    if not found:
        raise DataError("every feature is constant, so there is no parameter to draw")
    return found
