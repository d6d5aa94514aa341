import { parseIp4 } from '../../../base/ids.ts'
import { VRRP_AUTH_NONE, VRRP_AUTH_PASS } from '../../../wire/vrrp.ts'
import { type Build, newInstance } from './build.ts'
import { notifyKeywords } from './notify.ts'
import { readerOf, readFlag, readTimer, readUnsigned, UINT_MAX } from './read.ts'
import { readRoute, readVip } from './vips.ts'
import type { Garp, VrrpInstance } from './types.ts'
import type { At, Keyword } from './walk.ts'

/**
 * vrrp_instance (vrrp/vrrp_parser.c), IPv4 only. VMAC, virtual rules, track_file, track_process, track_bfd and IPSEC-AH are known but not
 * modelled: those that change what is sent are refused with a line in the log.
 */
export function instanceKeyword(passive: boolean): Keyword<Build> {
  return {
    name: 'vrrp_instance',
    passive,
    seen: (at) => void (at.build.config.hasVrrp = true),
    run: addInstance,
    sub: INSTANCE,
  }
}

function addInstance(words: readonly string[], at: At<Build>): void {
  const { config } = at.build
  const name = words[1]
  config.hasVrrp = true
  if (name === undefined) {
    at.error('vrrp_instance must have a name')
    return at.skipBlock()
  }
  if (config.instances.some((other) => other.name === name)) {
    at.error(`vrrp instance ${name} already defined`)
    return at.skipBlock()
  }
  config.instances.push(newInstance(name))
}

function on(name: string, change: (vrrp: VrrpInstance, words: readonly string[], at: At<Build>) => void) {
  return {
    name,
    run: (words: readonly string[], at: At<Build>) => {
      const vrrp = at.build.config.instances.at(-1)
      if (vrrp) change(vrrp, words, at)
    },
  }
}

function block(
  name: string,
  change: (vrrp: VrrpInstance, words: readonly string[], at: At<Build>) => void,
): Keyword<Build> {
  return {
    name,
    value: (words, at) => {
      const vrrp = at.build.config.instances.at(-1)
      if (vrrp) change(vrrp, words, at)
    },
  }
}

/** A block that is known and does nothing here. */
function ignored(name: string): Keyword<Build> {
  return {
    ...on(name, (vrrp, _, at) => at.error(`(${vrrp.name}) ${name} not modelled here - ignoring`)),
    value: () => undefined,
  }
}

function garpTimer(name: string, key: 'delayNs' | 'refreshNs' | 'lowerPrioDelayNs'): Keyword<Build> {
  return on(name, (vrrp, words, at) => {
    const value = readTimer(readerOf(at), words[1], 0)
    if (value === null) at.error(`(${vrrp.name}): ${name} '${words[1] ?? ''}' invalid - ignoring`)
    else vrrp.garp[key] = value
  })
}

function garpCount(
  name: string,
  key: keyof Pick<Garp, 'rep' | 'refreshRep' | 'lowerPrioRep'>,
): Keyword<Build> {
  return on(name, (vrrp, words, at) => {
    const value = readUnsigned(readerOf(at), words[1], 0, UINT_MAX)
    if (value === null) return at.error(`(${vrrp.name}): ${name} '${words[1] ?? ''}' invalid - ignoring`)
    if (value === 0 && key !== 'lowerPrioRep') {
      at.error(`(${vrrp.name}): ${name} must be greater than 0, setting to 1`)
    }
    vrrp.garp[key] = key === 'lowerPrioRep' ? value : Math.max(1, value)
  })
}

type Flags = 'lowerPrioNoAdvert' | 'higherPrioSendAdvert' | 'skipCheckAdvAddr' | 'strict'

function flag(name: string, key: Flags): Keyword<Build> {
  return on(name, (vrrp, words, at) => {
    vrrp[key] = readFlag(at, words, `(${vrrp.name}) invalid ${name}`) ?? vrrp[key]
  })
}

const GARP_KEYWORDS: Keyword<Build>[] = [
  garpTimer('garp_master_delay', 'delayNs'),
  garpTimer('garp_master_refresh', 'refreshNs'),
  garpTimer('garp_lower_prio_delay', 'lowerPrioDelayNs'),
  garpCount('garp_master_repeat', 'rep'),
  garpCount('garp_master_refresh_repeat', 'refreshRep'),
  garpCount('garp_lower_prio_repeat', 'lowerPrioRep'),
]

const AUTHENTICATION: Keyword<Build>[] = [
  on('auth_type', (vrrp, words, at) => {
    const type = words[1] ?? ''
    if (type === 'PASS') vrrp.authType = VRRP_AUTH_PASS
    else if (type === 'AH') at.error(`(${vrrp.name}) authentication type AH is not modelled here - ignoring`)
    else if (type === 'none') vrrp.authType = VRRP_AUTH_NONE
    else at.error(`(${vrrp.name}) unknown authentication type '${type}'`)
  }),
  on('auth_pass', (vrrp, words, at) => {
    const auth = words[1] ?? ''
    if (auth.length > 8) at.error('Truncating auth_pass to 8 characters')
    vrrp.auth = auth.slice(0, 8)
  }),
]

const IDENTITY: Keyword<Build>[] = [
  on('state', (vrrp, words, at) => {
    const state = words[1] ?? ''
    if (state === 'MASTER') vrrp.state = 'MASTER'
    else if (state === 'BACKUP') {
      if (vrrp.state === 'MASTER') at.error(`(${vrrp.name}) state previously set as MASTER - ignoring BACKUP`)
    } else at.error(`(${vrrp.name}) unknown state '${state}', defaulting to BACKUP`)
  }),
  on('interface', (vrrp, words, at) => {
    const dev = words[1] ?? ''
    if (dev === 'lo')
      return at.error(`(${vrrp.name}) cannot use a loopback interface (lo) for vrrp - ignoring`)
    vrrp.dev = dev
    if (at.build.hasDev(dev)) return
    at.build.config.missingDev = true
    at.error(`WARNING - interface ${dev} for vrrp_instance ${vrrp.name} doesn't exist`)
  }),
  on('virtual_router_id', (vrrp, words, at) => {
    const vrid = readUnsigned(readerOf(at), words[1], 1, 255)
    if (vrid === null)
      at.error(`(${vrrp.name}): VRID '${words[1] ?? ''}' not valid - must be between 1 & 255`)
    else vrrp.vrid = vrid
  }),
  on('version', (vrrp, words, at) => {
    const version = readUnsigned(readerOf(at), words[1], 2, 3)
    if (version === 2 || version === 3) vrrp.version = version
    else at.error(`(${vrrp.name}): Version must be either 2 or 3`)
  }),
  on('priority', (vrrp, words, at) => {
    const priority = readUnsigned(readerOf(at), words[1], 1, 255)
    if (priority === null) {
      at.error(`(${vrrp.name}) Priority not valid! must be between 1 & 255. Using default 100`)
    }
    vrrp.priority = priority ?? 100
  }),
  on('advert_int', (vrrp, words, at) => {
    const interval = readTimer(readerOf(at), words[1], 10_000, 255_000_000)
    if (interval !== null) vrrp.advertNs = interval
    else at.error(`(${vrrp.name}) Advert interval (${words[1] ?? ''}) not valid! Must be > 0 - ignoring`)
  }),
  on('down_timer_adverts', (vrrp, words, at) => {
    const adverts = readUnsigned(readerOf(at), words[1], 1, 100)
    if (adverts !== null) vrrp.downAdverts = adverts
    else at.error(`(${vrrp.name}): Invalid down_timer_adverts [1:100] '${words[1] ?? ''}'`)
  }),
  ...['mcast_src_ip', 'unicast_src_ip'].map((name) =>
    on(name, (vrrp, words, at) => {
      const ip = parseIp4(words[1] ?? '')
      if (ip !== undefined) vrrp.sourceIp = ip
      else {
        const address = words[1] ?? ''
        at.error(
          `Configuration error: VRRP instance[${vrrp.name}] malformed src address[${address}]. Skipping...`,
        )
      }
    }),
  ),
]

const INSTANCE: Keyword<Build>[] = [
  ...IDENTITY,
  block('unicast_peer', (vrrp, [word = '']) => {
    const ip = parseIp4(word)
    if (ip !== undefined) vrrp.peers.push(ip)
  }),
  on('preempt', (vrrp) => void (vrrp.nopreempt = false)),
  on('nopreempt', (vrrp) => void (vrrp.nopreempt = true)),
  on('preempt_delay', (vrrp, words, at) => {
    const delay = readTimer(readerOf(at), words[1], 0)
    if (delay !== null) vrrp.preemptDelayNs = delay
    else at.error(`(${vrrp.name}) Preempt_delay not valid! must be between 0-4294`)
  }),
  on('dont_track_primary', (vrrp) => void (vrrp.trackPrimary = false)),
  block('track_interface', (vrrp, [dev = '', , weight], at) => {
    if (at.build.hasDev(dev)) return void vrrp.trackDevs.push({ dev, weight: Number(weight ?? 0) || 0 })
    at.error(`(${vrrp.name}) tracked interface ${dev} doesn't exist`)
    at.build.config.missingDev = true
  }),
  block('track_script', (vrrp, [name = '', , weight], at) => {
    if (!at.build.config.scripts.some((script) => script.name === name)) {
      at.error(`(${vrrp.name}) track script ${name} not found, ignoring...`)
    } else vrrp.trackScripts.push({ name, weight: weight === undefined ? null : Number(weight) || 0 })
  }),
  block('virtual_ipaddress', (vrrp, words, at) => void vrrp.vips.push(...readVip(words, vrrp.dev, at))),
  block('virtual_ipaddress_excluded', (vrrp, words, at) => {
    vrrp.excluded.push(...readVip(words, vrrp.dev, at))
  }),
  block('virtual_routes', (vrrp, words, at) => void vrrp.routes.push(...readRoute(words, at))),
  flag('skip_check_adv_addr', 'skipCheckAdvAddr'),
  flag('strict_mode', 'strict'),
  flag('lower_prio_no_advert', 'lowerPrioNoAdvert'),
  flag('higher_prio_send_advert', 'higherPrioSendAdvert'),
  ...notifyKeywords((at) => at.build.config.instances.at(-1)?.notify),
  ...GARP_KEYWORDS,
  { name: 'authentication', sub: AUTHENTICATION },
  on('use_vmac', (vrrp, _, at) => at.error(`(${vrrp.name}) use_vmac is not modelled here - ignoring`)),
  ...['track_file', 'track_process', 'track_bfd', 'virtual_rules'].map(ignored),
  ...[
    'vmac_xmit_base',
    'native_ipv6',
    'old_unicast_checksum',
    'check_unicast_src',
    'unicast_ttl',
    'debug',
  ].map(quiet),
  ...['linkbeat_use_polling', 'promote_secondaries', 'accept', 'no_accept', 'smtp_alert', 'track_src_ip'].map(
    quiet,
  ),
  ...['notify_deleted', 'notify_master_rx_lower_pri', 'notify_priority_changes', 'kernel_rx_buf_size'].map(
    quiet,
  ),
]

function quiet(name: string): Keyword<Build> {
  return { name }
}
