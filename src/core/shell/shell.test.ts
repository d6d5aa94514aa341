import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeShellHost } from '../../testing/shell-host.ts'
import { parseLine } from './parse.ts'
import { commandNames } from './table.ts'

const newShell = (): ReturnType<typeof makeShellHost> =>
  makeShellHost('router', '172.16.253.135/24', '00:0c:29:35:01:35')

describe('words', () => {
  it.each([
    ['echo a b', 'a b\n'],
    ['echo \'a  b\' "c  d" e\\ f', 'a  b c  d e f\n'],
    ['echo "a\\"b\\\\c\\d"', 'a"b\\c\\d\n'],
    ["echo ''", '\n'],
    ['echo a#b # comment', 'a#b\n'],
    ['# only a comment', ''],
    ['echo one; echo two', 'one\ntwo\n'],
    ['echo one\necho two', 'one\ntwo\n'],
    ['echo a\\\nb', 'ab\n'],
    ['  ', ''],
    ['false; echo $?', '1\n'],
    ['echo "$?"', '0\n'],
    ["echo '$?'", '$?\n'],
    ['echo -n a', 'a'],
    ['echo 5$', '5$\n'],
    ['/usr/bin/hostname', 'router\n'],
  ])('%s', (line, output) => {
    expect(newShell().run(line)).toEqual({ output, status: 0 })
  })
})

describe('connectors follow the status of what was run last', () => {
  it.each([
    ['true && echo a', 'a\n', 0],
    ['false && echo a', '', 1],
    ['false || echo a', 'a\n', 0],
    ['false && echo a || echo b', 'b\n', 0],
    ['true || echo a && echo b', 'b\n', 0],
    ['false && echo a; echo b', 'b\n', 0],
    ['true; false', '', 1],
  ])('%s', (line, output, status) => {
    expect(newShell().run(line)).toEqual({ output, status })
  })
})

describe('errors as bash words them', () => {
  it.each([
    ["echo 'a", "bash: unexpected EOF while looking for matching `''\n"],
    ['echo "a', 'bash: unexpected EOF while looking for matching `"\'\n'],
    ['&& x', "bash: syntax error near unexpected token `&&'\n"],
    ['echo a;; echo b', "bash: syntax error near unexpected token `;;'\n"],
    ['; echo', "bash: syntax error near unexpected token `;'\n"],
    ['true &&', 'bash: syntax error: unexpected end of file\n'],
  ])('%s', (line, output) => {
    expect(newShell().run(line)).toEqual({ output, status: 2 })
  })

  it('runs nothing of a line that is wrong', () => {
    const shell = newShell()
    shell.run('ip link set ens33 down; echo "')
    expect(shell.ops).toEqual([])
  })

  it.each([
    ['nosuchcommand', 'bash: nosuchcommand: command not found\n'],
    [
      'ipvsadmin',
      "bash: ipvsadmin: command not found\nvipscope: the nearest command that is modelled is `ipvsadm'\n",
    ],
    ['/opt/x', 'bash: /opt/x: No such file or directory\n'],
    ['nmap -sT', "vipscope: nmap is not modelled yet; `help' lists what is\n"],
  ])('%s has status 127', (line, output) => {
    expect(newShell().run(line)).toEqual({ output, status: 127 })
  })

  it.each([
    'case x in x) echo;; esac',
    'f() { echo; }',
    '[[ -n x ]]',
    'time echo',
    'echo ${x%y}',
    '(sleep 1) &',
  ])('refuses %s by name, in one line', (line) => {
    const { output, status } = newShell().run(line)
    expect(output).toMatch(/^vipscope: `.*': .* not modelled( yet)?\n$/)
    expect(status).toBe(2)
  })
})

describe('programs', () => {
  it('are started one after the other, each when the one before has ended', () => {
    const shell = newShell()
    shell.run('curl -v http://172.16.253.100:8080 && ping -c 1 172.16.253.131')
    expect(shell.spawned).toEqual([
      ['curl', '-v', 'http://172.16.253.100:8080'],
      ['ping', '-c', '1', '172.16.253.131'],
    ])
    expect(shell.steps).toMatchObject([
      { kind: 'wait', pid: 101, until: 'exit' },
      { kind: 'wait', pid: 102, until: 'exit' },
      { kind: 'done', status: 0 },
    ])
  })

  it('give their exit status to the line', () => {
    const shell = newShell()
    shell.exitWith = 7
    expect(shell.run('curl http://172.16.253.130:8081; echo $?').output).toBe('7\n')
    expect(shell.run('curl http://172.16.253.130:8081').status).toBe(7)
  })

  it('are left running with &', () => {
    const shell = newShell()
    shell.run('ping 172.16.253.131 & echo on')
    expect(shell.steps).toEqual([{ kind: 'done', status: 0, background: [101] }])
  })

  it('that are daemons are waited for until they have started', () => {
    const shell = newShell()
    shell.run('nginx')
    expect(shell.steps[0]).toEqual({ kind: 'wait', pid: 101, until: 'started' })
  })

  it('sleep lets time pass', () => {
    const shell = newShell()
    shell.run('sleep 1.5')
    expect(shell.steps[0]).toEqual({ kind: 'sleep', until: 1_500_000_000 })
  })
})

describe('services', () => {
  it('say what is not there', () => {
    const shell = newShell()
    expect(shell.run('systemctl stop ufw').status).toBe(5)
    expect(shell.run('systemctl is-active nginx')).toEqual({ output: 'inactive\n', status: 3 })
  })
})

describe('any text', () => {
  const words = [
    ...commandNames(),
    ...'add del show set route addr dev ens33 lo:0 via nexthop weight -A -a -t -r -w 172.16.253.100 10.0.0.0/8 up down'.split(
      ' ',
    ),
    ...[
      '&&',
      '||',
      ';',
      '&',
      '"',
      "'",
      '\\',
      '$?',
      '|',
      '\n',
      '#',
      '=',
      'sleep',
      '9'.repeat(400),
      '-',
      '--',
      '/',
      '0x',
      '\u0000',
      '…',
    ],
  ]
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 10_000 }),
    fc.string({ maxLength: 10_000 }),
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(' ')),
  )

  it('never throws and never hangs', () => {
    fc.assert(
      fc.property(text, (line) => {
        const { status } = newShell().run(line)
        return Number.isInteger(status)
      }),
      { numRuns: 400, seed: 20260101 },
    )
  })

  it('is parsed in time that grows with its length only', () => {
    const start = performance.now()
    for (const unit of ['"a" ', '\\', '&& ', '$? ', 'a;', '((((', '``', '# ']) parseLine(unit.repeat(25_000))
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
