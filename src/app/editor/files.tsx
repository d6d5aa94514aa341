import { type SubmitEvent, useState } from 'react'
import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import { HostName } from '../parts/address.tsx'
import { useScene, useWords } from '../session/context.tsx'
import { draftKey, drafts } from './drafts.ts'
import { OneFile } from './one-file.tsx'
import './editor.css'

/** The files of a host: a list, and one of them beside what it was at boot. */
export function Files({ host, path, onClose }: { host: HostId; path: string; onClose: () => void }) {
  const { ui } = useWords()
  const { session } = useScene()
  const files = useStore(session.views.store, (s) => s.tail[host]?.files)
  const home = useStore(session.views.store, (s) => s.home[host]?.files)
  const unsaved = useStore(drafts)
  const paths = Object.keys(files ?? {}).sort()
  const [asked, setAsked] = useState(path)
  const [chosen, setChosen] = useState(path)
  // the terminal may ask for another file while the panel is open
  if (asked !== path) {
    setAsked(path)
    setChosen(path)
  }
  const shown = chosen === '' ? (paths.find(isConfiguration) ?? paths[0] ?? '') : chosen
  return (
    <section className="files" aria-label={ui.files.label(host)}>
      <nav aria-label={ui.files.list}>
        <p>
          <HostName host={host} />
        </p>
        <PathField onOpen={setChosen} />
        <ul>
          {[...new Set([...paths, ...(shown === '' ? [] : [shown])])].map((one) => (
            <li key={one}>
              <button type="button" aria-current={one === shown} title={one} onClick={() => setChosen(one)}>
                {one}
                {unsaved[draftKey(host, one)] === undefined ? null : (
                  <span className="muted"> · {ui.files.unsaved}</span>
                )}
              </button>
            </li>
          ))}
        </ul>
        {paths.length === 0 ? <p className="muted">{ui.files.none}</p> : null}
      </nav>
      {shown === '' ? (
        <div className="one-file">
          <button type="button" className="btn" onClick={onClose}>
            {ui.files.close}
          </button>
        </div>
      ) : (
        <OneFile
          key={`${host} ${shown}`}
          host={host}
          path={shown}
          onHost={files?.[shown] ?? ''}
          original={home?.[shown]}
          onClose={onClose}
        />
      )}
    </section>
  )
}

function isConfiguration(path: string): boolean {
  return path.endsWith('.conf')
}

function PathField({ onOpen }: { onOpen: (path: string) => void }) {
  const { ui } = useWords()
  const [path, setPath] = useState('')
  const open = (event: SubmitEvent): void => {
    event.preventDefault()
    if (path.startsWith('/') && !path.endsWith('/')) onOpen(path)
  }
  return (
    <form onSubmit={open}>
      <input
        value={path}
        aria-label={ui.files.path}
        placeholder="/etc/sysctl.conf"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        onChange={(event) => setPath(event.target.value)}
      />
      <button type="submit" className="btn quiet">
        {ui.files.open}
      </button>
    </form>
  )
}
