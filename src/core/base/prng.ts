/**
 * Seeded randomness as plain data: sfc32 (Chris Doty-Humphrey, PractRand). One generator per host and per link
 * direction, so that a new draw in one place does not shift the rest.
 */
export interface Rng {
  a: number
  b: number
  c: number
  n: number
}

/** A generator for one purpose: same seed and label, same numbers, on every machine. */
export function makeRng(seed: number, label: string): Rng {
  let h = (seed ^ 0x9e3779b9) >>> 0
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193) >>> 0
  const rng: Rng = { a: seed >>> 0, b: h, c: Math.floor(seed / 0x100000000) >>> 0, n: 1 }
  for (let i = 0; i < 12; i++) nextU32(rng)
  return rng
}

/** Next number, 0..2^32-1. */
export function nextU32(rng: Rng): number {
  const t = (((rng.a + rng.b) >>> 0) + rng.n) >>> 0
  rng.n = (rng.n + 1) >>> 0
  rng.a = (rng.b ^ (rng.b >>> 9)) >>> 0
  rng.b = (rng.c + (rng.c << 3)) >>> 0
  rng.c = (((rng.c << 21) | (rng.c >>> 11)) + t) >>> 0
  return t
}

/** Uniform integer in 0..bound-1, by rejection, so without bias. */
export function nextBelow(rng: Rng, bound: number): number {
  const limit = 0x100000000 - (0x100000000 % bound)
  for (;;) {
    const value = nextU32(rng)
    if (value < limit) return value % bound
  }
}
