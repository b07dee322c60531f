"""A script of a user, in which mypy must find each mistake: one that it misses is an error too."""

import fitline


def script() -> list[object]:
    run = fitline.train("houses.csv", x="sqft", learning_rate="auto")
    cost: float = run.cost
    page: str = run.explore().html
    theta: list[float] = run.result.theta  # type: ignore[assignment] # some may be None
    name: int = fitline.compare(l2=[0, 1]).best.name  # type: ignore[assignment]
    run.plot(kind=3)  # type: ignore[arg-type]
    fitline.train(cost="hubert")  # type: ignore[arg-type]
    fitline.evaluate(theta="a")  # type: ignore[arg-type]
    fitline.landscape(along="sqft", axes=["a", "b"])  # type: ignore[call-overload]
    return [
        *(cost, page, theta, name, run.summary.r2, run.history["cost"].max()),
        fitline.evaluate(theta=[0, 100], rows=3).points[0].rmse,
        fitline.landscape(along="sqft").minima,
        fitline.landscape(axes=["a", "b"]).overview,
        fitline.predict(run, [1500]).nosuch,  # type: ignore[attr-defined]
    ]
