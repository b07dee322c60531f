/** Answers by the page's own scripts what test_law.py asks, from JSON to JSON. */

import { readFileSync } from "node:fs";

const { script, constants, lessons, walks, shown, numbers } = JSON.parse(readFileSync(0, "utf8"));
globalThis.document = { getElementById: () => ({ textContent: JSON.stringify({ constants }) }) };
const scopes = [...script.matchAll(/^const (\$\w+) = /gm)].map(([, scope]) => `...${scope}`);
const page = new Function(`${script}\nreturn { ${scopes.join(", ")} };`)();

const tables = lessons.map(page.tableOf);

function walked([place, config]) {
  const table = tables[place];
  const setUp = page.setUpOf(config);
  const walk = new page.Walk(table, setUp);
  const reached = page.minimumReached(table, walk);
  const { low, high } = page.curvatureOf(table.moments, walk.scaling);
  const rates = page.ratesOf(table, setUp);
  const steps = [...walk.costs.keys()].slice(0, shown);
  return {
    stop_reason: walk.stopReason,
    steps: walk.last,
    predicted_steps: page.hasTheory(table, setUp) ? page.predictedSteps(table, setUp) : null,
    reached: reached ? reached.theta : null,
    condition_number: [high / low],
    rates: rates ? [rates.best, rates.stable] : [],
    intercept: steps.map((step) => walk.theta(step)[0]),
    slope: steps.map((step) => walk.theta(step)[1]),
    cost: steps.map((step) => walk.costs[step]),
    excess: steps.map((step) => walk.excess(step)),
    gradient_norm: steps.map((step) => walk.norms[step]),
  };
}

const answers = {
  walks: walks.map(walked),
  numbers: numbers.map(([value, digits]) => page.number(value, digits)),
};

/** Write numbers that are not finite as Python reads them. */
const named = (_, value) =>
  typeof value === "number" && !Number.isFinite(value) ? `${value}` : value;
process.stdout.write(JSON.stringify(answers, named).replace(/"(-?Infinity|NaN)"/g, "$1"));
