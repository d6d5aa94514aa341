import { Plate } from '../parts/plate.tsx'
import type { ModeColumn } from './table.ts'

/** The ways of request and answer, host by host. A doubled arrow = the packet travels wrapped. */
export function Way({ column, request, reply }: { column: ModeColumn; request: string; reply: string }) {
  return (
    <dl className="compare-way">
      <dt>{request}</dt>
      <dd>
        {column.request.map((leg) => (
          <span key={leg.record}>
            <Plate code={leg.from} />
            <span aria-hidden> {leg.flag.inner ? '⇒' : '→'} </span>
          </span>
        ))}
        <Plate code={column.request.at(-1)?.to ?? 'X'} />
      </dd>
      <dt>{reply}</dt>
      <dd>
        {column.reply.map((leg) => (
          <span key={leg.record}>
            <Plate code={leg.from} />
            <span aria-hidden> → </span>
          </span>
        ))}
        <Plate code={column.reply.at(-1)?.to ?? 'X'} />
      </dd>
    </dl>
  )
}
