import { useCallback } from 'react'
import { createFlagView } from '../../view/flag/flag.ts'
import type { FlagModel } from '../../view/flag/model.ts'
import { useView } from './use-view.ts'

/** A flag in a list: zoom 1, 156 x 16 in a box of 170 x 20 with room for rings and a stamp. */
export function FlagSvg({ flag, width = 200 }: { flag: FlagModel; width?: number }) {
  const create = useCallback((root: SVGGElement) => createFlagView(root, { zoom: 1, ttl: false }), [])
  const root = useView(create, flag)
  return (
    <svg className="vs flagsvg" width={width} height={20}>
      <g transform="translate(3,2)">
        <g ref={root} />
      </g>
    </svg>
  )
}
