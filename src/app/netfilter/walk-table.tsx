import type { HostId } from '../../core/base/ids.ts'
import { HostName } from '../parts/address.tsx'
import { useK, useRevision, useScene, useSessionState } from '../session/context.tsx'
import { ttlsOf } from './changes.ts'
import { reachedOf, shownWalk } from './map-model.ts'
import { useMapWords } from './words.ts'
import './netfilter.css'

/** The walk through a host as a list: the same as the map, for reading and for the keyboard. */
export function WalkTable({ host }: { host: HostId }) {
  const { session } = useScene()
  const map = useMapWords()
  const k = useK()
  const curtain = useSessionState((s) => s.curtain)
  useRevision()
  const walk = shownWalk({ run: session.run, host, k, curtain })
  if (walk === undefined) return <p className="small">{map.idle}</p>
  const reached = reachedOf(walk, k)
  const ttls = ttlsOf(session.run, walk)
  return (
    <section className="walk-table">
      <h2>
        {map.verdicts} <HostName host={host} />
      </h2>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{map.columns.place}</th>
            <th scope="col">{map.columns.verdict}</th>
            <th scope="col" className="number">
              {map.columns.ttl}
            </th>
          </tr>
        </thead>
        <tbody>
          {walk.stations.map(({ place, dev, notes, verdict, by }, i) => (
            <tr
              key={i}
              aria-current={i === reached ? 'step' : undefined}
              className={i > reached ? 'to-come' : undefined}
            >
              <td>
                <button
                  type="button"
                  disabled={notes.length === 0}
                  onClick={() => session.player.set(notes.at(-1) ?? k)}
                >
                  {map.places[place]}
                  {dev === undefined ? null : <code> {dev}</code>}
                </button>
              </td>
              <td>
                {notes.some((n) => n <= k && session.run.records[n]?.kind === 'hook') ? (
                  <code>{[verdict, by].filter(Boolean).join(' ')}</code>
                ) : null}
              </td>
              <td className="number">{ttls[i]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
