import { useStore } from 'zustand'
import { JUMPS, nextJump } from '../model/jumps.ts'
import { clockText } from '../model/time.ts'
import { Icon } from '../parts/icon.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Select } from '../parts/select.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { SPEEDS, STEP_SIZES } from '../prefs/read-prefs.ts'
import { useK, usePlaying, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import { BranchMenu } from './branch-menu.tsx'
import { Scrubber } from './scrubber.tsx'

/** Step back, play, step forward; how far a step goes; where we are. `locked`: a question waits for its answer. */
export function Transport({ locked = false }: { locked?: boolean }) {
  const { ui } = useWords()
  return (
    <section className="transport" aria-label={ui.transport.label}>
      <PlayButtons locked={locked} />
      <StepSizes />
      <Jumps locked={locked} />
      <Scrubber disabled={locked} />
      <Clock />
      <Speed />
      <BranchMenu />
    </section>
  )
}

function PlayButtons({ locked }: { locked: boolean }) {
  const { ui } = useWords()
  const { session } = useScene()
  const { player, run } = session
  const k = useK()
  useRevision()
  const atEnd = k >= run.records.length - 1
  // at the end, what is typed in terminals makes time pass
  const typing = useSessionState((s) => Object.keys(s.typing).length > 0)
  const held = useSessionState((s) => s.held)
  const live = typing && atEnd
  const playing = usePlaying() || (live && !held)
  return (
    <>
      <button
        type="button"
        className="btn square"
        aria-label={ui.transport.back}
        title={`${ui.transport.back} ←`}
        disabled={k <= run.bootRecord}
        onClick={() => player.back()}
      >
        <Icon name="back" />
      </button>
      {locked ? (
        <button type="button" className="btn locked" aria-disabled="true">
          <Icon name="lock" />
          {ui.transport.locked}
        </button>
      ) : (
        <button type="button" className="btn play" disabled={atEnd && !live} onClick={() => session.toggle()}>
          <Icon name={playing ? 'pause' : 'play'} />
          {playing ? ui.transport.pause : ui.transport.play}
        </button>
      )}
      <button
        type="button"
        className="btn square main"
        aria-label={ui.transport.forward}
        title={`${ui.transport.forward} →`}
        disabled={locked || atEnd}
        onClick={() => player.forward()}
      >
        <Icon name="forward" />
      </button>
    </>
  )
}

function StepSizes() {
  const { ui } = useWords()
  const step = usePrefs((p) => p.step)
  return (
    <Segmented
      label={ui.transport.size}
      value={step}
      segments={STEP_SIZES.map((value, i) => ({
        value,
        label: ui.transport.sizes[value],
        title: `Alt+${i + 1}`,
      }))}
      onChoose={(value) => setPrefs({ step: value })}
    />
  )
}

function Jumps({ locked }: { locked: boolean }) {
  const { ui } = useWords()
  const { player, run } = useScene().session
  const k = useK()
  useRevision()
  return (
    <div className="jumps">
      <span className="muted">{ui.transport.next}</span>
      {JUMPS.map((jump) => {
        const to = nextJump(run, jump, k)
        return (
          <button
            key={jump}
            type="button"
            className="btn quiet"
            disabled={locked || to === undefined}
            title={to === undefined ? ui.transport.noNext(ui.transport[jump]) : undefined}
            onClick={() => to !== undefined && player.set(to)}
          >
            <Icon name={jump} size={16} />
            {ui.transport[jump]}
          </button>
        )
      })}
      <button
        type="button"
        className="btn quiet"
        disabled={locked || k >= run.records.length - 1}
        onClick={() => player.toEnd()}
      >
        {ui.transport.end}
      </button>
    </div>
  )
}

function Clock() {
  const { ui } = useWords()
  const { session } = useScene()
  const k = useK()
  const busy = useStore(session.state, (s) => s.busy)
  useRevision()
  const live = useStore(session.state, (s) => Object.keys(s.typing).length > 0)
  const at =
    (live && k >= session.run.records.length - 1 ? undefined : session.run.records[k]?.at) ?? session.run.now
  if (busy)
    return (
      <button
        type="button"
        className="btn quiet busy"
        onClick={() => session.engine.stop()}
        title={ui.transport.stop}
      >
        {ui.transport.running}
      </button>
    )
  return (
    <span className="clock" title={ui.transport.clock}>
      {clockText(at)} s
    </span>
  )
}

function Speed() {
  const { ui } = useWords()
  const speed = usePrefs((p) => p.speed)
  return (
    <Select
      label={ui.transport.speed}
      className="speed"
      quiet
      value={speed}
      options={SPEEDS.map((value) => ({ value, label: `× ${value}` }))}
      onChoose={(value) => setPrefs({ speed: value })}
    />
  )
}
