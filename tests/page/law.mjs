/** Answers by the page's own scripts what law.py asks, from JSON to JSON. */

import { readFileSync } from "node:fs";

const { script, near: NEAR, constants, lessons, runs, planes, own, texts, refused, shown, numbers } = JSON.parse(readFileSync(0, "utf8"));
globalThis.document = { getElementById: () => ({ textContent: JSON.stringify({ constants }) }) };
const scopes = [...script.matchAll(/^const (\$\w+) = /gm)].map(([, scope]) => `...${scope}`);
const page = new Function(`${script}\nreturn { ${scopes.join(", ")} };`)();

const tables = lessons.map(page.tableOf);

function answer([place, config]) {
  const table = tables[place];
  const setUp = page.setUpOf(config);
  const run = new page.Run(table, setUp);
  const reached = page.minimumReached(run.table, run);
  const { eigenvalues } = run.table.bowls[setUp.scaling];
  const rates = page.ratesOf(run.table, setUp);
  const hasTheory = page.hasTheory(run.table, setUp);
  const near = run.stepTo(NEAR) ?? null;
  const tuned = (name, rate) => page.tunedMomentum(run.table, { ...setUp, optimizer: { name } }, rate);
  const steps = [...run.costs.keys()].slice(0, shown);
  return {
    stop_reason: run.stopReason,
    steps: run.last,
    predicted_steps: hasTheory ? page.predictedSteps(run.table, setUp) : null,
    near,
    predicted_near: hasTheory && near !== null ? page.predictedStepsToPart(run.table, setUp, NEAR) : null,
    reached: reached ? reached.theta : null,
    condition_number: [eigenvalues[0] / eigenvalues.at(-1)],
    rates: rates ? [rates.best, rates.stable] : [],
    momenta: ["momentum", "nesterov"].flatMap((name) => [tuned(name), tuned(name, setUp.rate)]),
    ...page.startingAt(page.transposed(steps.map((step) => run.theta(step)))),
    cost: steps.map((step) => run.costs[step]),
    validation: steps.map((step) => run.validation(step)).filter((cost) => cost !== undefined),
    excess: steps.map((step) => run.excess(step)),
    gradient_norm: steps.map((step) => run.norms[step]),
  };
}

function rowsIn([text, x, y, way]) {
  const table = page.tableOfText(text, way);
  const chosen = page.columnsOf(table);
  const places = [x, y].map((name) => table.names.indexOf(name));
  const { rows, unused } = page.rowsOf(table, ...places);
  const doubt = table.ways.map((each) => table.doubted && each.read(table.doubted));
  return { ...rows, unused: unused.map(({ line }) => line), chosen: [table.names[chosen.x], table.names[chosen.y]], doubt };
}

/** Look at a pair on a profile, or where there are other parameters on the slice through them. */
function planeAt([place, axes, kind, pair, others]) {
  const plane = others
    ? page.sliceOf(tables[place], axes, others, kind)
    : page.profileOf(tables[place], axes, kind);
  const theta = plane.put(others, pair);
  return { theta, cost: plane.cost(pair), pair: plane.pair(theta) };
}

const answers = {
  runs: runs.map(answer),
  planes: planes.map(planeAt),
  own: own.map(([place, table, choice]) => page.lessonOn(lessons[place], table, choice)),
  texts: texts.map(rowsIn),
  refused: refused.map((text) => page.whyNoColumns(page.tableOfText(text))),
  numbers: numbers.map(([value, digits]) => page.number(value, digits)),
};

/** Write numbers that are not finite as Python reads them. */
const named = (_, value) =>
  typeof value === "number" && !Number.isFinite(value) ? `${value}` : value;
process.stdout.write(JSON.stringify(answers, named).replace(/"(-?Infinity|NaN)"/g, "$1"));
