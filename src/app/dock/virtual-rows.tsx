import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react'

export interface RowsProps {
  label: string
  className: string
  head: readonly ReactNode[]
  count: number
  /** Row at the playhead, -1 for none. It is kept in sight. */
  current: number
  rowPx: number
  cells: (row: number) => readonly ReactNode[]
  /** Rows from here on lie ahead of the playhead. */
  ahead: number
  onMove: (row: number) => void
}

/**
 * A long table of which only the rows in sight exist. One tab stop; arrows, Page, Home and End move the current row.
 * Row heights are measured, so that a sentence may take two lines.
 */
export function VirtualRows(props: RowsProps) {
  const { label, className, head, count, current, rowPx, cells, ahead, onMove } = props
  const grid = useRef<HTMLDivElement>(null)
  const id = useId()
  // eslint-disable-next-line react-hooks/incompatible-library -- its rows are read anew at every scroll
  const rows = useVirtualizer({
    count,
    getScrollElement: () => grid.current,
    estimateSize: () => rowPx,
    overscan: 6,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  })
  useEffect(() => {
    if (current >= 0) rows.scrollToIndex(current, { align: 'auto' })
  }, [rows, current, count])

  function onKey(event: KeyboardEvent): void {
    const to = rowAfter(event.key, current, count)
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onMove(to)
  }

  return (
    <div
      className={`rows ${className}`}
      ref={grid}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      tabIndex={0}
      aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
      onKeyDown={onKey}
    >
      <div className="rows-head" role="row" aria-rowindex={1}>
        <Cells role="columnheader" cells={head} />
      </div>
      <div className="rows-all" style={{ height: rows.getTotalSize() }} role="rowgroup">
        {rows.getVirtualItems().map((item) => (
          <div
            key={item.key}
            id={`${id}-${item.index}`}
            ref={rows.measureElement}
            data-index={item.index}
            role="row"
            aria-rowindex={item.index + 2}
            aria-selected={item.index === current}
            className={item.index >= ahead ? 'row ahead' : 'row'}
            style={{ transform: `translateY(${item.start - HEAD_PX}px)` }}
            onClick={() => onMove(item.index)}
          >
            <Cells role="gridcell" cells={cells(item.index)} />
          </div>
        ))}
      </div>
    </div>
  )
}

function Cells({ role, cells }: { role: 'gridcell' | 'columnheader'; cells: readonly ReactNode[] }) {
  return cells.map((cell, i) => (
    <div key={i} role={role}>
      {cell}
    </div>
  ))
}

/** Height of the head, which stays in sight while the rows scroll under it. */
const HEAD_PX = 24
const PAGE = 10

function rowAfter(key: string, current: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }
  if (count === 0) return undefined
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  const step = steps[key]
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, current + step))
}
