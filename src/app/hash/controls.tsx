import type { HashWords } from '../../i18n/words.ts'
import { Plate } from '../parts/plate.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Select } from '../parts/select.tsx'
import { BUCKET_CHOICES, type HashState, MOST_HOPS, seedOf, withHops, withWeight } from './state.ts'

const GROUPS = ['threshold', 'resilient'] as const
const SOURCES = ['ports', 'clients', 'nat'] as const

interface Props {
  words: HashWords
  state: HashState
  set: (state: HashState) => void
}

/** Everything that can be changed. */
export function Controls(props: Props) {
  return (
    <div className="hash-controls">
      <Choice {...props} />
      <Members {...props} />
      <Seed {...props} />
      <Weights {...props} />
    </div>
  )
}

/** By what the next hop is chosen. */
function Choice({ words, state, set }: Props) {
  return (
    <>
      <Labelled label={words.policy}>
        <Segmented
          label={words.policy}
          value={state.policy}
          segments={[0, 1, 2, 3].map((value) => ({ value, label: value, title: words.policies[value] }))}
          onChoose={(policy) => set({ ...state, policy })}
        />
      </Labelled>
      <Labelled label={words.group}>
        <Segmented
          label={words.group}
          value={state.group}
          segments={GROUPS.map((value) => ({ value, label: words.groups[value] }))}
          onChoose={(group) => set({ ...state, group })}
        />
        {state.group === 'resilient' ? (
          <Select
            label={words.buckets}
            value={state.buckets}
            options={BUCKET_CHOICES.map((value) => ({ value, label: `${words.buckets} ${value}` }))}
            onChoose={(buckets) => set({ ...state, buckets })}
          />
        ) : null}
      </Labelled>
    </>
  )
}

/** Who shares, what changes, who sends. */
function Members({ words, state, set }: Props) {
  return (
    <>
      <Labelled label={words.hops}>
        <Select
          label={words.hops}
          value={state.weights.length}
          options={Array.from({ length: MOST_HOPS }, (_, i) => ({ value: i + 1, label: String(i + 1) }))}
          onChoose={(count) => set(withHops(state, count))}
        />
      </Labelled>
      <Labelled label={words.change}>
        <Select
          label={words.change}
          value={String(state.change)}
          options={changeOptions(words, state)}
          onChoose={(value) =>
            set({ ...state, change: value === 'none' || value === 'add' ? value : Number(value) })
          }
        />
      </Labelled>
      <Labelled label={words.sources}>
        <Select
          label={words.sources}
          value={state.sources}
          options={SOURCES.map((value) => ({ value, label: words.sourceNames[value] }))}
          onChoose={(sources) => set({ ...state, sources })}
        />
      </Labelled>
    </>
  )
}

function Seed({ words, state, set }: Props) {
  const isSeed = seedOf(state.seed) !== undefined
  return (
    <>
      <Labelled label={words.seed}>
        <input
          className="hash-seed mono"
          aria-label={words.seed}
          aria-invalid={!isSeed}
          value={state.seed}
          spellCheck={false}
          onChange={(event) => set({ ...state, seed: event.target.value })}
        />
      </Labelled>
      {isSeed ? null : (
        <p className="hash-error" role="alert">
          {words.seedError}
        </p>
      )}
    </>
  )
}

function changeOptions(words: HashWords, { weights }: HashState) {
  const options = [{ value: 'none', label: words.changeNone }]
  if (weights.length > 1)
    weights.forEach((_, i) => options.push({ value: String(i), label: words.changeRemove(`LB${i + 1}`) }))
  if (weights.length < MOST_HOPS) options.push({ value: 'add', label: words.changeAdd })
  return options
}

function Weights({ words, state, set }: Props) {
  return (
    <Labelled label={words.weights}>
      {state.weights.map((weight, i) => (
        <span key={i} className="hash-weight">
          <Plate code={`L${i + 1}`} />
          <input
            type="number"
            min={1}
            max={100}
            aria-label={words.weightOf(`LB${i + 1}`)}
            value={weight}
            onChange={(event) => set(withWeight(state, i, event.target.valueAsNumber))}
          />
        </span>
      ))}
    </Labelled>
  )
}

function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <span className="hash-control">
      <span className="hash-label" aria-hidden>
        {label}
      </span>
      {children}
    </span>
  )
}
