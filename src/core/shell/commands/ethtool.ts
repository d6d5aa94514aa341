import { formatMac } from '../../base/ids.ts'
import type { Dev } from '../../kernel/host.ts'
import type { Command, Io } from '../sys.ts'
import { notModelled, refuse, tell } from './words.ts'

/**
 * ethtool 6.1 for interfaces that are simulated cables: like a pair of virtual devices they have no speed to negotiate and no
 * offloads, and packets are always what a wire would carry. Turning an offload off is true already; on is refused.
 */
export const ethtool: Command = {
  name: 'ethtool',
  summary: 'settings of an interface',
  run: (args, io) => {
    const [option = '', ...rest] = args
    if (option === '' || option === '-h' || option === '--help') {
      const text = 'ethtool: bad command line argument(s)\nFor more information run ethtool -h'
      return option === '' ? tell(io, refuse(text, 1)) : tell(io, refuse(USAGE, 0))
    }
    if (!option.startsWith('-')) return show(option, io)
    const name = rest[0]
    const action = Object.hasOwn(ACTIONS, option) ? ACTIONS[option] : undefined
    if (!action) {
      return /^-[aAcCgGlLPrSsTtuUwWxXmn]$|^--/.test(option)
        ? tell(io, notModelled(`\`ethtool ${option}'`))
        : tell(io, refuse('ethtool: bad command line argument(s)\nFor more information run ethtool -h', 1))
    }
    if (name === undefined)
      return tell(io, refuse('ethtool: bad command line argument(s)\nFor more information run ethtool -h', 1))
    const dev = devOf(name, io)
    if (!dev) return tell(io, refuse(NO_DEVICE, 75))
    return action(dev, rest.slice(1), io)
  },
}

const USAGE = `Usage:
        ethtool DEVNAME                 settings
        ethtool -i DEVNAME              driver
        ethtool -k DEVNAME              features
        ethtool -K DEVNAME FEATURE off  turn a feature off
        ethtool -P DEVNAME              permanent address`
const NO_DEVICE = 'netlink error: no device matches name (offset 24)\nnetlink error: No such device'

type Action = (dev: Dev, words: readonly string[], io: Io) => number
const ACTIONS: Readonly<Record<string, Action>> = {
  ...{ '-i': driver, '--driver': driver },
  ...{ '-k': features, '--show-features': features, '--show-offload': features },
  ...{ '-K': setFeatures, '--features': setFeatures, '--offload': setFeatures },
  ...{ '-P': permanent, '--show-permaddr': permanent },
}

function devOf(name: string, io: Io): Dev | undefined {
  const { devs } = io.sys.host()
  return Object.hasOwn(devs, name) ? devs[name] : undefined
}

function show(name: string, io: Io): number {
  const dev = devOf(name, io)
  if (!dev) return tell(io, refuse(`${Array<string>(5).fill(NO_DEVICE).join('\n')}\nNo data available`, 75))
  const link = `\tLink detected: ${dev.up && dev.carrier ? 'yes' : 'no'}\n`
  const more = dev.loopback || dev.tunnel ? '' : SETTINGS
  io.out(`Settings for ${name}:\n${more}${link}`)
  return 0
}

/** As a virtual pair reports them. */
const SETTINGS = `\tSupported ports: [  ]
\tSupported link modes:   Not reported
\tSupported pause frame use: No
\tSupports auto-negotiation: No
\tSupported FEC modes: Not reported
\tAdvertised link modes:  Not reported
\tAdvertised pause frame use: No
\tAdvertised auto-negotiation: No
\tAdvertised FEC modes: Not reported
\tSpeed: 10000Mb/s
\tDuplex: Full
\tAuto-negotiation: off
\tPort: Twisted Pair
\tPHYAD: 0
\tTransceiver: internal
\tMDI-X: Unknown
`

function driver(dev: Dev, _words: readonly string[], io: Io): number {
  if (dev.loopback) return tell(io, refuse('Cannot get driver information: Operation not supported', 71))
  const name = dev.tunnel ? 'ipip' : 'veth'
  const lines = [
    ...[`driver: ${name}`, 'version: 1.0', 'firmware-version: ', 'expansion-rom-version: ', 'bus-info: '],
    ...['supports-statistics: yes', 'supports-test: no', 'supports-eeprom-access: no'],
    ...['supports-register-dump: no', 'supports-priv-flags: no'],
  ]
  io.out(`${lines.join('\n')}\n`)
  return 0
}

/** Name, short names taken by -K, and what lies below it. */
const FEATURES: readonly [string, string[], string[]][] = [
  ['rx-checksumming', ['rx'], []],
  ['tx-checksumming', ['tx'], ['tx-checksum-ip-generic', 'tx-checksum-sctp']],
  ['scatter-gather', ['sg'], ['tx-scatter-gather', 'tx-scatter-gather-fraglist']],
  ['tcp-segmentation-offload', ['tso'], ['tx-tcp-segmentation', 'tx-tcp6-segmentation']],
  ['generic-segmentation-offload', ['gso'], []],
  ['generic-receive-offload', ['gro'], []],
  ['large-receive-offload', ['lro'], []],
  ['rx-vlan-offload', ['rxvlan'], []],
  ['tx-vlan-offload', ['txvlan'], []],
]

function features(dev: Dev, _words: readonly string[], io: Io): number {
  let text = `Features for ${dev.name}:\n`
  for (const [name, , below] of FEATURES) {
    text += `${name}: off\n`
    for (const one of below) text += `\t${one}: off\n`
  }
  io.out(text)
  return 0
}

function setFeatures(_dev: Dev, words: readonly string[], io: Io): number {
  if (words.length === 0 || words.length % 2 === 1)
    return tell(io, refuse('ethtool: bad command line argument(s)\nFor more information run ethtool -h', 1))
  for (let i = 0; i < words.length; i += 2) {
    const [name = '', value] = [words[i], words[i + 1]]
    const isKnown = FEATURES.some(([long, short, below]) => [long, ...short, ...below].includes(name))
    if (!isKnown)
      return tell(
        io,
        refuse('netlink error: bit name not found (offset 56)\nnetlink error: Operation not supported', 92),
      )
    if (value === 'on')
      return tell(io, refuse(`vipscope: interfaces here have no offloads: ${name} stays off`, 1))
    if (value !== 'off') return tell(io, refuse('ethtool: bad command line argument(s)', 1))
  }
  return 0
}

function permanent(dev: Dev, _words: readonly string[], io: Io): number {
  io.out(dev.loopback ? 'Permanent address: not set\n' : `Permanent address: ${formatMac(dev.mac)}\n`)
  return 0
}
