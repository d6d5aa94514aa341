import type { Lang } from '../../i18n/words.ts'

/** One recorded scenario, or one of its takes, and how far the simulator is equal to it. */
export interface FidelityRow {
  id: string
  shows: string
  /** Capture points that are equal, of how many. */
  points: number
  pointsOf: number
  packets: number
  differences: readonly { point: string; reason: string }[]
  /** Commands whose output is equal, of how many. */
  transcripts: number
  transcriptsOf: number
  words: readonly { line: string; reason: string }[]
}

/** Takes that show the same thing. */
export interface FidelityGroup {
  shows: string
  rows: readonly FidelityRow[]
}

/** The generated table, and the words for it: in English they are the table's own. */
export async function loadFidelity(
  lang: Lang,
): Promise<{ groups: readonly FidelityGroup[]; word: (text: string) => string | undefined }> {
  const { default: rows } = await import('../../testing/fidelity.json')
  const words = lang === 'zh' ? (await import('../../i18n/zh/fidelity.ts')).fidelityZh : undefined
  return {
    groups: groupsOf(rows),
    word: (text) => (words === undefined ? text : words[text]),
  }
}

/** In the table's order; takes of a scenario stand together in it. */
export function groupsOf(rows: readonly FidelityRow[]): FidelityGroup[] {
  const groups = new Map<string, FidelityRow[]>()
  for (const row of rows) groups.set(row.shows, [...(groups.get(row.shows) ?? []), row])
  return [...groups].map(([shows, found]) => ({ shows, rows: found }))
}

export interface FidelitySum {
  takes: number
  equalTakes: number
  points: number
  pointsOf: number
  packets: number
}

export function sumOf(groups: readonly FidelityGroup[]): FidelitySum {
  const rows = groups.flatMap((group) => group.rows)
  const add = (value: (row: FidelityRow) => number): number => rows.reduce((sum, row) => sum + value(row), 0)
  return {
    takes: rows.length,
    equalTakes: rows.filter((row) => row.points === row.pointsOf).length,
    points: add((row) => row.points),
    pointsOf: add((row) => row.pointsOf),
    packets: add((row) => row.packets),
  }
}

/** Reasons with how often each is given. */
export function reasonsOf(list: readonly { reason: string }[]): [reason: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { reason } of list) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
}
