import { parseIp4 } from '../../../base/ids.ts'
import type { Build } from './build.ts'
import { readerOf, readFlag, readTimer, readUnsigned, UINT_MAX } from './read.ts'
import type { Garp, Globals } from './types.ts'
import type { At, Keyword } from './walk.ts'

/** global_defs (core/global_parser.c). Keywords about mail, SNMP, priorities of processes and the like are known and do nothing. */
export function globalKeywords(passive: boolean): Keyword<Build>[] {
  return [
    { name: 'global_defs', passive, sub: [...GLOBALS, ...quiet(QUIET), ...quietBlocks] },
    ...quiet(['linkbeat_use_polling', 'net_namespace', 'instance', 'use_pid_dir', 'child_wait_time']),
  ]
}

const GLOBALS: Keyword<Build>[] = [
  { name: 'router_id', run: (words, at) => void (at.build.config.globals.routerId = words[1] ?? '') },
  set('lvs_flush', (globals) => void (globals.flush = true)),
  ...['lvs_flush_on_stop', 'lvs_flush_onstop'].map((name) =>
    set(name, (globals, words) => void (globals.flushOnStop = words[1] === 'VS' ? 'vs' : 'full')),
  ),
  flag('checker_log_all_failures', 'checkerLogAll'),
  set('rs_init_notifies', (globals) => void (globals.rsInitNotifies = true)),
  flag('vrrp_strict', 'strict'),
  flag('vrrp_skip_check_adv_addr', 'skipCheckAdvAddr'),
  flag('vrrp_lower_prio_no_advert', 'lowerPrioNoAdvert'),
  flag('vrrp_higher_prio_send_advert', 'higherPrioSendAdvert'),
  timer('vrrp_garp_master_delay', 'delayNs'),
  timer('vrrp_garp_master_refresh', 'refreshNs'),
  timer('vrrp_garp_lower_prio_delay', 'lowerPrioDelayNs'),
  timer('vrrp_garp_interval', 'intervalNs'),
  count('vrrp_garp_master_repeat', 'rep'),
  count('vrrp_garp_master_refresh_repeat', 'refreshRep'),
  count('vrrp_garp_lower_prio_repeat', 'lowerPrioRep'),
  set('enable_script_security', (globals) => void (globals.scriptSecurity = true)),
  { name: 'vrrp_version', run: setVersion },
  { name: 'vrrp_mcast_group4', run: setGroup },
]

const QUIET = [
  ...['notification_email_from', 'smtp_server', 'smtp_helo_name', 'smtp_connect_timeout', 'smtp_alert'],
  ...['smtp_alert_vrrp', 'smtp_alert_checker', 'no_email_faults', 'no_checker_emails'],
  ...['process_names', 'process_name', 'vrrp_process_name', 'checker_process_name', 'lvs_process_name'],
  ...['startup_script', 'startup_script_timeout', 'shutdown_script', 'shutdown_script_timeout'],
  ...['max_auto_priority', 'min_auto_priority_delay', 'dynamic_interfaces', 'default_interface'],
  ...['disable_local_igmp', 'lvs_timeouts', 'lvs_sync_daemon', 'vrrp_mcast_group6', 'vrrp_gna_interval'],
  ...['vrrp_min_garp', 'vrrp_garp_extra_if', 'vrrp_down_timer_adverts', 'vrrp_iptables', 'vrrp_ipsets'],
  ...['nftables', 'nftables_priority', 'nftables_ifindex', 'nftables_counters', 'vrrp_check_unicast_src'],
  ...['vrrp_priority', 'vrrp_no_swap', 'vrrp_rt_priority', 'vrrp_cpu_affinity', 'vrrp_rlimit_rttime'],
  ...['notify_fifo', 'notify_fifo_script', 'vrrp_notify_fifo', 'vrrp_notify_fifo_script', 'lvs_notify_fifo'],
  ...['lvs_notify_fifo_script', 'vrrp_notify_priority_changes', 'checker_priority', 'checker_no_swap'],
  ...['checker_rt_priority', 'checker_cpu_affinity', 'checker_rlimit_rttime', 'snmp_socket', 'enable_traps'],
  ...['enable_snmp_vrrp', 'enable_snmp_keepalived', 'enable_snmp_rfc', 'enable_snmp_checker', 'enable_dbus'],
  ...['script_user', 'vrrp_startup_delay', 'log_unknown_vrids', 'umask', 'random_seed'],
  ...[
    'reload_check_config',
    'reload_time_file',
    'include_check',
    'vrrp_rx_bufs_policy',
    'vrrp_rx_bufs_multiplier',
  ],
]

const quietBlocks: Keyword<Build>[] = [{ name: 'notification_email', value: () => undefined }]

function quiet(names: readonly string[]): Keyword<Build>[] {
  return names.map((name) => ({ name }))
}

function set(name: string, change: (globals: Globals, words: readonly string[]) => void): Keyword<Build> {
  return { name, run: (words, at) => change(at.build.config.globals, words) }
}

type Flags = 'checkerLogAll' | 'strict' | 'skipCheckAdvAddr' | 'lowerPrioNoAdvert' | 'higherPrioSendAdvert'

function flag(name: string, key: Flags): Keyword<Build> {
  return {
    name,
    run: (words, at) => {
      const value = readFlag(at, words, `Invalid value for ${name}`)
      if (value !== undefined) at.build.config.globals[key] = value
    },
  }
}

function timer(
  name: string,
  key: 'delayNs' | 'refreshNs' | 'lowerPrioDelayNs' | 'intervalNs',
): Keyword<Build> {
  return {
    name,
    run: (words, at) => {
      const value = readTimer(readerOf(at), words[1], 0)
      if (value === null) at.error(`${name} '${words[1] ?? ''}' invalid - ignoring`)
      else at.build.config.globals.garp[key] = value
    },
  }
}

function count(name: string, key: keyof Pick<Garp, 'rep' | 'refreshRep' | 'lowerPrioRep'>): Keyword<Build> {
  return {
    name,
    run: (words, at) => {
      const value = readUnsigned(readerOf(at), words[1], 0, UINT_MAX)
      if (value === null) at.error(`${name} '${words[1] ?? ''}' invalid - ignoring`)
      else at.build.config.globals.garp[key] = value
    },
  }
}

function setVersion(words: readonly string[], at: At<Build>): void {
  const value = readUnsigned(readerOf(at), words[1], 2, 3)
  if (value === 2 || value === 3) at.build.config.globals.version = value
  else at.error('VRRP Error: Version must be either 2 or 3')
}

function setGroup(words: readonly string[], at: At<Build>): void {
  const ip = parseIp4(words[1] ?? '')
  if (ip === undefined)
    at.error(`Configuration error: Cant parse vrrp_mcast_group4 [${words[1] ?? ''}]. Skipping`)
  else at.build.config.globals.mcastGroup = ip
}
