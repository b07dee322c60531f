/**
 * NumPy's generator of random numbers, bit for bit, so that the page draws what Python draws.
 *
 * It is PCG64 (M. O'Neill, "PCG: a family of simple fast space-efficient statistically good
 * algorithms for random number generation", 2014), seeded by NumPy's SeedSequence.
 */

const HALF = 0xffffffffn;
const WORD = 0xffffffffffffffffn;
const WHOLE = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** The generator of `numpy.random.default_rng(seeds)`. */
export class Random {
  #state = 0n;
  #increment;
  /** @type {number | null} the upper half of a number whose lower half has been given */
  #waiting = null;

  constructor(...seeds) {
    const [high, low, nextHigh, nextLow] = seedsOf(seeds.flatMap(halvesOf));
    this.#increment = ((((nextHigh << 64n) | nextLow) << 1n) | 1n) & WHOLE;
    this.#step();
    this.#state += (high << 64n) | low;
    this.#step();
  }

  /** Give a random order of so many things. */
  permutation(count) {
    const order = [...Array(count).keys()];
    for (let last = count - 1; last > 0; last -= 1) swap(order, last, this.#masked(last));
    return order;
  }

  /** Choose two of so many things (R. Floyd, 1987). */
  pair(count) {
    const pair = [this.#below(count - 1)];
    const second = this.#below(count);
    pair.push(second === pair[0] ? count - 1 : second);
    swap(pair, 1, this.#below(2));
    return pair;
  }

  #step() {
    this.#state = (this.#state * MULTIPLIER + this.#increment) & WHOLE;
  }

  /** Give 32 random bits. */
  #half() {
    if (this.#waiting !== null) {
      const given = this.#waiting;
      this.#waiting = null;
      return given;
    }
    this.#step();
    const folded = (this.#state >> 64n) ^ (this.#state & WORD);
    const turn = this.#state >> 122n;
    const turned = ((folded >> turn) | (folded << (64n - turn))) & WORD;
    this.#waiting = Number(turned >> 32n);
    return Number(turned & HALF);
  }

  /** Give a whole number from 0 to `most`: bits that say a larger one are thrown away. */
  #masked(most) {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    let value;
    do value = this.#half() & mask;
    while (value > most);
    return value;
  }

  /** Give a whole number below a limit (D. Lemire, "Fast random integer generation", 2019). */
  #below(limit) {
    if (limit === 1) return 0;
    const threshold = (2 ** 32 - limit) % limit;
    let product;
    do product = BigInt(this.#half()) * BigInt(limit);
    while (Number(product & HALF) < threshold);
    return Number(product >> 32n);
  }
}

function swap(values, one, other) {
  [values[one], values[other]] = [values[other], values[one]];
}

/** Cut a seed into parts of 32 bits, the lowest first. */
function halvesOf(seed) {
  const halves = [];
  for (let rest = BigInt(seed); rest > 0n || !halves.length; rest >>= 32n) {
    halves.push(Number(rest & HALF));
  }
  return halves;
}

/** Mix seeds of 32 bits into four numbers of 64 bits, as SeedSequence does. */
function seedsOf(entropy) {
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = [0, 1, 2, 3].map((place) => hash(entropy[place] ?? 0));
  for (const from of pool.keys()) {
    for (const to of pool.keys()) if (from !== to) pool[to] = mixed(pool[to], hash(pool[from]));
  }
  for (const more of entropy.slice(pool.length)) {
    for (const to of pool.keys()) pool[to] = mixed(pool[to], hash(more));
  }
  const output = hasher(0x8b51f9dd, 0x58f38ded);
  const halves = [...pool, ...pool].map((value) => BigInt(output(value)));
  return [0, 2, 4, 6].map((place) => halves[place] | (halves[place + 1] << 32n));
}

function hasher(constant, multiplier) {
  let key = constant;
  return (value) => {
    const keyed = value ^ key;
    key = Math.imul(key, multiplier);
    return folded(Math.imul(keyed, key));
  };
}

function mixed(one, other) {
  return folded(Math.imul(0xca01f9dd, one) - Math.imul(0x4973f715, other));
}

function folded(value) {
  return ((value >>> 0) ^ (value >>> 16)) >>> 0;
}
