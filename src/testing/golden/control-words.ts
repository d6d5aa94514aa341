/**
 * What routing daemons and the kernel say of routes, without what depends on when and how fast daemons were started: times, ages,
 * how often an LSA was issued, numbers of next-hop objects, LSAs that wait for an acknowledgement (it may take a second). Next hops of one route stand in the order of their numbers in the
 * kernel, and in ospfd in that of memory addresses: they are put in order.
 */
export function controlWords(command: string, lines: readonly string[]): string[] | undefined {
  if (!/^(vtysh -c "show |ip route|ip r$|route )/.test(command)) return undefined
  const list = lines.map((line) =>
    line
      .replace(/ +(\d+\.\d{3}s|\d+m\d\ds|\d+h\d\dm\d\ds)/g, ' TIME')
      .replace(/, \d\d:\d\d:\d\d$/, ', TIME')
      .replace(/nhid \d+/, 'nhid N')
      .replace(/( \w+:[\d.]+ +)\d+( +\d+ +\d+)$/, '$1N$2')
      .replace(/^([\d.]+ +[\d.]+) +\d+ 0x[0-9a-f]{8} 0x[0-9a-f]{4}/, '$1 AGE SEQ SUM')
      .replace(/^( {2}LS age:) (?!3600)\d+/, '$1 AGE')
      .replace(/^( {2}LS Seq Number:) .*/, '$1 SEQ')
      .replace(/^( {2}Checksum:) .*/, '$1 SUM'),
  )
  return sortRuns(list)
}

const NEXT_HOP = /^(\tnexthop via | {20,}via )/

function sortRuns(lines: readonly string[]): string[] {
  const sorted: string[] = []
  let run: string[] = []
  const flush = (): void => {
    sorted.push(...run.sort())
    run = []
  }
  for (const line of lines) {
    if (NEXT_HOP.test(line)) run.push(line)
    else {
      flush()
      sorted.push(line)
    }
  }
  flush()
  return sorted
}
