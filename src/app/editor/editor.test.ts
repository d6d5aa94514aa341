import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOf, problemsOf, writeCommand } from './checks.ts'
import { diffLines } from './diff.ts'

describe('diff', () => {
  it('names the lines that came and went', () => {
    expect(diffLines('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual({ added: [2, 4], removed: [2] })
    expect(diffLines('', 'a\n')).toEqual({ added: [1], removed: [] })
    expect(diffLines('a\nb\n', 'a\nb\n')).toEqual({ added: [], removed: [] })
  })

  it('what is left on both sides is the same', () => {
    const line = fc.constantFrom('a', 'b', 'c')
    const lines = fc.array(line, { maxLength: 12 })
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const { added, removed } = diffLines(
          a.map((one) => `${one}\n`).join(''),
          b.map((one) => `${one}\n`).join(''),
        )
        const left = a.filter((_, i) => !removed.includes(i + 1))
        expect(b.filter((_, i) => !added.includes(i + 1))).toEqual(left)
      }),
    )
  })
})

describe('checks on saving', () => {
  it('finds the line that the daemon names', () => {
    const path = '/etc/nginx/nginx.conf'
    const output = `nginx: [emerg] unknown directive "lisen" in ${path}:7\nnginx: configuration file ${path} test failed\n`
    expect(problemsOf(path, { output, status: 1 })).toEqual([
      { line: 7, text: `nginx: [emerg] unknown directive "lisen" in ${path}:7` },
    ])
    expect(problemsOf(path, { output: '', status: 0 })).toEqual([])
    expect(problemsOf(path, { output: 'bash: nginx: command not found\n', status: 127 })).toEqual([])
    const frr = { output: 'line 3: % Unknown command: foo\n', status: 2 }
    expect(problemsOf('/etc/frr/frr.conf', frr)[0]?.line).toBe(3)
    expect(checkOf(path)?.line).toBe('nginx -t')
    expect(checkOf('/etc/hosts')).toBeUndefined()
  })

  it('writes a text whatever stands in it', () => {
    expect(writeCommand('/etc/x', 'a\nEOF\n')).toBe("cat > /etc/x <<'EOF1'\na\nEOF\nEOF1")
    expect(writeCommand("/etc/a b'c", 'x\n')).toContain(`'/etc/a b'\\''c'`)
    expect(writeCommand('/etc/x', '')).toBe('> /etc/x')
  })
})
