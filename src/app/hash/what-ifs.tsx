import { useCallback, useState } from 'react'
import type { StudyClient } from '../../engine/study.ts'
import type { HashWords } from '../../i18n/words.ts'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { hueStyle } from '../parts/plate.tsx'
import { type HashState, seedOf } from './state.ts'
import { useAnswer } from './use-study.ts'

const TIER_FLOWS = 10_000
const SPRAY = { connections: 24, packets: 12 }

interface Props {
  words: HashWords
  client: StudyClient
  state: HashState
}

/** Polarisation: a second router with the same seed has no choice left. */
export function Tiers({ words, client, state, format }: Props & { format: (n: number) => string }) {
  const [same, setSame] = useState<'same' | 'other'>('same')
  const first = Math.max(2, state.weights.length)
  const seed = seedOf(state.seed) ?? 1
  const ask = useCallback(
    () =>
      client.ask('tiers', {
        first,
        second: first,
        seed,
        secondSeed: same === 'same' ? seed : (seed ^ 0x5bd1e995) >>> 0,
        flows: TIER_FLOWS,
      }),
    [client, first, seed, same],
  )
  const rows = useAnswer(ask)
  const most = Math.max(1, ...(rows ?? []).flat())
  return (
    <div className="hash-tiers">
      <h4>{words.tiersTitle}</h4>
      <p>{words.tiersText}</p>
      <Segmented
        label={words.tiersTitle}
        value={same}
        segments={[
          { value: 'same' as const, label: words.tiersSame },
          { value: 'other' as const, label: words.tiersOther },
        ]}
        onChoose={setSame}
      />
      <table className="plain">
        <thead>
          <tr>
            <th />
            {rows?.[0]?.map((_, i) => (
              <th key={i} scope="col">
                {words.tiersHop(i + 1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map((row, r) => (
            <tr key={r}>
              <th scope="row">{words.tiersRow(r + 1)}</th>
              {row.map((n, i) => (
                <td key={i} className="num">
                  <span className="hash-bar" style={{ inlineSize: `${Math.round((n / most) * 100)}%` }} />
                  {format(n)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small">{words.tiersCommand}</p>
      <p className="mono small"># sysctl -w net.ipv4.fib_multipath_hash_seed=…</p>
    </div>
  )
}

/** The question at the lesson's end: why not packet by packet? */
export function Spray({ words, client, state }: Props) {
  const hops = Math.max(2, state.weights.length)
  const ask = useCallback(() => client.ask('spray', { hops, ...SPRAY }), [client, hops])
  const rows = useAnswer(ask)
  const whole = rows?.filter((row) => row.every((hop) => hop === row[0])).length ?? 0
  return (
    <div className="hash-spray">
      <h4>{words.sprayTitle}</h4>
      <p>{words.sprayText}</p>
      <div className="spray-grid" role="img" aria-label={words.sprayCount(whole, SPRAY.connections)}>
        {rows?.map((row, r) => {
          const breaks = row.findIndex((hop) => hop !== row[0])
          return (
            <div key={r}>
              {row.map((hop, i) => (
                <span
                  key={i}
                  className={breaks >= 0 && i > breaks ? 'lost' : ''}
                  style={hueStyle(`L${hop + 1}`)}
                >
                  {i === breaks ? '×' : ''}
                </span>
              ))}
            </div>
          )
        })}
      </div>
      <p>
        {Array.from({ length: hops }, (_, i) => (
          <Plate key={i} code={`L${i + 1}`} />
        ))}{' '}
        <b>{words.sprayCount(whole, SPRAY.connections)}</b>. {words.sprayShare}
      </p>
      <p className="small">{words.sprayTruth}</p>
    </div>
  )
}
