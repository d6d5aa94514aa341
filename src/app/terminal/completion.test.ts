import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complete, type Known } from './completion.ts'

const HOME = '/root'

const known: Known = {
  commands: ['ip', 'ipvsadm', 'iptables', 'curl', 'cat', 'sysctl', 'systemctl', 'nginx', 'sudo', 'ping'],
  devs: ['lo', 'ens33', 'tunl0'],
  addresses: ['172.16.253.131', '172.16.253.130'],
  sysctls: ['net.ipv4.ip_forward', 'net.ipv4.conf.all.arp_ignore', 'net.ipv4.conf.all.arp_announce'],
  vars: ['HOME', 'PATH'],
  files: ['/etc/nginx/nginx.conf', '/etc/nginx/mime.types', '/etc/hosts', `${HOME}/note`],
  cwd: HOME,
}
const words = (line: string): readonly string[] => complete(line, known).words
/** The line as Tab leaves it. */
const tab = (line: string): string => line + complete(line, known).common

describe('completion', () => {
  it.each([
    ['cu', 'curl '],
    ['sudo ngi', 'sudo nginx '],
    ['ip route | ca', 'ip route | cat '],
    ['echo $HO', 'echo $HOME '],
    ['sysctl -w net.ipv4.ip_f', 'sysctl -w net.ipv4.ip_forward '],
    ['sysctl net.ipv4.conf.all.arp', 'sysctl net.ipv4.conf.all.arp_'],
    ['ip link set dev en', 'ip link set dev ens33 '],
    ['ip neig', 'ip neigh '],
    ['ping 172', 'ping 172.16.253.13'],
    ['ping -I tu', 'ping -I tunl0 '],
    ['tcpdump -i an', 'tcpdump -i any '],
    ['cat /et', 'cat /etc/'],
    ['cat /etc/nginx/ng', 'cat /etc/nginx/nginx.conf '],
    ['cat no', 'cat note '],
    ['cat ~/n', 'cat ~/note '],
    ['echo 1 > /etc/ho', 'echo 1 > /etc/hosts '],
    ['systemctl restart ngi', 'systemctl restart nginx '],
    ['ipvsadm -A -t 172.16.253.131:80 -s wr', 'ipvsadm -A -t 172.16.253.131:80 -s wrr '],
    ['iptables -t na', 'iptables -t nat '],
    ['curl --inter', 'curl --interface '],
    ['nosuchthing', 'nosuchthing'],
  ])('%s becomes %s', (line, after) => {
    expect(tab(line)).toBe(after)
  })

  it('offers what there is to choose from', () => {
    expect(words('ip')).toEqual(['ip', 'iptables', 'ipvsadm'])
    expect(words('cat /etc/nginx/')).toEqual(['/etc/nginx/mime.types', '/etc/nginx/nginx.conf'])
    expect(words('ip -')).toContain('-br')
  })

  it('only ever adds to what was typed, and what it offers begins as the word does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (line) => {
        const { from, words: offered } = complete(line, known)
        for (const word of offered) expect(word.startsWith(line.slice(from))).toBe(true)
      }),
    )
  })
})
