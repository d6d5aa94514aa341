export interface HexRun<Mark> {
  at: number
  length: number
  mark: Mark | undefined
}

export interface HexRow<Mark> {
  at: number
  runs: HexRun<Mark>[]
}

/** Cut `length` bytes into rows, and each row into runs of bytes of one field. Of fields that overlap the shortest counts. */
export function hexRows<Mark extends { at: number; length: number }>(
  length: number,
  perRow: number,
  fields: readonly Mark[],
): HexRow<Mark>[] {
  const owner: (Mark | undefined)[] = new Array<Mark | undefined>(length).fill(undefined)
  for (const field of [...fields].sort((a, b) => b.length - a.length))
    for (let i = field.at; i < field.at + field.length && i < length; i++) owner[i] = field
  const rows: HexRow<Mark>[] = []
  for (let at = 0; at < length; at += perRow) {
    const row: HexRow<Mark> = { at, runs: [] }
    for (let i = at; i < Math.min(at + perRow, length); i++) {
      const last = row.runs.at(-1)
      if (last !== undefined && last.mark === owner[i]) last.length += 1
      else row.runs.push({ at: i, length: 1, mark: owner[i] })
    }
    rows.push(row)
  }
  return rows
}
