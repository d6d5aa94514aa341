import type { HostId } from '../../core/base/ids.ts'
import { Icon } from '../parts/icon.tsx'
import { Plate } from '../parts/plate.tsx'
import { useK, useScene } from '../session/context.tsx'
import { toDecision } from './decision.ts'
import { useMapWords } from './words.ts'
import { lookInto, useZoom, zoomOf } from './zoom.ts'

/** Back, whose inside this is, where the packet is when it is elsewhere, steps, both directions. */
export function MapHead({ host }: { host: HostId }) {
  const { session, owners } = useScene()
  const map = useMapWords()
  const k = useK()
  const both = useZoom((zoom) => zoom.both)
  const at = k > session.run.bootRecord ? session.run.records[k]?.host : undefined
  const elsewhere = at !== undefined && at !== host && owners.hosts.includes(at) ? at : undefined
  return (
    <header className="host-map-head">
      <button type="button" className="btn" onClick={() => lookInto(session, undefined)}>
        {map.back}
      </button>
      <h2>
        <Plate code={owners.codeOf(host)} size="list" /> {map.label(host)}
      </h2>
      {elsewhere === undefined ? null : (
        <button
          type="button"
          className="btn quiet"
          onClick={() => lookInto(session, elsewhere)}
          title={map.elsewhere(elsewhere)}
        >
          <Plate code={owners.codeOf(elsewhere)} /> {map.follow}
        </button>
      )}
      <span className="host-map-steps">
        <button
          type="button"
          className="btn"
          aria-pressed={both}
          title={map.bothHow}
          onClick={() => zoomOf(session).setState({ both: !both })}
        >
          {map.both}
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => toDecision(session, host, -1)}
          title={`${map.previous} (p)`}
          aria-label={map.previous}
        >
          <Icon name="back" size={16} />
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => toDecision(session, host, 1)}
          title={`${map.next} (n)`}
          aria-label={map.next}
        >
          <Icon name="forward" size={16} />
        </button>
      </span>
    </header>
  )
}
