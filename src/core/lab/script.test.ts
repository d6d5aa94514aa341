import { describe, expect, it } from 'vitest'
import { course } from './labs/course.ts'
import { parseScript } from './script.ts'

describe('scripts', () => {
  it('are read line by line', () => {
    const text = `# comment
router$ curl -v http://172.16.253.100:8080   # not the script's comment, but the shell's

@sleep 2.5
LB1$ ip link set ens33 down
router& curl --max-time 5 http://172.16.253.100:8080
@unplug LB1 ens33     # cable out
@plug LB1 ens33
`
    expect(parseScript(text, course)).toEqual({
      ok: true,
      value: [
        {
          kind: 'command',
          line: 2,
          host: 'router',
          text: "curl -v http://172.16.253.100:8080   # not the script's comment, but the shell's",
          background: false,
        },
        { kind: 'sleep', line: 4, forNs: 2_500_000_000 },
        { kind: 'command', line: 5, host: 'LB1', text: 'ip link set ens33 down', background: false },
        {
          kind: 'command',
          line: 6,
          host: 'router',
          text: 'curl --max-time 5 http://172.16.253.100:8080',
          background: true,
        },
        { kind: 'cable', line: 7, host: 'LB1', dev: 'ens33', plugged: false },
        { kind: 'cable', line: 8, host: 'LB1', dev: 'ens33', plugged: true },
      ],
    })
  })

  it.each([
    [
      '\nrooter$ ls',
      'line 2: there is no host rooter in lab course; it has router, LB1, LB2, server1, server2',
    ],
    ['router# ls', 'line 1: expected "HOST$ command"'],
    ["router$ echo 'a", 'line 1: bash: unexpected EOF'],
    ['@sleep soon', 'line 1: @sleep takes a number of seconds'],
    ['@wait 5', 'line 1: @wait is not known; there are @sleep, @unplug, @plug, '],
    ['@unplug LB1', 'line 1: @unplug takes a host and an interface'],
    ['@plug LB1 eth9', 'line 1: LB1 has no interface eth9'],
  ])('%j is refused with its line number', (text, start) => {
    const parsed = parseScript(text, course)
    expect(parsed.ok ? '' : parsed.error).toContain(start)
  })
})
