/** Lines, numbered from 1, in which two texts differ: a longest common subsequence (Hunt and Szymanski's problem, by table). */
export interface LineDiff {
  /** Lines of the edited text that the original does not have. */
  added: readonly number[]
  /** Lines of the original that are gone. */
  removed: readonly number[]
}

/** Texts longer than this are not compared line by line: all of their middle counts as different. */
const MOST_CELLS = 1_000_000

export function diffLines(original: string, edited: string): LineDiff {
  const a = linesOf(original)
  const b = linesOf(edited)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail++
  const left = a.slice(head, a.length - tail)
  const right = b.slice(head, b.length - tail)
  const kept = left.length * right.length > MOST_CELLS ? [] : commonPairs(left, right)
  const keptLeft = new Set(kept.map(([i]) => i))
  const keptRight = new Set(kept.map(([, j]) => j))
  return {
    added: right
      .map((_, j) => j)
      .filter((j) => !keptRight.has(j))
      .map((j) => j + head + 1),
    removed: left
      .map((_, i) => i)
      .filter((i) => !keptLeft.has(i))
      .map((i) => i + head + 1),
  }
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** Pairs of places that a longest common subsequence keeps. */
function commonPairs(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1
  const length = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => length[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return pairs
}
