import { describe, expect, it } from 'vitest'
import { formatIp4 } from '../core/base/ids.ts'
import { LABS } from '../core/lab/labs/index.ts'
import type { Lab } from '../core/lab/schema.ts'
import { createEngine } from '../engine/inprocess.ts'
import type { HostView } from '../engine/engine.ts'

type Kind = HostView['daemons'][number]['kind']

async function booted(id: string) {
  const engine = createEngine()
  const { bootEvents } = await engine.load(LABS[id] as Lab)
  const look = async <K extends Kind>(host: string, kind: K, event = bootEvents) => {
    const { daemons } = await engine.inspect(host, event)
    return daemons.find((one): one is Extract<(typeof daemons)[number], { kind: K }> => one.kind === kind)
  }
  return { engine, look, bootEvents }
}

describe('what daemons let be looked up', () => {
  it('is neighbours, database, tree and routes of ospfd, once the course lab has converged', async () => {
    const { engine, look } = await booted('course')
    const ospf = await look('router', 'ospf')
    expect(ospf?.neighbors.map(({ state }) => state)).toEqual(['Full', 'Full'])
    const area = ospf?.areas[0]
    expect(area?.lsdb.filter(({ type }) => type === 1)).toHaveLength(3)
    expect(area?.lsdb.filter(({ type }) => type === 2)).toHaveLength(1)
    const root = area?.tree[0]
    expect([root?.distance, root?.parents]).toEqual([0, []])
    // the network first, then the two balancers behind it
    expect(area?.tree.map(({ type }) => type)).toEqual([1, 2, 1, 1])
    expect(area?.tree[2]?.parents).toEqual([area?.tree[1]?.key])
    const vip = ospf?.routes.find(({ ip }) => formatIp4(ip) === '172.16.253.100')
    expect(vip?.nexthops.map(({ gateway }) => formatIp4(gateway)).sort()).toEqual([
      '172.16.253.129',
      '172.16.253.131',
    ])
    engine.dispose()
  })

  it('is health of real servers, and it changes when one is stopped', async () => {
    const { engine, look, bootEvents } = await booted('course')
    expect((await look('LB1', 'health'))?.services[0]?.servers[0]).toMatchObject({ alive: true, set: true })
    const { units } = await engine.inspect('LB1', bootEvents)
    expect(units).toMatchObject({ keepalived: 'active' })
    await engine.exec('server1', 'kill $(pidof nginx)')
    await engine.advance(30e9)
    const end = await engine.exec('LB1', 'true')
    const after = await look('LB1', 'health', end.toEvent)
    expect(after?.services[0]?.servers[0]).toMatchObject({ alive: false, set: false })
    engine.dispose()
  })

  it('is who is master of a virtual router', async () => {
    const { engine, look } = await booted('vrrp')
    expect((await look('LB1', 'vrrp'))?.instances[0]?.state).toBe('MASTER')
    expect((await look('LB2', 'vrrp'))?.instances[0]?.state).toBe('BACKUP')
    engine.dispose()
  })
})
