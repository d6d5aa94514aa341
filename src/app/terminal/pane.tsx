import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import { HostName } from '../parts/address.tsx'
import { Icon } from '../parts/icon.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { useK, useRevision, useScene, useSessionState, useWords } from '../session/context.tsx'
import { thingsIn } from './ink.ts'
import { inserted, takeLine } from './inserted.ts'
import { isCaptured, packetOfLine } from './packet-of-line.ts'
import { fill, isFull } from './panes.ts'
import type { RowLink, Screen } from './screen.ts'
import { screenText, spokenText } from './screen-text.ts'
import { Candidates, PaneStrip } from './strips.tsx'
import { type Piece, transcript } from './transcript.ts'
import { useTerminalPx, useTerminalTheme } from './use-look.ts'
import { useTyping } from './use-typing.ts'

interface Props {
  host: HostId
  active: boolean
  alone: boolean
  onFocus: () => void
  onClose: () => void
}

/** One host's terminal. */
export function Pane({ host, active, alone, onFocus, onClose }: Props) {
  const { ui } = useWords()
  const { session, owners } = useScene()
  const k = useK()
  const revision = useRevision()
  const typing = useTyping(host)
  const running = useSessionState((s) => s.typing[host])
  const pieces = useMemo(
    () => transcript(session, host, k),
    // the run is outside React: its revision and the line that runs tell when it has grown
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [session, host, k, revision, running],
  )
  const shown = typing.clearedAt === undefined ? pieces : pieces.slice(typing.clearedAt)
  const text = useMemo(
    () => screenText(shown, { owners, prompt: typing.prompt, byKnob: ui.terminal.byKnob }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- shown is made of these
    [pieces, typing.clearedAt, owners, typing.prompt, ui],
  )
  const pieceCount = useRef(0)
  useEffect(() => {
    pieceCount.current = pieces.length
  })
  const box = useScreen({ host, text, pieces, typing, active, isRunning: running !== undefined, onFocus })
  return (
    <section className={active ? 'pane active' : 'pane'} aria-label={`${ui.dock.tabs.terminal}: ${host}`}>
      {alone ? null : (
        <header>
          <HostName host={host} />
          <button
            type="button"
            className="btn quiet"
            aria-label={ui.terminal.close(host)}
            title={ui.terminal.close(host)}
            onClick={onClose}
          >
            <Icon name="close" size={14} />
          </button>
        </header>
      )}
      <div className="screen" ref={box} />
      <Candidates words={typing.candidates} />
      <PaneStrip host={host} typing={typing} />
      <Spoken host={host} pieces={shown} prompt={typing.prompt} />
    </section>
  )
}

interface ScreenProps {
  host: HostId
  text: string
  pieces: readonly Piece[]
  typing: ReturnType<typeof useTyping>
  active: boolean
  isRunning: boolean
  onFocus: () => void
}

/** Makes the emulator once, tells it what has changed. */
function useScreen({ host, text, pieces, typing, active, isRunning, onFocus }: ScreenProps) {
  const { ui } = useWords()
  const box = useRef<HTMLDivElement>(null)
  const [screen, setScreen] = useState<Screen | undefined>(undefined)
  const links = useLinks(host, pieces, typing.prompt)
  const latest = useRef({ typing, links, onFocus })
  useEffect(() => {
    latest.current = { typing, links, onFocus }
  })
  const label = ui.dock.type(host)
  useEffect(() => {
    const root = box.current
    let made: Screen | undefined
    let gone = false
    // the emulator is a chunk of its own: until it is there, the text twin is
    void import('./screen.ts').then(({ createScreen }) => {
      if (gone || root === null) return
      made = createScreen(root, {
        label,
        onData: (data) => latest.current.typing.onData(data),
        onFocus: () => latest.current.onFocus(),
        linksOf: (row, below) => latest.current.links(row, below),
        isForPage,
      })
      setScreen(made)
    })
    return () => {
      gone = true
      setScreen(undefined)
      made?.destroy()
    }
  }, [label])
  const theme = useTerminalTheme()
  const fontPx = useTerminalPx()
  const readAloud = usePrefs((p) => p.readAloud)
  const { prompt, line } = typing
  useEffect(() => {
    const at = isRunning ? undefined : { head: prompt, state: line }
    screen?.update({ text, prompt: at, theme, fontPx, readAloud, active })
  }, [screen, text, prompt, line, isRunning, theme, fontPx, readAloud, active])
  useFocusAt(screen, active, host, typing)
  return box
}

/** A line that is put at the prompt from elsewhere takes the focus along. */
function useFocusAt(
  screen: Screen | undefined,
  active: boolean,
  host: HostId,
  typing: ReturnType<typeof useTyping>,
): void {
  const waiting = useStore(inserted)
  useEffect(() => {
    if (!active || screen === undefined || waiting.host !== host) return
    const line = takeLine(host)
    if (line === undefined) return
    typing.put(line)
    screen.focus()
  }, [waiting, active, host, typing, screen])
}

/** Esc leaves (use-keys.ts), Alt+Enter fills the window. */
function isForPage(event: KeyboardEvent): boolean {
  if (event.key === 'Escape') return true
  if (event.key !== 'Enter' || !event.altKey) return false
  if (event.type === 'keydown') fill(!isFull())
  event.preventDefault()
  return true
}

/** Addresses and interfaces light up on the stage, a captured packet and the beginning of a line can be gone to. */
function useLinks(host: HostId, pieces: readonly Piece[], prompt: string) {
  const { session, owners } = useScene()
  return useCallback(
    (row: string, below: number): RowLink[] => {
      const views = session.views.store.getState().now
      const { k } = session.playhead.getState()
      const packet = isCaptured(row)
        ? packetOfLine(session.run, session.lists.prints, { host, line: row, k })
        : undefined
      const toPacket = (): void => {
        if (packet === undefined || session.player.isLocked()) return
        session.player.set(packet)
        setPrefs({ inspectorTab: 'packet' })
      }
      const links: RowLink[] = thingsIn(row, { host, owners, views }).map(({ from, to, lit }) => ({
        from,
        to,
        onHover: (on) => session.state.setState({ lit: on ? lit : undefined }),
        onClick: packet === undefined ? () => lit.hosts[0] && session.select(lit.hosts[0]) : toPacket,
      }))
      if (packet !== undefined) links.push({ from: 0, to: row.length, onClick: toPacket })
      const begin = beginOf(pieces, row, below, prompt)
      if (begin !== undefined && begin >= session.run.bootRecord)
        links.push({ from: 0, to: row.length, onClick: () => session.player.set(begin) })
      return links
    },
    [session, owners, host, pieces, prompt],
  )
}

/** Note before the command line that a row shows; of several with the same text, the one with `below` of them after it. */
function beginOf(pieces: readonly Piece[], row: string, below: number, prompt: string): number | undefined {
  const same = pieces.filter((piece) => {
    if (piece.kind !== 'line') return false
    return row.startsWith((piece.prompt ?? prompt) + (piece.entry.line.split('\n')[0] ?? ''))
  })
  const piece = same[same.length - 1 - below]
  return piece?.kind === 'line' ? piece.entry.before : undefined
}

/** The text twin: what stands on the screen, for those who listen; the terminal's own reading takes its place. */
function Spoken({ host, pieces, prompt }: { host: HostId; pieces: readonly Piece[]; prompt: string }) {
  const { ui } = useWords()
  const readAloud = usePrefs((p) => p.readAloud)
  return (
    <div
      className="sr"
      role="log"
      aria-label={`${ui.dock.tabs.terminal}: ${host}`}
      aria-live={readAloud ? 'off' : 'polite'}
    >
      <p>{pieces.length === 0 ? ui.dock.terminalHint : ui.terminal.how}</p>
      {spokenText(pieces, prompt).map((line, i) => (
        <p key={i}>{line}</p>
      ))}
    </div>
  )
}
