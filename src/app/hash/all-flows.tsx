import { formatIp4 } from '../../core/base/ids.ts'
import type { Study } from '../../engine/study.ts'
import type { HashWords } from '../../i18n/words.ts'
import { Plate } from '../parts/plate.tsx'
import type { HashState } from './state.ts'

/** Half the width of a normal distribution's middle 99 %, in standard deviations. */
const WIDTH_99 = 2.576

interface Props {
  words: HashWords
  state: HashState
  /** The study of few flows, or of a million. */
  study: Study
  codes: readonly string[]
  busy: boolean
  format: (n: number) => string
  onMany: () => void
  picked: number
  onPick: (index: number) => void
}

/** Shares with what was to be expected, and every flow of the ring as a row: the ring's twin in text. */
export function AllFlows(props: Props) {
  const { words, study, busy, format, onMany } = props
  const flows = study.perHopBefore.reduce((sum, n) => sum + n, 0)
  return (
    <div className="hash-all">
      <button type="button" className="btn primary" onClick={onMany} disabled={busy}>
        {busy ? words.manyBusy : words.many}
      </button>
      <h4>{words.allTitle(format(flows))}</h4>
      <Shares {...props} flows={flows} />
      <p className="small">{words.bandText(format(study.distinct), format(flows))}</p>
      <h4>{words.flowsTitle}</h4>
      <FlowList {...props} />
    </div>
  )
}

function Shares({ words, state, study, codes, format, flows }: Props & { flows: number }) {
  const total = state.weights.reduce((sum, weight) => sum + weight, 0)
  const isChanged = state.change !== 'none'
  return (
    <table className="plain hash-shares">
      <thead>
        <tr>
          <th scope="col">{words.columns.lb}</th>
          <th scope="col">{words.columns.before}</th>
          {isChanged ? <th scope="col">{words.columns.after}</th> : null}
          <th scope="col">{words.columns.expected}</th>
        </tr>
      </thead>
      <tbody>
        {codes.map((code, i) => {
          const share = (state.weights[i] ?? 0) / total
          const half = WIDTH_99 * Math.sqrt((share * (1 - share)) / study.distinct) * flows
          const [low, high] = [Math.max(0, share * flows - half), Math.min(flows, share * flows + half)]
          return (
            <tr key={code}>
              <td>
                <Plate code={code} />
              </td>
              <td className="num">{format(study.perHopBefore[i] ?? 0)}</td>
              {isChanged ? <td className="num">{format(study.perHopAfter[i] ?? 0)}</td> : null}
              <td className="num" title={words.band(format(Math.round(low)), format(Math.round(high)))}>
                {format(Math.round(share * flows))} ± {format(Math.round(half))}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function FlowList({ words, state, study, codes, picked, onPick }: Props) {
  const isChanged = state.change !== 'none'
  return (
    <table className="plain hash-list">
      <thead>
        <tr>
          <th scope="col">{words.columns.source}</th>
          <th scope="col">{words.columns.before}</th>
          {isChanged ? <th scope="col">{words.columns.after}</th> : null}
          {isChanged ? <th scope="col">{words.columns.fate}</th> : null}
        </tr>
      </thead>
      <tbody>
        {study.sample.map((flow, i) => (
          <tr key={i} className={i === picked ? 'picked' : ''}>
            <td>
              <button
                type="button"
                className="link mono"
                aria-pressed={i === picked}
                onClick={() => onPick(i)}
              >
                {formatIp4(flow.src)}:{flow.sport}
              </button>
            </td>
            <td>
              <Plate code={codes[flow.before] ?? 'X'} />
            </td>
            {isChanged ? (
              <td>
                <Plate code={codes[flow.after] ?? 'X'} />
              </td>
            ) : null}
            {isChanged ? <td>{words.fates[flow.fate][0]}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
