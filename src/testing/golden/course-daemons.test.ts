import { describe, expect, it } from 'vitest'
import { comparePoint } from '../../core/wire/compare.ts'
import { compareWithDaemons, playWithDaemons, WITH_DAEMONS } from './daemons.ts'

describe.each(WITH_DAEMONS)('%s with FRR and keepalived', (id, hashSeed) => {
  const played = playWithDaemons(id, hashSeed)

  it('the same servers answer', () => {
    expect(played.run.served).toEqual(played.take.served)
  })

  it.each(Object.keys(played.fixture.points))('%s', (point) => {
    const { sim, real } = played.point(point)
    expect(real.length).toBeGreaterThan(0)
    expect(comparePoint(sim, real)).toEqual({ same: real.length })
  })

  it('the same words', () => {
    expect(compareWithDaemons(played).words).toEqual([])
  })
})
