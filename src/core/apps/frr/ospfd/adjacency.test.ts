import { beforeAll, describe, expect, test } from 'vitest'
import a4 from '../../../../testing/fixtures/ospf-a4.json' with { type: 'json' }
import { courseNet, describePacket, type OspfNet } from '../../../../testing/ospf-net.ts'
import { formatIp4, parseIp4, SEC } from '../../../base/ids.ts'

/**
 * The bring-up of golden A4: three routers started one after the other, with the real daemons' state changes, packets and
 * databases beside. Times are not compared: the real machines took 10 ms and more for what is done at once here.
 */
let net: OspfNet

beforeAll(() => {
  net = courseNet()
  net.run(45 * SEC)
})

describe.each(Object.entries(a4.states))('%s', (name, states) => {
  test('neighbours go through the states of the real daemon, for its reasons', () => {
    const seen: Record<string, string[]> = {}
    for (const note of net.get(name).notes) {
      if (note.kind !== 'ospf.neighbor') continue
      const who = [...net.speakers.values()].find((one) => one.o.routerId === note.id)
      ;(seen[who?.name ?? ''] ??= []).push(`${note.from} ${note.to} ${note.why}`)
    }
    expect(seen).toEqual(states)
  })

  test('the same packets to the same addresses in the same order', () => {
    const mine = net.sent.filter((sent) => sent.from === name)
    const seen = mine.map((sent) => `${describePacket(sent.bytes)} > ${formatIp4(sent.dst)}`)
    const real = a4.packets[name as keyof typeof a4.packets]
    expect(essence(seen.filter((line) => !line.startsWith('hello')))).toEqual(essence(real))
  })
})

/**
 * Acknowledgements that wait for the same tick of a timer share a packet or do not; and a description is repeated if the answer
 * is not worked through by then. Both hang on how fast a machine is.
 */
function essence(lines: readonly string[]): string[] {
  const out: string[] = []
  for (const line of lines) {
    const last = out.at(-1) ?? ''
    const [, types = '', to = ''] = /^lsack (\S+) > (\S+)$/.exec(line) ?? []
    if (line.startsWith('dd 0x07') && line === last) continue
    const joins = types !== '' && last.startsWith('lsack') && last.endsWith(` > ${to}`)
    if (joins) out[out.length - 1] = last.replace(' >', `,${types} >`)
    else out.push(line)
  }
  return out
}

test('interfaces', () => {
  for (const [name, states] of Object.entries(a4.interfaces)) {
    const seen = net
      .get(name)
      .notes.flatMap((note) =>
        note.kind === 'ospf.interface' ? [`${note.dev} ${note.from} ${note.to}`] : [],
      )
    expect(seen).toEqual(states)
  }
})

test('all end with the database of the real ones, checksums included', () => {
  for (const speaker of net.speakers.values()) {
    const lsdb = speaker.o.areas.flatMap((area) => area.lsdb)
    const lines = lsdb.map(
      (lsa) =>
        `${formatIp4(lsa.id)} ${formatIp4(lsa.adv)} 0x${lsa.seq.toString(16)} 0x${lsa.checksum.toString(16)}`,
    )
    expect(lines).toEqual(a4.database)
  }
})

test('the router reaches the VIP over both, later than it is fully adjacent', () => {
  const router = net.get('router')
  const vip = router.rib.get(`${parseIp4('172.16.253.100') ?? 0}/32`)
  expect(vip?.nexthops.map((hop) => formatIp4(hop.gateway))).toEqual(['172.16.253.129', '172.16.253.131'])
  const fulls = router.notes.filter((note) => note.kind === 'ospf.neighbor' && note.to === 'Full')
  const spfs = router.notes.filter((note) => note.kind === 'ospf.spf')
  const last = spfs.at(-1)?.at ?? 0
  // The LB's second router LSA comes within a second of its first and is repeated only after 5 to 10 s (golden: 9.9 s).
  const waited = (last - (fulls.at(-1)?.at ?? 0)) / SEC
  expect(waited).toBeGreaterThan(5)
  expect(waited).toBeLessThanOrEqual(10)
})

test('a load balancer tells zebra of its own address and not of the other one’s way to it', () => {
  const vip = net.get('LB1').rib.get(`${parseIp4('172.16.253.100') ?? 0}/32`)
  expect(vip?.nexthops).toEqual([{ gateway: 0, dev: 'lo' }])
  expect(vip?.metric).toBe(0)
})

test('the journal has the lines of log-adjacency-changes', () => {
  expect(net.get('LB1').log.map((line) => line.text)).toEqual([
    '[Y05P2-YJVXY] AdjChg: Nbr 172.16.253.135, NbrIP 172.16.253.135 (default) on ens33:172.16.253.131: Loading -> Full (LoadingDone)',
  ])
})
