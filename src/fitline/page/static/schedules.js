/** How a learning rate changes, as in schedules.py: its factor, by the number of moves before. */

export const SCHEDULES = {
  constant: () => 1,
  step: (move, { every, drop }) => drop ** Math.floor(move / every),
  exponential: (move, { decay }) => decay ** move,
  inverse_time: (move, { decay }) => 1 / (1 + decay * move),
  cosine(move, { over, floor }) {
    const part = Math.min(move, over) / over;
    return floor + ((1 - floor) * (1 + Math.cos(Math.PI * part))) / 2;
  },
};

/** Give the learning rate of a move. */
export function rateAt({ rate, schedule, warmUp }, move) {
  const warmth = Math.min(1, (move + 1) / Math.max(1, warmUp));
  return rate * (SCHEDULES[schedule.name](move, schedule) * warmth);
}

/** Tell whether the rate stays as it is. */
export function isConstant({ schedule, warmUp }) {
  return schedule.name === "constant" && warmUp === 0;
}
