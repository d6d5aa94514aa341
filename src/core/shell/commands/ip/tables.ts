import type { Host } from '../../../kernel/host.ts'

/** Names of routing tables: the kernel's three and what /etc/iproute2/rt_tables adds. Tables without a name are numbers. */
const NAMES: Record<string, string> = { '253': 'default', '254': 'main', '255': 'local' }
const FILE = '/etc/iproute2/rt_tables'

/** Key of a table as the kernel's tables are held; undefined = no such name or number. */
export function readTableName(host: Host, word: string): string | undefined {
  if (/^\d{1,10}$/.test(word)) {
    const number = Number(word)
    return number > 0xffffffff ? undefined : number === 0 ? 'main' : (NAMES[String(number)] ?? String(number))
  }
  if (Object.values(NAMES).includes(word)) return word
  return namesOf(host).find(([, name]) => name === word)?.[0]
}

/** A table's name as it is shown. */
export function showTableName(host: Host, key: string): string {
  return namesOf(host).find(([number]) => number === key)?.[1] ?? key
}

function namesOf(host: Host): [string, string][] {
  const rows = (host.files[FILE] ?? '').split('\n').map((line) => line.replace(/#.*/, '').trim())
  return rows.flatMap((row): [string, string][] => {
    const m = /^(\d+)\s+(\S+)$/.exec(row)
    return m?.[1] !== undefined && m[2] !== undefined ? [[m[1], m[2]]] : []
  })
}
