import { formatIp4 } from '../../core/base/ids.ts'
import type { FlowStudy, Study, StudyFlow } from '../../engine/study.ts'
import type { HashWords } from '../../i18n/words.ts'
import { Plate } from '../parts/plate.tsx'
import type { HashState } from './state.ts'

interface Props {
  words: HashWords
  state: HashState
  study: Study
  flow: StudyFlow
  told: FlowStudy
}

/** The way of one flow through the hash, in the order in which the kernel goes. */
export function FlowSteps({ words, state, study, flow, told }: Props) {
  const { steps } = words
  const block = told.blocks[0]
  return (
    <div className="hash-steps">
      <p className="mono hash-tuple">
        {formatIp4(flow.src)}:{flow.sport} → {formatIp4(study.vip)} <Plate code="V" />:{study.port} tcp
      </p>
      <ol>
        <li>
          <h4>{steps.fields(state.policy)}</h4>
          <p>{steps.fieldsText[state.policy]}</p>
        </li>
        {block ? (
          <>
            <li>
              <h4>{steps.block}</h4>
              <Block block={block.block} />
            </li>
            <li>
              <h4>{steps.sip}</h4>
              <p className="mono">
                0x<span className="muted">{hex8(block.sip.hi)}</span>
                <b>{hex8(block.sip.lo)}</b>
              </p>
              <p className="small">{steps.sipText}</p>
            </li>
          </>
        ) : null}
        {block && told.hash32 !== block.hash32 ? (
          <li>
            <h4>{steps.mixed}</h4>
            <p className="mono">{told.hash32}</p>
          </li>
        ) : null}
        <li>
          <h4>{steps.shift}</h4>
          <p className="mono">
            {told.hash32} &gt;&gt;&gt; 1 = <b>{told.hash31}</b>
          </p>
        </li>
        <li>
          {state.group === 'resilient' ? (
            <Bucket {...{ words, study, flow, told }} />
          ) : (
            <Bounds {...{ words, study, told }} />
          )}
        </li>
      </ol>
      <Verdict words={words} flow={flow} />
    </div>
  )
}

/** Sixteen bytes a row, what counts underlined. */
function Block({ block }: { block: Uint8Array }) {
  const rows = [0, 16, 32].map((from) => [...block.subarray(from, from + 16)])
  return (
    <pre className="mono hash-block">
      {rows.map((row, r) => (
        <div key={r}>
          <span className="muted">{(r * 16).toString(16).padStart(2, '0')} </span>
          {row.map((byte, i) => {
            const text = byte.toString(16).padStart(2, '0')
            return (
              <span key={i}>
                {byte === 0 ? <span className="muted">{text}</span> : <b>{text}</b>}
                {i < 15 ? ' ' : ''}
              </span>
            )
          })}
        </div>
      ))}
    </pre>
  )
}

function Bounds({ words, study, told }: Pick<Props, 'words' | 'study' | 'told'>) {
  const { steps } = words
  const isChanged = study.boundsBefore.join() !== study.boundsAfter.join()
  return (
    <>
      <h4>{steps.bounds}</h4>
      <table className="plain mono hash-bounds">
        <tbody>
          <BoundRows label={isChanged ? steps.now : ''} bounds={study.boundsBefore} {...{ words, told }} />
          {isChanged ? (
            <BoundRows label={steps.later} bounds={study.boundsAfter} {...{ words, told }} />
          ) : null}
        </tbody>
      </table>
    </>
  )
}

function BoundRows(props: { label: string; bounds: readonly number[]; words: HashWords; told: FlowStudy }) {
  const { label, bounds, words, told } = props
  const pick = bounds.findIndex((bound) => told.hash31 <= bound)
  const shown = bounds.map((bound, i) => ({ bound, i })).filter(({ bound, i }) => bound >= 0 && i <= pick)
  return shown.map(({ bound, i }, row) => (
    <tr key={`${label}${i}`} className={i === pick ? 'used' : 'unused'}>
      <th scope="row">{row === 0 ? label : ''}</th>
      <td>
        <Plate code={`L${i + 1}`} />
      </td>
      <td className="num">{bound}</td>
      <td>{i === pick ? words.steps.notSmaller(String(told.hash31)) : words.steps.smaller}</td>
    </tr>
  ))
}

function Bucket({ words, study, flow, told }: Pick<Props, 'words' | 'study' | 'flow' | 'told'>) {
  const buckets = study.bucketsBefore.length
  return (
    <>
      <h4>{words.steps.bucket(buckets)}</h4>
      <p className="mono">
        {told.hash31} % {buckets} = <b>{told.hash31 % buckets}</b>
      </p>
      <p>
        {words.steps.now} <Plate code={`L${flow.before + 1}`} /> {words.steps.later}{' '}
        <Plate code={`L${flow.after + 1}`} />
      </p>
    </>
  )
}

function Verdict({ words, flow }: { words: HashWords; flow: StudyFlow }) {
  const from = `LB${flow.before + 1}`
  const to = `LB${flow.after + 1}`
  return (
    <p className="hash-verdict">
      <Plate code={`L${flow.before + 1}`} /> → <Plate code={`L${flow.after + 1}`} />{' '}
      <b>{words.fateSentence[flow.fate](from, to)}</b>
    </p>
  )
}

function hex8(n: number): string {
  return n.toString(16).padStart(8, '0')
}
