import { describe, expect, it } from 'vitest'
import { labById } from '../../content/labs.ts'
import { createEngine } from '../../engine/inprocess.ts'
import { words } from '../../i18n/en/index.ts'
import { ownersOf } from '../model/owners.ts'
import { servicesOf } from './daemon-lines.ts'
import { neighbourNote, roleMarks, routeLine } from './stage-marks.ts'

async function looked(id: string, host?: string, line?: string) {
  const lab = labById(id)
  if (lab === undefined) throw new Error(`${id} is built in`)
  const engine = createEngine()
  let events = (await engine.load(lab)).bootEvents
  if (host !== undefined && line !== undefined) {
    await engine.exec(host, line)
    await engine.advance(6e9)
    events = (await engine.exec(host, 'true')).toEvent
  }
  const found = await Promise.all(Object.keys(lab.hosts).map((one) => engine.inspect(one, events)))
  engine.dispose()
  const views = Object.fromEntries(found.map((view) => [view.host, view]))
  const at = (one: string) => views[one] as (typeof found)[number]
  return { views, at, owners: ownersOf(lab, found) }
}

describe('what daemons have made of the hosts', () => {
  it('is the designated router, states of neighbours, health of servers and the next hops', async () => {
    const { views, at, owners } = await looked('course')
    expect(roleMarks(at('router'), views, owners)).toEqual(['DR'])
    expect(neighbourNote(at('router'), 'ens33', owners)).toBe('Full ×2')
    // balancers have priority 0: they stay at 2-Way with each other
    expect(neighbourNote(at('LB1'), 'ens33', owners)).toBe('L2 2-Way, Full')
    expect(roleMarks(at('server1'), views, owners)).toEqual(['L1 ✓'])
    expect(routeLine(at('router'), owners, words.ui)).toBe('V → L2, L1')
    expect(neighbourNote(at('server1'), 'ens33', owners)).toBeUndefined()
  })

  it('loses a neighbour and its route when frr is stopped there', async () => {
    const { at, owners } = await looked('course', 'LB1', 'systemctl stop frr')
    expect(neighbourNote(at('router'), 'ens33', owners)).toBe('Full')
    expect(routeLine(at('router'), owners, words.ui)).toBe('V → L2')
    expect(servicesOf(at('LB1')).map(({ name, running }) => [name, running])).toEqual([
      ['keepalived', true],
      ['frr', false],
    ])
  })

  it('is master and backup where VRRP runs', async () => {
    const { views, at, owners } = await looked('vrrp')
    expect(roleMarks(at('LB1'), views, owners)).toEqual(['MASTER'])
    expect(roleMarks(at('LB2'), views, owners)).toEqual(['BACKUP'])
    expect(roleMarks(at('server1'), views, owners)).toEqual(['L1 ✓', 'L2 ✓'])
  })
})
