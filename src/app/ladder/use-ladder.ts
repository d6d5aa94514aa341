import { useMemo } from 'react'
import { noteSentence } from '../../i18n/note-sentence.ts'
import { textOf } from '../../i18n/text-of.ts'
import type { Words } from '../../i18n/words.ts'
import { lastBefore, layoutLadder } from '../../view/ladder/layout.ts'
import type { LadderFrame, LadderModel } from '../../view/ladder/model.ts'
import { calloutOf } from '../model/callout.ts'
import { useLiveCapture } from '../packets/use-capture.ts'
import { type Scene, useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import { changesOf } from './changes.ts'
import { type Flow, Flows } from './flows.ts'
import { framesOfFlow, hostsMet, ladderFrames } from './ladder-frames.ts'

export interface LadderChoices {
  /** Number of a flow, -1 = all. */
  flow: number
  everyHost: boolean
  timed: boolean
  pitch: number
  width: number
}

/** All but what the window on it decides. */
export type LadderContent = Omit<LadderModel, 'height' | 'top' | 'focused' | 'idPrefix'>

export interface LadderData {
  flows: readonly Flow[]
  /** Hosts that have no column. */
  hidden: readonly string[]
  content: LadderContent
}

const ALL_POINTS = { at: 'all' } as const
/** Notes before the first frame that may tell of states that led to it. */
const BEFORE = 40

/** The ladder of the run as it is now. Frames after the playhead are pale, or not there behind a lesson's question. */
export function useLadder(choices: LadderChoices): LadderData {
  const scene = useScene()
  const { run } = scene.session
  const words = useWords()
  const k = useK()
  const revision = useRevision()
  const curtain = useSessionState((s) => s.curtain)
  const captured = useLiveCapture(ALL_POINTS)
  const flows = useFlows(scene)
  const { flow: wanted, everyHost, timed, pitch, width } = choices
  const flow = flows.list[wanted]
  const until = curtain ? k : Infinity
  const { frames, columns, hidden } = useMemo(() => {
    const all = framesOfFlow({ run, captured, flows, flow })
    const { hosts } = scene.owners
    const met = hostsMet(all, hosts)
    const shown = everyHost || met.length < 2 ? hosts : met
    const seen = until === Infinity ? all : all.filter(({ record }) => record <= until)
    return {
      frames: ladderFrames(run, seen, scene.session.player.clock(), shown),
      columns: shown,
      hidden: hosts.filter((host) => !met.includes(host)),
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [scene, run, captured, flows, flow, everyHost, until, revision, run.shown])
  const laid = useMemo(() => {
    const first = Math.max(run.bootRecord + 1, (frames[0]?.id ?? 0) - BEFORE)
    const last = Math.min(until, run.records.length - 1)
    const columnOf = (host: string): number => columns.indexOf(host)
    const around = { run, flows, owners: scene.owners, words, flow: flow?.number, columnOf }
    const changes = frames.length === 0 ? [] : changesOf(around, first, last)
    const layout = layoutLadder({ columns: columns.length, frames, changes, width, pitch, timed })
    return { changes, layout }
  }, [scene, run, frames, columns, flows, flow, words, width, pitch, timed, until])
  const content = useMemo(
    (): LadderContent => ({
      ...laid,
      frames,
      passed: k,
      current: frames[lastBefore(frames, k + 1)]?.id ?? -1,
      ...spokenParts(scene, words, columns),
    }),
    [laid, frames, columns, scene, words, k],
  )
  return { flows: flows.list, hidden, content }
}

function useFlows({ session, owners }: Scene): Flows {
  const { run } = session
  const revision = useRevision()
  const { records } = run
  // a new run or branch puts other arrays in place of the old ones
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const flows = useMemo(() => new Flows(run, owners), [run, owners, records])
  return useMemo(() => {
    flows.extend()
    return flows
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [flows, revision])
}

function spokenParts(
  { session, owners, flags }: Scene,
  words: Words,
  columns: readonly string[],
): Pick<LadderContent, 'columns' | 'flagOf' | 'noteOf' | 'labelOf' | 'words'> {
  const { run, lab } = session
  const { ladder, stage } = words.ui
  return {
    columns: columns.map((id) => {
      const role = lab.hosts[id]?.role ?? 'client'
      return {
        id,
        code: owners.codeOf(id),
        name: id,
        role: role === 'server' ? stage.roles.serverShort : stage.roles[role],
      }
    }),
    flagOf: flags.ofFlight,
    noteOf: (id) => {
      const record = run.records[id]
      if (record?.kind === 'flight' && record.lost !== undefined) return words.drops[record.lost].what
      return calloutOf(run, id, owners, words)?.title ?? (record ? textOf(noteSentence(words, record)) : '')
    },
    labelOf: (frame: LadderFrame) => {
      const to = frame.toAll ? ladder.broadcast : frame.to.map((column) => columns[column] ?? '').join(', ')
      return ladder.row(frame.time, columns[frame.from] ?? '', to, flags.ofFlight(frame.id)?.ariaLabel ?? '')
    },
    words: { ms: ladder.ms, decided: ladder.decided, again: ladder.again },
  }
}
