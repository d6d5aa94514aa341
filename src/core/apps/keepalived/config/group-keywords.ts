import { SEC } from '../../../base/ids.ts'
import { type Build, NO_NOTIFY } from './build.ts'
import { notifyKeywords } from './notify.ts'
import { readerOf, readTimer, readUnsigned, scriptOf } from './read.ts'
import type { VrrpScript } from './types.ts'
import type { At, Keyword } from './walk.ts'

/** vrrp_sync_group and vrrp_script (vrrp/vrrp_parser.c). Tracking of a whole group is known but not modelled. */
export function groupKeywords(passive: boolean): Keyword<Build>[] {
  const sync: Keyword<Build> = { name: 'vrrp_sync_group', passive, run: addGroup, sub: GROUP }
  const script: Keyword<Build> = { name: 'vrrp_script', passive, run: addScript, sub: SCRIPT, end: endScript }
  const blocks = ['static_ipaddress', 'static_routes', 'static_rules', 'track_group', 'vrrp_track_process']
  return [
    sync,
    script,
    ...[...blocks, 'garp_group', 'linkbeat_interfaces', 'interface_up_down_delays'].map(
      (name): Keyword<Build> =>
        passive
          ? { name, passive, sub: [] }
          : {
              name,
              run: (_, at) => at.error(`${name} is not modelled here - ignoring`),
              value: () => undefined,
            },
    ),
  ]
}

function addGroup(words: readonly string[], at: At<Build>): void {
  const name = words[1]
  const { syncGroups } = at.build.config
  if (name === undefined) at.error('vrrp_sync_group must have a name - skipping')
  else if (syncGroups.some((group) => group.name === name))
    at.error(`vrrp sync group ${name} already defined`)
  else return void syncGroups.push({ name, members: [], notify: { ...NO_NOTIFY } })
  at.skipBlock()
}

const GROUP: Keyword<Build>[] = [
  {
    name: 'group',
    value: (words, at) => void at.build.config.syncGroups.at(-1)?.members.push(...words),
    end: (at) => {
      const group = at.build.config.syncGroups.at(-1)
      if (group?.members.length === 0) at.error(`Warning - sync group ${group.name} has empty group block`)
    },
  },
  ...notifyKeywords((at) => at.build.config.syncGroups.at(-1)?.notify),
  ...['track_interface', 'track_script', 'track_file', 'track_process', 'track_bfd'].map(
    (name): Keyword<Build> => ({
      name,
      run: (_, at) => at.error(`${name} of a sync group is not modelled here - ignoring`),
      value: () => undefined,
    }),
  ),
  ...['smtp_alert', 'global_tracking', 'sync_group_tracking_weight', 'notify_priority_changes'].map(
    (name) => ({ name }),
  ),
]

function addScript(words: readonly string[], at: At<Build>): void {
  at.build.config.scripts.push({
    name: words[1] ?? '',
    script: '',
    intervalNs: SEC,
    timeoutNs: 0,
    weight: 0,
    fall: 1,
    rise: 1,
    initFail: false,
  })
}

function on(name: string, change: (script: VrrpScript, words: readonly string[], at: At<Build>) => void) {
  return {
    name,
    run: (words: readonly string[], at: At<Build>) => {
      const script = at.build.config.scripts.at(-1)
      if (script) change(script, words, at)
    },
  }
}

function seconds(name: 'interval' | 'timeout', key: 'intervalNs' | 'timeoutNs'): Keyword<Build> {
  return on(name, (script, words, at) => {
    const value = readTimer(readerOf(at), words[1], 0)
    if (value === null)
      return at.error(`(${script.name}): vrrp script ${name} '${words[1] ?? ''}' invalid - ignoring`)
    if (value === 0) at.error(`(${script.name}): vrrp script ${name} must be greater than 0, setting to 1`)
    script[key] = value === 0 ? SEC : value
  })
}

function times(key: 'rise' | 'fall'): Keyword<Build> {
  return on(key, (script, words, at) => {
    const value = readUnsigned(readerOf(at), words[1], 1, 0x7fffffff)
    if (value === null) {
      at.error(`(${script.name}): vrrp script ${key} value '${words[1] ?? ''}' invalid, defaulting to 1`)
    }
    script[key] = value ?? 1
  })
}

const SCRIPT: Keyword<Build>[] = [
  on('script', (script, words) => void (script.script = scriptOf(words))),
  seconds('interval', 'intervalNs'),
  seconds('timeout', 'timeoutNs'),
  on('weight', (script, words, at) => {
    const weight = Number(words[1])
    if (Number.isInteger(weight) && Math.abs(weight) <= 253) script.weight = weight
    else at.error(`vrrp_script ${script.name} weight ${words[1] ?? ''} must be in [-253, 253]`)
  }),
  times('rise'),
  times('fall'),
  { name: 'user' },
  on('init_fail', (script) => void (script.initFail = true)),
]

function endScript(at: At<Build>): void {
  const { scripts } = at.build.config
  const script = scripts.at(-1)
  if (!script || script.script !== '') return
  at.error(`No script set for vrrp_script ${script.name} - removing`)
  scripts.pop()
}
