import { useState } from 'react'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { useK, useRevision, useScene, useWords } from '../session/context.tsx'

/** Which history is shown, and the way to begin another: change the past here. */
export function BranchMenu() {
  const { ui } = useWords()
  const { session } = useScene()
  const [open, setOpen] = useState(false)
  useRevision()
  const k = useK()
  const { branch, branches, records } = session.run
  const number = (id: number): number => branches.findIndex((one) => one.id === id) + 1
  const current = ui.transport.branch(Math.max(1, number(branch)), Math.max(1, branches.length))
  const atEnd = k >= records.length - 1
  return (
    <>
      <button type="button" className="btn quiet branch" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="branch" size={16} />
        {current}
      </button>
      <Dialog open={open} title={ui.transport.branches} onClose={() => setOpen(false)}>
        <ul className="branches">
          {branches.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="btn"
                aria-pressed={one.id === branch}
                onClick={() => {
                  setOpen(false)
                  if (one.id !== branch) void session.checkout(one.id)
                }}
              >
                {ui.transport.branch(number(one.id), branches.length)}
              </button>
            </li>
          ))}
        </ul>
        <p className="muted">{atEnd ? ui.transport.forkNone : ui.transport.forkText}</p>
        <button
          type="button"
          className="btn main"
          disabled={atEnd}
          onClick={() => {
            setOpen(false)
            void session.forkHere()
          }}
        >
          {ui.transport.forkHere}
        </button>
      </Dialog>
    </>
  )
}
