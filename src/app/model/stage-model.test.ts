import { beforeAll, describe, expect, it } from 'vitest'
import { words } from '../../i18n/en/index.ts'
import { words as zh } from '../../i18n/zh/index.ts'
import { type CourseRun, courseRun, CURL, noteOf } from './course-run.fixture.ts'
import { stageModel } from './stage-model.ts'

let course: CourseRun
beforeAll(async () => {
  course = await courseRun([CURL])
})

const stageAt = (k: number, more: Partial<Parameters<typeof stageModel>[0]> = {}) => {
  const { lab, run, views, owners, flags, clock } = course
  const base = { lab, run, views, owners, flags, clock, words, k, speed: 1, width: 784, height: 556 }
  return stageModel({ ...base, selected: undefined, projector: false, still: false, ...more })
}

describe('the stage', () => {
  it('dims nobody and shows no packet before anything was sent', () => {
    const model = stageAt(course.run.bootRecord)
    expect(model.hosts.map((host) => host.status)).toEqual(['normal', 'normal', 'normal', 'normal', 'normal'])
    expect(model.packet).toBeUndefined()
    expect(model.way).toEqual([])
  })

  it('has exactly one active host while a packet is spoken of', () => {
    const model = stageAt(noteOf(course.run, 'ipvs.pick'))
    expect(model.hosts.filter((host) => host.status === 'active')).toHaveLength(1)
    expect(model.hosts.find((host) => host.status === 'active')?.id).toMatch(/^LB/)
    expect(model.packet?.flag.label).toBe('SYN')
    expect(model.way[0]?.from.host).toBe('router')
  })

  it('hatches the LAN for a broadcast and only then', () => {
    const { run } = course
    const ask = noteOf(run, 'flight')
    expect(run.records[ask]?.kind === 'flight' && stageAt(ask).segments[0]?.broadcast).toBe(true)
    expect(stageAt(noteOf(run, 'ipvs.pick')).segments[0]?.broadcast).toBeUndefined()
  })

  it('lets nothing travel where motion is not wanted', () => {
    const ask = noteOf(course.run, 'flight')
    expect(stageAt(ask).flights.length).toBeGreaterThan(0)
    expect(stageAt(ask, { still: true }).flights).toEqual([])
  })

  it('tells what is on each card: addresses with owners and the one fact', () => {
    const card = (id: string) => stageAt(course.run.bootRecord).hosts.find((host) => host.id === id)
    expect(card('LB1')?.rows.map((row) => [row.label, row.owner])).toEqual([
      ['ens33', 'L1'],
      ['lo', 'V'],
    ])
    expect(card('LB1')?.state).toBe('DR, rr → S1:8080 weight 10')
    // set on lo alone, arp_ignore has no effect on what comes in by ens33
    expect(card('server1')?.state).toBe(words.ui.stage.announces)
  })

  it('grows a neighbour table while an entry is written', () => {
    const k = noteOf(course.run, 'neigh', { to: 'REACHABLE' })
    const table = stageAt(k).hosts.find((host) => host.status === 'active')?.table
    expect(table?.rows.some((row) => row.mark === 'new')).toBe(true)
  })

  it('speaks the language it is given', () => {
    expect(stageAt(course.run.bootRecord, { words: zh }).segments[0]?.label).toBe('局域网 172.16.253.0/24')
  })
})
