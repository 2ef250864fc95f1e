// Numbers for `${_RANDOM}`: a linear congruential generator, because nobody must be able to rely on them being good.

/** Numbers from 0 to below 1; the same seed gives the same ones. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
