import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NODES } from '../cli/command.ts'
import { readConfig } from './read.ts'
import { mergeConfig, sharedLines, zebraLines } from './running.ts'
import { applyZebra, noZebraConfig } from './zebra.ts'

const LESSON = `frr version 8.4.4
frr defaults traditional
hostname router
log syslog informational
service integrated-vtysh-config
!
interface ens33
 ip ospf cost 1
 ip ospf dead-interval 4
exit
!
router ospf
 ospf router-id 172.16.253.135
 log-adjacency-changes
 network 172.16.253.0/24 area 0
exit
!
ip prefix-list ANY seq 5 permit 0.0.0.0/0 le 32
!
route-map ANY permit 10
 match ip address prefix-list ANY
exit
!
ip protocol ospf route-map ANY
ip route 10.1.0.0/16 172.16.253.131
`

describe('readConfig', () => {
  it('gives each daemon its lines, with the mode they stand in', () => {
    const { lines, errors } = readConfig(LESSON)
    expect(errors).toEqual([])
    expect(lines.ospfd.map(({ node, text }) => [node, text])).toEqual([
      ['interface ens33', 'ip ospf cost 1'],
      ['interface ens33', 'ip ospf dead-interval 4'],
      ['', 'router ospf'],
      ['router ospf', 'ospf router-id 172.16.253.135'],
      ['router ospf', 'log-adjacency-changes'],
      ['router ospf', 'network 172.16.253.0/24 area 0'],
    ])
    expect(lines.staticd).toEqual([{ line: 25, node: '', text: 'ip route 10.1.0.0/16 172.16.253.131' }])
    expect(lines.zebra.map(({ text }) => text)).toContain('match ip address prefix-list ANY')
  })

  it('names wrong lines as vtysh does, and goes on', () => {
    const { lines, errors } = readConfig(
      'foo bar\n!\ninterface ens33\n ip ospf cost 70000\n ip ospf cost 7\nexit\nip route 10.0.0.0/8\nrouter ospf\n bad line\n',
    )
    expect(errors).toEqual([
      'line 1: % Unknown command[4]: foo bar\n',
      'line 4: % Unknown command[17]:  ip ospf cost 70000\n',
      'line 7: % Command incomplete[4]: ip route 10.0.0.0/8\n\n',
      'line 9: % Unknown command[41]:  bad line\n',
    ])
    expect(lines.ospfd.map(({ text }) => text)).toEqual(['ip ospf cost 7', 'router ospf'])
  })

  it('finds a line of the top inside a section, which it ends', () => {
    const { lines, errors } = readConfig('interface ens33\nrouter ospf\nhostname r\n ip ospf cost 1\n')
    expect(errors).toEqual(['line 4: % Unknown command[4]:  ip ospf cost 1\n'])
    expect(lines.zebra.map(({ text }) => text)).toEqual(['interface ens33', 'hostname r'])
  })

  it('takes any text without throwing, and every mistake has its line', () => {
    const words = fc.constantFrom(
      ...'ip ospf route router interface ens33 no cost 1 0 70000 network 10.0.0.0/8 area 0.0.0.0 permit seq match set prefix-list route-map description shutdown hostname log file no'.split(
        ' ',
      ),
      ...[
        'exit',
        'end',
        '!',
        '#',
        'route-map',
        'A',
        '<',
        '(',
        '[',
        '__proto__',
        'constructor',
        '300.1.1.1/99',
      ],
    )
    const line = fc.oneof(
      fc.array(words, { maxLength: 7 }).map((list) => list.join(' ')),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (list) => {
        const text = list.join('\n')
        const count = text.split('\n').length
        const indexes = Object.values(NODES).map((node) => node.index)
        const { errors, lines } = readConfig(text)
        const config = noZebraConfig()
        for (const one of lines.zebra) applyZebra(config, one.node, one.text)
        expect(() => zebraLines(config, true)).not.toThrow()
        expect(() => sharedLines(config)).not.toThrow()
        for (const error of errors) {
          const found =
            /^line (\d+): % (?:Unknown|Ambiguous) command\[(\d+)\]|^line (\d+): % Command incomplete\[(\d+)\]/.exec(
              error,
            )
          expect(Number(found?.[1] ?? found?.[3])).toBeLessThanOrEqual(count)
          expect(indexes).toContain(Number(found?.[2] ?? found?.[4]))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('running configuration', () => {
  function take(text: string) {
    const config = noZebraConfig()
    const errors = readConfig(text).lines.zebra.map(
      ({ node, text: line }) => applyZebra(config, node, line).error,
    )
    return { config, errors: errors.filter((error) => error !== undefined) }
  }

  function written(text: string): string[] {
    const { config } = take(text)
    return mergeConfig([[...sharedLines(config), ...zebraLines(config, true)], sharedLines(config)], [])
  }

  it('comes out as it went in, in the order of sections, however often it is written', () => {
    const once = written(LESSON)
    expect(once).toEqual([
      'hostname router',
      'log syslog informational',
      'no ipv6 forwarding',
      '!',
      'ip prefix-list ANY seq 5 permit 0.0.0.0/0 le 32',
      '!',
      'route-map ANY permit 10',
      ' match ip address prefix-list ANY',
      'exit',
      '!',
      'ip protocol ospf route-map ANY',
      '!',
    ])
    expect(written(once.join('\n'))).toEqual(once)
  })

  it('takes lines back', () => {
    const lines = [
      'ip prefix-list A permit 10.0.0.0/8',
      'ip prefix-list A permit 11.0.0.0/8 ge 9 le 24',
      'no ip prefix-list A seq 5',
      'route-map M permit 10',
      ' set src 1.2.3.4',
      ' no set src 1.2.3.4',
      'exit',
      'route-map M deny 20',
      'no route-map M permit 10',
      'log file /a',
      'log file /b',
    ]
    const text = written(lines.join('\n')).join('\n')
    expect(text).toContain(
      'ip prefix-list A seq 10 permit 11.0.0.0/8 ge 9 le 24\n!\nroute-map M deny 20\nexit',
    )
    expect(text).toContain('log file /b')
    expect(text).not.toContain('/a')
    expect(text).not.toContain('seq 5')
  })

  it('refuses ranges that cannot be', () => {
    const { errors } = take(
      'ip prefix-list A permit 10.0.0.0/8 ge 4\nip prefix-list A permit 10.0.0.0/8 ge 20 le 16\n',
    )
    expect(errors).toHaveLength(2)
    expect(errors[0]).toContain('Make sure that mask length <= ge <= le')
  })
})
