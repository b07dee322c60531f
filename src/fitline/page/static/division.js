/** Which rows are held out, as in division.py: by a hash of the numbers of each row. */

const GAMMA = 0x9e3779b97f4a7c15n;
const MIXERS = [0xbf58476d1ce4e5b9n, 0x94d049bb133111ebn];
const WORD = 64;

/** Tell of each row whether it is held out, where about a part of all rows is to be. */
export function heldOut({ x, y }, part, seed) {
  return y.map((value, row) => Number(hashOf([x[row], value], seed) >> 11n) * 2 ** -53 < part);
}

/** Hash numbers: splitmix64 of the bits of each in turn, as in row_hashes.py. */
function hashOf(numbers, seed) {
  const bits = new BigUint64Array(Float64Array.from(numbers, (value) => value + 0).buffer);
  return [...bits].reduce((hash, each) => mixed(hash ^ each), BigInt(seed));
}

function mixed(state) {
  let word = BigInt.asUintN(WORD, state + GAMMA);
  word = BigInt.asUintN(WORD, (word ^ (word >> 30n)) * MIXERS[0]);
  word = BigInt.asUintN(WORD, (word ^ (word >> 27n)) * MIXERS[1]);
  return word ^ (word >> 31n);
}
