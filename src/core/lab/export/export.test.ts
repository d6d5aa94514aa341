import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { course } from '../labs/course.ts'
import { LABS } from '../labs/index.ts'
import { outsideLab } from '../labs/outside.ts'
import type { Lab } from '../schema.ts'
import { EXPORTERS } from './export.ts'
import { needsOf } from './needs.ts'
import { RUNTIME_FAULTS } from './netns-faults.ts'
import { SERVICES } from './netns-services.ts'
import { quote, writeFileLines } from './quote.ts'

function bash(script: string, ...args: string[]): string {
  return execFileSync('bash', ['-s', ...args], { input: script }).toString()
}

const NASTY = [`it's "$HOME" \`id\` \\n`, '', ' a  b ', '!x', '*', '~', 'é中', 'a\nb', '$(false)', '-n', "''"]

describe('text for bash', () => {
  it.each(NASTY)('%j arrives as one word', (word) => {
    expect(bash(`printf '[%s]' ${quote(word)}`)).toBe(`[${word}]`)
  })

  it.each([...NASTY, 'END\n', 'a\nEND\nEND_\n', '$x\n\n\n'])('a file %j arrives as it is', (content) => {
    expect(bash(writeFileLines('cat', content).join('\n'))).toBe(content)
  })
})

describe('a script of network namespaces', () => {
  const labs = [...Object.values(LABS), outsideLab({ boot: { LB1: ["echo 'it is' $HOME"] } })]

  it.each(labs)('$id is right for bash and has every address and line of the lab', (lab) => {
    const text = EXPORTERS.netns(lab)
    execFileSync('bash', ['-n'], { input: text })
    for (const [id, host] of Object.entries(lab.hosts)) {
      for (const line of host.boot) expect(text).toContain(`  at ${id} ${quote(line)}\n`)
      for (const [dev, { mac, addresses }] of Object.entries(host.interfaces))
        expect(text).toMatch(
          new RegExp(`port ${id} ${dev} ${mac} br\\d+ p\\d+ 1500 0 ${addresses.join(' ')}\n`),
        )
      for (const content of Object.values(host.files)) expect(text).toContain(content)
    }
  })

  it('says how it is used, and what is missing', () => {
    const text = EXPORTERS.netns(course)
    expect(() => bash(text)).toThrow()
    expect(needsOf(course)).toContainEqual({ command: 'vtysh', pkg: 'frr' })
    const check = text.replace(/\ncase \$\{1-\} in[^]*/, '\nPATH=/nonexistent; missing 2>&1; echo "$?"')
    expect(bash(check)).toContain('missing: nginx (Debian package nginx-light)')
  })

  it('holds delays of a millisecond and more, and the MTU', () => {
    const lab: Lab = { ...course, segments: { lan: { mtu: 1400, delayUs: 3000 } } }
    expect(EXPORTERS.netns(lab)).toContain(
      'port router ens33 00:0c:29:35:01:35 br0 p0 1400 3000 172.16.253.135/24',
    )
  })

  it('turns FULLNAT into NAT with a source rule', () => {
    const text = EXPORTERS.netns(course)
    const rc = /HOST_RC=\$\(cat <<'END_OF_TEXT'\n([^]*?)\nEND_OF_TEXT/.exec(text)?.[1] ?? ''
    const fakes = `${rc}\ncommand() { echo "$*"; }; sysctl() { echo "sysctl $*"; }; iptables() { echo "iptables $*"; }\n`
    const run = (line: string): string => bash(fakes + line)
    expect(run('ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -b -w 3')).toBe(
      'sysctl -qw net.ipv4.vs.conntrack=1\nipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3\n',
    )
    expect(run('ipvsadm -A -t 10.0.0.1:80 -s sh -b sh-port')).toBe(
      'ipvsadm -A -t 10.0.0.1:80 -s sh -b sh-port\n',
    )
    expect(run('ipvsadm -P -z 10.0.0.9 -t 10.0.0.1:80')).toBe(
      'iptables -t nat -A POSTROUTING -m ipvs --vaddr 10.0.0.1/32 --vport 80 -j SNAT --to-source 10.0.0.9\n',
    )
  })
})

describe('services without systemd', () => {
  const run = (line: string): string => {
    const fakes =
      'vs_start() { echo "start $1"; }; vs_stop() { echo "stop $1"; }; vs_runs() { [ "$1" = nginx ]; }\n'
    return bash(`${SERVICES}\n${fakes}${line} 2>&1; echo "= $?"`)
  }

  it.each([
    [
      'systemctl restart frr.service keepalived',
      'stop frr\nstart frr\nstop keepalived\nstart keepalived\n= 0\n',
    ],
    ['systemctl is-active nginx', 'active\n= 0\n'],
    ['systemctl is-active frr', 'inactive\n= 3\n'],
    ['systemctl reload frr', 'frr.service is not active, cannot reload.\n= 1\n'],
    ['systemctl stop ufw', 'Failed to stop ufw.service: Unit ufw.service not loaded.\n= 5\n'],
    ['systemctl daemon-reload', '= 0\n'],
  ])('%s', (line, says) => {
    expect(run(line)).toBe(says)
  })
})

describe('faults by netem', () => {
  it.each([
    ['loss 10% duplicate 5%', 'loss 10% duplicate 5%'],
    ['delay 5ms jitter 1ms loss 1%', 'delay 5ms 1ms loss 1%'],
    ['jitter 1ms', 'delay 0ms 1ms'],
    ['reorder 20%', 'delay 1ms  reorder 20%'],
  ])('%s', (words, netem) => {
    expect(bash(`${RUNTIME_FAULTS}\nnetem ${words}`).trim()).toBe(netem)
  })
})

describe('a containerlab topology', () => {
  it('brings a systemctl where a host uses one', () => {
    const text = EXPORTERS.containerlab(course)
    expect(text.match(/usr\/local\/sbin\/systemctl && chmod/g)).toHaveLength(3)
  })

  it('has a node for each host and segment and a link for each interface', () => {
    const lab = outsideLab()
    const text = EXPORTERS.containerlab(lab)
    for (const name of [...Object.keys(lab.hosts), 'switch-lan', 'switch-net', 'switch-far'])
      expect(text).toContain(`\n    ${name}:\n      kind: linux\n`)
    expect(text.match(/endpoints:/g)).toHaveLength(9)
    expect(text).toContain('- endpoints: ["switch-net:eth1", "router:eth0"]')
    expect(text).toContain('        - "bash -c \'ip route add default via 10.0.0.1\'"\n')
  })
})
