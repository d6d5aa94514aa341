import { useCallback } from 'react'
import { createFlagView } from '../../view/flag/flag.ts'
import { flagWidth } from '../../view/flag/geometry.ts'
import type { FlagModel } from '../../view/flag/model.ts'
import { useView } from '../parts/use-view.ts'

const OPTIONS = { zoom: 2, ttl: true } as const
/** Room above for the ghosts of old values, and around for rings. */
const ROOM = { x: 6, above: 27, below: 8 }
const HEIGHT = 24

/** A flag in a cell, as large as the cell lets it be. */
export function FlagCell({ flag }: { flag: FlagModel }) {
  const create = useCallback((root: SVGGElement) => createFlagView(root, OPTIONS), [])
  const root = useView(create, flag)
  const width = flagWidth(flag, OPTIONS) + 2 * ROOM.x
  const height = HEIGHT + ROOM.above + ROOM.below
  return (
    <svg className="vs compare-flag" viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <g transform={`translate(${ROOM.x},${ROOM.above})`}>
        <g ref={root} />
      </g>
    </svg>
  )
}
