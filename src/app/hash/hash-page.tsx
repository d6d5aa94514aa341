import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Fate, Study, StudyClient, StudyFlow } from '../../engine/study.ts'
import { loadHashWords } from '../../i18n/load.ts'
import type { HashWords } from '../../i18n/words.ts'
import { createRingView } from '../../view/ecmp/ring.ts'
import { Tabs } from '../parts/tabs.tsx'
import { useSize } from '../parts/use-size.ts'
import { useTitle } from '../parts/use-title.ts'
import { useView } from '../parts/use-view.ts'
import { useWords } from '../session/context.tsx'
import '../styles/hash.css'
import { AllFlows } from './all-flows.tsx'
import { Controls } from './controls.tsx'
import { FlowSteps } from './flow-steps.tsx'
import { ringModel } from './ring-model.ts'
import { codesOf, type HashState, loadState, saveState, seedOf, specOf } from './state.ts'
import { useAnswer, useStudyClient } from './use-study.ts'
import { Spray, Tiers } from './what-ifs.tsx'

const FEW = 60
const MANY = 1_000_000
type Tab = 'flow' | 'all' | 'tiers' | 'spray'
const TABS: readonly Tab[] = ['flow', 'all', 'tiers', 'spray']

/** The hash explorer: which next hop a flow meets, and which flows move. */
export function HashPage() {
  const { lang } = useWords()
  const load = useCallback(() => loadHashWords(lang), [lang])
  const words = useAnswer(load)
  const client = useStudyClient()
  return words && client ? <Explorer words={words} client={client} /> : <main className="booting" />
}

function storage(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}

function Explorer({ words, client }: { words: HashWords; client: StudyClient }) {
  const { lang } = useWords()
  useTitle(words.title)
  const [state, set] = useState(() => loadState(storage()))
  useEffect(() => {
    saveState(storage(), state)
  }, [state])
  const [chosen, setPicked] = useState<number>()
  const [seedUsed, setSeedUsed] = useState(state.seed)
  if (seedOf(state.seed) !== undefined && state.seed !== seedUsed) setSeedUsed(state.seed)
  const asked = useMemo(() => ({ ...state, seed: seedUsed }), [state, seedUsed])
  const few = useStudy(client, asked, FEW)
  const format = useMemo(() => {
    const numbers = new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en', { useGrouping: true })
    return (n: number) => numbers.format(n)
  }, [lang])
  const picked = chosen ?? firstToTell(few?.study)
  return (
    <main className="hash-page" id="stage" tabIndex={-1}>
      <h1 className="sr">{words.title}</h1>
      <Controls words={words} state={state} set={set} />
      <div className="hash-body">
        {few ? (
          <>
            <Ring words={words} answer={few} picked={picked} onPick={setPicked} format={format} />
            <Legend words={words} answer={few} format={format} />
          </>
        ) : null}
      </div>
      <Side {...{ words, client, asked, few, picked, format }} onPick={setPicked} />
    </main>
  )
}

/** A flow that moves says more than one that stays, and one that need not have moved says most. */
function firstToTell(study: Study | undefined): number {
  const find = (fate: Fate): number => study?.sample.findIndex((flow) => flow.fate === fate) ?? -1
  return Math.max(0, find('needless') >= 0 ? find('needless') : find('forced'))
}

interface SideProps {
  words: HashWords
  client: StudyClient
  asked: HashState
  few: Answer | undefined
  picked: number
  onPick: (index: number) => void
  format: (n: number) => string
}

/** Details of one flow, of all, and two what-ifs. */
function Side({ words, client, asked, few, picked, onPick, format }: SideProps) {
  const [tab, setTab] = useState<Tab>('flow')
  const many = useMany(client, asked)
  const flow = few?.study.sample[picked]
  return (
    <section className="hash-side" aria-label={words.panel}>
      <Tabs
        id="hash"
        label={words.panel}
        value={tab}
        tabs={TABS.map((value) => ({ value, label: words.tabs[value] }))}
        onChoose={setTab}
      />
      <div
        className="hash-panel"
        role="tabpanel"
        id="hash-panel"
        aria-labelledby={`hash-${tab}`}
        tabIndex={0}
      >
        {tab === 'flow' && few && flow ? (
          <OneFlow words={words} client={client} answer={few} flow={flow} />
        ) : null}
        {tab === 'all' && few ? (
          <AllFlows
            words={words}
            state={few.state}
            study={many.study ? { ...many.study, sample: few.study.sample } : few.study}
            codes={codesOf(few.state)}
            busy={many.busy}
            format={format}
            onMany={many.run}
            picked={picked}
            onPick={onPick}
          />
        ) : null}
        {tab === 'tiers' ? <Tiers words={words} client={client} state={asked} format={format} /> : null}
        {tab === 'spray' ? <Spray words={words} client={client} state={asked} /> : null}
      </div>
    </section>
  )
}

/** A study with the settings it was made for, so that both change on the screen at once. */
interface Answer {
  state: HashState
  study: Study
}

function useStudy(client: StudyClient, state: HashState, flows: number): Answer | undefined {
  const ask = useCallback(
    async (): Promise<Answer> => ({ state, study: await client.ask('study', specOf(state, flows)) }),
    [client, state, flows],
  )
  return useAnswer(ask)
}

/** The million: on demand, and forgotten when a setting changes. */
function useMany(client: StudyClient, state: HashState) {
  const [found, setFound] = useState<Answer>()
  const [busyFor, setBusyFor] = useState<HashState>()
  const run = useCallback(() => {
    setBusyFor(state)
    void client.ask('study', specOf(state, MANY)).then((study) => {
      setFound({ state, study })
      setBusyFor(undefined)
    })
  }, [client, state])
  return { run, busy: busyFor === state, study: found?.state === state ? found.study : undefined }
}

function Ring(props: {
  words: HashWords
  answer: Answer
  picked: number
  onPick: (index: number) => void
  format: (n: number) => string
}) {
  const { words, answer, picked, onPick, format } = props
  const box = useRef<HTMLDivElement>(null)
  const { width, height } = useSize(box)
  const create = useCallback(
    (root: SVGGElement) => createRingView(root, (key) => onPick(Number(key))),
    [onPick],
  )
  const model = useMemo(
    () => ringModel(words, answer.state, answer.study, { width, height, picked, format }),
    [words, answer, width, height, picked, format],
  )
  const root = useView(create, model)
  return (
    <div className="hash-ring" ref={box}>
      <svg className="vs" width={width} height={height}>
        <g ref={root} />
      </svg>
    </div>
  )
}

function Legend({
  words,
  answer,
  format,
}: {
  words: HashWords
  answer: Answer
  format: (n: number) => string
}) {
  const { fates, exact } = answer.study
  if (answer.state.change === 'none')
    return (
      <aside className="hash-legend">
        <p>{words.lead}</p>
      </aside>
    )
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  return (
    <aside className="hash-legend">
      <h2>{words.fatesTitle}</h2>
      <dl>
        {(['stays', 'forced', 'needless'] as const satisfies readonly Fate[]).map((fate) => (
          <div key={fate} className={fate}>
            <dt>
              <Mark fate={fate} />
              {words.fates[fate][0]}
              <b className="num">{format(fates[fate])}</b>
            </dt>
            <dd>
              {words.fates[fate][1]}
              {exact ? <span className="muted"> · {words.exactShare(percent(exact[fate]))}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
      <h2>{words.otherTitle}</h2>
      <p>{answer.state.group === 'resilient' ? words.otherResilient : words.otherThreshold}</p>
    </aside>
  )
}

/** As on the ring: a dot, an open and a full one, an open one and a diamond. */
function Mark({ fate }: { fate: Fate }) {
  return (
    <svg width={14} height={30} viewBox="-7 -15 14 30" aria-hidden>
      {fate === 'stays' ? <circle r={5} fill="var(--ink2)" /> : null}
      {fate === 'stays' ? null : <path d="M0,-14V14" stroke="var(--line)" />}
      {fate === 'stays' ? null : (
        <circle cy={-7} r={4.5} fill="var(--paper)" stroke="var(--ink2)" strokeWidth={2} />
      )}
      {fate === 'forced' ? <circle cy={7} r={5} fill="var(--ink2)" /> : null}
      {fate === 'needless' ? <path d="M0,0L7,7L0,14L-7,7Z" fill="var(--ink2)" stroke="var(--ink)" /> : null}
    </svg>
  )
}

function OneFlow(props: { words: HashWords; client: StudyClient; answer: Answer; flow: StudyFlow }) {
  const { words, client, answer, flow } = props
  const { policy, seed } = answer.state
  const ask = useCallback(async () => {
    const told = await client.ask('flow', {
      src: flow.src,
      sport: flow.sport,
      policy,
      seed: seedOf(seed) ?? 1,
    })
    return { answer, flow, told }
  }, [client, flow, policy, seed, answer])
  const found = useAnswer(ask)
  if (!found) return null
  return (
    <FlowSteps
      words={words}
      state={found.answer.state}
      study={found.answer.study}
      flow={found.flow}
      told={found.told}
    />
  )
}
