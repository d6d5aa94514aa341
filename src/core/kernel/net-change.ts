import type { DevName, Ip4, Nanos, Pid } from '../base/ids.ts'
import type { NextHop, RouteType } from './route/types.ts'

/**
 * What the kernel tells listeners of rtnetlink (RTNLGRP_LINK, _IPV4_IFADDR, _IPV4_ROUTE). `by`: the process whose request it
 * was, 0 = nobody's here. As on Linux, routes that go because their interface goes down are not told of.
 */
export type NetChange =
  | { what: 'link'; dev: DevName; by: Pid }
  | { what: 'addr'; dev: DevName; ip: Ip4; prefix: number; gone: boolean; by: Pid }
  | {
      what: 'route'
      dst: Ip4
      prefix: number
      table: string
      type: RouteType
      proto: string
      metric: number
      prefsrc: Ip4
      nexthops: readonly NextHop[]
      nhid?: number
      gone: boolean
      by: Pid
    }

/** A line of the system's journal; `pid` 0 = the kernel or systemd's own. */
export interface JournalLine {
  readonly at: Nanos
  readonly ident: string
  readonly pid: Pid
  readonly text: string
  /** The service it belongs to, '' = none. */
  readonly unit: string
}
