import type { Profile } from '../kernel/host.ts'

/**
 * Whose version strings the hosts show. `ubuntu-24.04` is the lesson's machine, `debian-12` the one the reference
 * captures were made on; lengths on the wire (User-Agent, Server) differ between them.
 */
export const PROFILES: Record<Profile['id'], Profile> = {
  'ubuntu-24.04': {
    id: 'ubuntu-24.04',
    kernel: '6.8.0-31-generic',
    build: '#31-Ubuntu SMP PREEMPT_DYNAMIC Sat Apr 20 00:40:06 UTC 2024',
    curl: '8.5.0',
    nginx: '1.24.0 (Ubuntu)',
    frr: '8.4.4',
    ipvsadm: 'v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)',
    curlMajor: 8,
  },
  'debian-12': {
    id: 'debian-12',
    kernel: '6.1.0-56-amd64',
    build: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)',
    curl: '7.88.1',
    nginx: '1.22.1',
    frr: '8.4.4',
    ipvsadm: 'v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)',
    curlMajor: 7,
  },
}

export const PROFILE_IDS = ['ubuntu-24.04', 'debian-12'] as const satisfies readonly Profile['id'][]

export function isProfileId(text: string): text is Profile['id'] {
  return (PROFILE_IDS as readonly string[]).includes(text)
}
