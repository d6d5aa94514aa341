import type { HostRole } from '../kernel/host.ts'

/** A lab file (version 1). Real addresses, real file syntax, real command lines. */
export interface Lab {
  vipscope: 1
  id: string
  title: { en: string; zh: string }
  seed: number
  profile: 'ubuntu-24.04' | 'debian-12'
  segments: Record<string, { mtu: number; delayUs: number }>
  hosts: Record<string, LabHost>
}

export interface LabHost {
  role: HostRole
  /** Position on the stage in its 784x556 coordinates. */
  at?: [number, number] | undefined
  interfaces: Record<string, { segment: string; mac: string; addresses: string[] }>
  files: Record<string, string>
  boot: string[]
}
