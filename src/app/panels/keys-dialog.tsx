import type { Ui } from '../../i18n/words.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useWords } from '../session/context.tsx'

const KEYS: readonly (readonly [keyof Ui['keys']['list'], readonly string[]])[] = [
  ['play', ['Space']],
  ['forward', ['→']],
  ['back', ['←']],
  ['exchange', ['Shift', '→']],
  ['ends', ['Home', 'End']],
  ['sizes', ['Alt', '1 2 3']],
  ['next', ['d', 'w', 'c']],
  ['send', ['s']],
  ['tabs', ['1 2 3 4 5']],
  ['large', ['l']],
  ['terminal', ['t']],
  ['filter', ['/']],
  ['inspector', ['i']],
  ['help', ['?']],
  ['escape', ['Esc']],
]

/** All keys of the page. */
export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { ui } = useWords()
  return (
    <Dialog open={open} title={ui.keys.title} onClose={onClose}>
      <table className="keys">
        <tbody>
          {KEYS.map(([name, keys]) => (
            <tr key={name}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{ui.keys.list[name]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}
