import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLine } from './history.ts'
import { readKeys } from './keys.ts'
import { editLine, emptyLine, type LineKey, type LineState } from './line-editor.ts'
import { cellsOf, drawPrompt, promptText } from './prompt.ts'

/** The line after what a person presses; `|` stands for the cursor. */
function press(start: string, keys: readonly string[], history: readonly string[] = []): string {
  const at = Math.max(start.indexOf('|'), 0)
  let state: LineState = { ...emptyLine(), text: start.replace('|', ''), at }
  for (const key of keys)
    state = editLine(state, KEYS.has(key) ? ({ key } as LineKey) : { key: 'text', text: key }, history)
  return `${state.text.slice(0, state.at)}|${state.text.slice(state.at)}`
}

const KEYS = new Set([
  ...['left', 'right', 'home', 'end', 'wordLeft', 'wordRight', 'backspace', 'delete', 'killEnd', 'killStart'],
  ...['killWord', 'killWordLeft', 'killWordRight', 'yank', 'transpose', 'up', 'down', 'search', 'cancel'],
])

describe('the line at the prompt', () => {
  it.each([
    ['ip a|', ['ddr'], 'ip addr|'],
    ['ip a|', ['home', 'x'], 'x|ip a'],
    ['ip addr show|', ['killWord'], 'ip addr |'],
    ['cat /etc/nginx/nginx.conf|', ['killWord'], 'cat |'],
    ['cat /etc/nginx/nginx.conf|', ['killWordLeft'], 'cat /etc/nginx/nginx.|'],
    ['one two three|', ['wordLeft', 'wordLeft', 'killEnd'], 'one |'],
    ['one two|', ['killStart', 'x', 'yank'], 'xone two|'],
    ['|one two', ['killWordRight', 'end', 'yank'], ' twoone|'],
    ['sl|', ['transpose'], 'ls|'],
    ['abc|', ['left', 'delete'], 'ab|'],
    ['abc|', ['cancel'], '|'],
    ['|', ['backspace', 'left', 'killStart'], '|'],
  ])('%s %j gives %s', (start, keys, after) => {
    expect(press(start, keys)).toBe(after)
  })

  it('walks through what was typed and comes back to what was being written', () => {
    const history = ['one', 'two']
    expect(press('thr|', ['up'], history)).toBe('two|')
    expect(press('thr|', ['up', 'up', 'up'], history)).toBe('one|')
    expect(press('thr|', ['up', 'up', 'down', 'down', 'down'], history)).toBe('thr|')
  })

  it('finds what was typed by a part of it, then the one before', () => {
    const history = ['curl -s a', 'ip route', 'curl -v b', 'ping c']
    expect(press('|', ['search', 'cur', 'end'], history)).toBe('curl -v b|')
    expect(press('|', ['search', 'cur', 'search', 'end'], history)).toBe('curl -s a|')
    expect(press('|', ['search', 'zzz', 'end', '!'], history)).toBe('!|')
  })

  it('keeps the cursor inside the line whatever is pressed', () => {
    const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 40 }),
        fc.array(fc.string(), { maxLength: 5 }),
        (keys, history) => {
          let state = emptyLine()
          for (const one of keys) {
            state = editLine(
              state,
              KEYS.has(one) ? ({ key: one } as LineKey) : { key: 'text', text: one },
              history,
            )
            expect(state.at).toBeGreaterThanOrEqual(0)
            expect(state.at).toBeLessThanOrEqual(state.text.length)
          }
        },
      ),
    )
  })
})

describe('what an emulator sends', () => {
  it('pasted lines are typed one after the other', () => {
    expect(readKeys('ip a\r\nip\tr\n')).toEqual([
      { key: 'text', text: 'ip a' },
      { key: 'enter' },
      { key: 'text', text: 'ip r' },
      { key: 'enter' },
    ])
  })

  it('no text brings control characters to the line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (data) => {
        for (const key of readKeys(data))
          // eslint-disable-next-line no-control-regex -- they are what must not come
          if (key.key === 'text') expect(key.text).not.toMatch(/[\x00-\x1f\x7f]/)
      }),
    )
  })
})

describe('history', () => {
  it('keeps what is worth it, and so many', () => {
    expect(addLine(['a'], 'a')).toEqual(['a'])
    expect(addLine(['a'], ' secret')).toEqual(['a'])
    expect(addLine(['a'], 'b')).toEqual(['a', 'b'])
    let lines: readonly string[] = []
    for (let i = 0; i < 600; i++) lines = addLine(lines, `line ${i}`)
    expect([lines.length, lines.at(-1)]).toEqual([500, 'line 599'])
  })
})

describe('the prompt', () => {
  it('names user, host and folder', () => {
    expect(promptText('LB1', { user: 'root', cwd: '/root' })).toBe('root@LB1:~# ')
    expect(promptText('LB1', { user: 'root', cwd: ['/root', 'x'].join('/') })).toBe('root@LB1:~/x# ')
    expect(promptText('LB1', { user: 'root', cwd: '/etc/nginx' })).toBe('root@LB1:/etc/nginx# ')
  })

  it('knows in which row its cursor stands, wherever the line is broken', () => {
    const at = (text: string, cursor = text.length) =>
      drawPrompt('$ ', { ...emptyLine(), text, at: cursor }, 10).row
    expect([at('1234567'), at('12345678'), at('123456789'), at('123456789', 0)]).toEqual([0, 1, 1, 0])
    expect(cellsOf('echo 中文')).toBe(9)
  })
})
