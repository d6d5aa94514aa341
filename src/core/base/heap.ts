/** Binary heap of events in a plain array, total order by (at, seq): ties run first-in-first-out. */
export interface Ordered {
  at: number
  seq: number
}

function before(a: Ordered, b: Ordered): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq)
}

export function heapPush<T extends Ordered>(heap: T[], item: T): void {
  let i = heap.length
  heap.push(item)
  while (i > 0) {
    const up = (i - 1) >> 1
    const parent = heap[up] as T
    if (!before(item, parent)) break
    heap[i] = parent
    i = up
  }
  heap[i] = item
}

export function heapPop<T extends Ordered>(heap: T[]): T | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) return top
  let i = 0
  for (;;) {
    let down = 2 * i + 1
    if (down >= heap.length) break
    const right = heap[down + 1]
    if (right !== undefined && before(right, heap[down] as T)) down++
    const child = heap[down] as T
    if (!before(child, last)) break
    heap[i] = child
    i = down
  }
  heap[i] = last
  return top
}
