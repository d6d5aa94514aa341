import type { LineResult } from '../core/lab/line.ts'
import { sameWords } from './golden/transcript.ts'
import type { Typed } from './lesson-play.ts'

/** What varies between two sessions of the same lesson, and is replaced on both sides before they are compared. */
interface Varying {
  /** Commands it is about; absent = all. */
  of?: RegExp
  from: RegExp
  to: string
  why: string
}

const VARYING: readonly Varying[] = [
  { from: /(?<![\w:])\d\d:\d\d:\d\d(\.\d{6})?(?![\w:])/g, to: 'TIME', why: 'time of day, age of a route' },
  { from: /\w{3}, \d\d \w{3} \d{4} TIME GMT/g, to: 'DATE', why: 'date' },
  {
    from: /\d+h\d\dm\d\ds|\d+m\d\ds|\d+\.\d{3}s|\d+ usecs/g,
    to: 'TIME',
    why: 'how long something has lasted',
  },
  { from: / +TIME/g, to: ' TIME', why: 'columns of durations' },
  { from: /^( {2}LS age:) \d+/g, to: '$1 AGE', why: 'age of an LSA' },
  { from: /^([\d.]+ +[\d.]+) +\d+ 0x/g, to: '$1 AGE 0x', why: 'age of an LSA' },
  { from: /\d+( state changes)/g, to: 'N$1', why: 'how often an adjacency was tried' },
  {
    from: /(multiplier is currently|algorithm executed) \d+/g,
    to: '$1 N',
    why: 'how often routes were computed',
  },
  { from: /("\w*(?:Msecs?|MsecsDue|DueMsec)":)\d+/g, to: '$1N', why: 'timers in JSON' },
  { from: /"(upTime|deadTime)":"[^"]*"/g, to: '"$1":"T"', why: 'durations in JSON' },
  {
    from: /("(?:nexthopGroupId|installedNexthopGroupId)":)\d+/g,
    to: '$1N',
    why: 'numbers of next-hop objects',
  },
  { from: /nhid \d+/g, to: 'nhid N', why: 'numbers of next-hop objects' },
  {
    of: /^(ip|ifconfig)\b/,
    from: /@if\d+| link-netnsid \d+/g,
    to: '',
    why: 'the recorded interfaces are virtual pairs',
  },
  {
    of: /^ip -d (link|addr)/,
    from: /^ {4}veth /g,
    to: 'VETH ',
    why: 'the recorded interfaces are virtual pairs',
  },
  { of: /^ip -br/, from: /^(\S+) +/g, to: '$1 ', why: 'the recorded interfaces are virtual pairs' },
  { of: /^ip -s/, from: /^ +\d+ +\d+ /g, to: ' BYTES PACKETS ', why: 'hellos sent until then' },
  {
    of: /^ifconfig/,
    from: /packets \d+ {2}bytes \d+ \(.*\)/g,
    to: 'packets N',
    why: 'hellos sent until then',
  },
  {
    of: /^ip neigh/,
    from: / (known|STALE|REACHABLE|DELAY) proto zebra$/g,
    to: ' known',
    why: 'zebra has neighbours resolved',
  },
  {
    of: /^sysctl -a/,
    from: /^net\.ipv4\.fib_multipath_hash_seed = 0$/g,
    to: '',
    why: 'younger than the recorded kernel',
  },
  {
    of: /^sysctl -a/,
    from: /^net\.ipv4\.ip_forward_update_priority = 1$/g,
    to: '',
    why: 'priorities are not modelled',
  },
  { of: /^sysctl -a/, from: /^net\.ipv6\..*$/g, to: '', why: 'IPv6 is off' },
  { of: /^ss /, from: /pid=\d+,fd=\d+/g, to: 'pid=P,fd=F', why: 'numbers of processes and descriptors' },
  { of: /^ss /, from: /,\("nginx",pid=P,fd=F\)/g, to: '', why: 'nginx is one process here' },
  { of: /^ss /, from: / +$|(?<=Process) +/g, to: '', why: 'width of the column of processes' },
  {
    of: /^ps /,
    from: /^(\S+) +\d+ +\d+ +\d+ \d\d:\d\d \S+ +TIME /g,
    to: '$1 ',
    why: 'numbers, times and load of processes',
  },
  { of: /^ps /, from: /^UID .*$/g, to: 'UID', why: 'width of the columns' },
  {
    of: /^ps /,
    from: /^root \/(bin|sbin)\/.*$|^root grep ospf$/g,
    to: '',
    why: 'what keeps the recorded host alive',
  },
  { of: /rate$/, from: /(:\d+ )[ \d]+$/g, to: '$1', why: 'when the counters were read' },
  { of: /tcpdump/, from: / id \d+,/g, to: ' id N,', why: 'numbers of packets' },
  { of: /tcpdump/, from: /TS val \d+ ecr \d+/g, to: 'TS', why: 'clocks of connections' },
  { of: /tcpdump/, from: /(\d+\.\d+\.\d+\.\d+)\.[3-6]\d{4}/g, to: '$1.PORT', why: 'ports' },
  { of: /tcpdump/, from: /(seq|ack) \d{5,}/g, to: '$1 N', why: 'sequence numbers' },
  { of: /tcpdump/, from: /win \d+/g, to: 'win W', why: 'buffers depend on memory' },
  { of: /^netstat -\w*p/, from: /LISTEN +\d+\/.*$/g, to: 'LISTEN PID', why: 'numbers of processes' },
  {
    of: /^(netstat -i|ifconfig -s)/,
    from: /^(ens33 +1500) .*( \w+)$/g,
    to: '$1 N$2',
    why: 'packets sent until then',
  },
  { of: /^netstat/, from: /timewait \([\d.]+/g, to: 'timewait (N', why: 'time that is left' },
  {
    of: /^ip -j/,
    from: /"link_index":\d+,|,"link_netnsid":0|^ *"link(_index|_netnsid)": \d+,?$|(?<=ff"),$/g,
    to: '',
    why: 'the recorded interfaces are virtual pairs',
  },
  { of: /^ip -j/, from: /("(bytes|packets)":)\d+/g, to: '$1N', why: 'packets sent until then' },
  {
    of: /^(ip (maddr|netconf)|bridge)/,
    from: /^inet6 .*|.*inet6 .*|.*33:33.*$/g,
    to: '',
    why: 'IPv6 is off',
  },
  {
    of: /^ab /,
    from: /[\d.]+( seconds| \[#\/sec\]| \[ms\]| \[Kbytes\/sec\])/g,
    to: 'N$1',
    why: 'real machines are slower',
  },
  {
    of: /^ab /,
    from: /^(Connect|Processing|Waiting|Total|WARNING|ERROR| +deviation| +These| +\d+%).*$/g,
    to: '',
    why: 'real machines are slower',
  },
  { of: /^curl -s -w/, from: /0\.\d{6}/g, to: '0.N', why: 'real machines are slower' },
  {
    of: /^(nosuchcommand|type)/,
    from: /^\/bin\/bash: line 1:/g,
    to: 'bash:',
    why: 'recorded through bash -c',
  },
]

/** Lists whose order is that of a hash table, or of processes. */
const UNORDERED = /^(arp |cat \/proc\/net\/arp|netstat |ps )/

interface Verdict {
  same: boolean
  sim: string[]
  real: string[]
}

export function compareTyped(typed: Typed, result: LineResult): Verdict {
  const { sim, real } = sameWords(typed, result)
  const [a, b] = [reduce(typed.line, sim), reduce(typed.line, real)]
  return { same: a.join('\n') === b.join('\n'), sim: a, real: b }
}

function reduce(line: string, words: readonly string[]): string[] {
  const rules = VARYING.filter(({ of }) => of === undefined || of.test(line))
  const list = words
    .map((text) => rules.reduce((left, { from, to }) => left.replace(from, to), text).trimEnd())
    .join('\n')
    .replace(/ ?\nVETH /g, ' ')
    .split('\n')
  if (/proto 89/.test(line)) return blocks(list)
  // when a health check falls between the rest is chance: it stands behind
  if (/tcp port/.test(line)) return [...list.filter((text) => !isCheck(text)), ...list.filter(isCheck)]
  if (UNORDERED.test(line) || rules.some(({ to, of }) => to === '' && of !== undefined))
    return list.filter((text) => text !== '').sort()
  return list
}

function isCheck(text: string): boolean {
  return / 172\.16\.253\.131\S* > 172\.16\.253\.130| 172\.16\.253\.130\S* > 172\.16\.253\.131/.test(text)
}

/** Who says hello first is chance: packets with what is told of them, sorted. */
function blocks(list: readonly string[]): string[] {
  const packets: string[] = []
  for (const text of list) {
    if (/^[\t ]/.test(text) && packets.length > 0) packets.push(`${packets.pop() ?? ''}\n${text}`)
    else packets.push(text.replace(/(ens33) (M|Out) +/, '$1 '))
  }
  return packets.sort()
}
