import type { Profile } from '../../kernel/host.ts'

/** What each distribution ships. */
const VERSIONS: Readonly<
  Record<Profile['id'], { number: string; banner: string; builtFor: string; kernel: string }>
> = {
  'debian-12': {
    number: '2.2.7',
    banner: 'v2.2.7 (01/16,2022)',
    builtFor: '5.19.11',
    kernel: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)',
  },
  'ubuntu-24.04': {
    number: '2.2.8',
    banner: 'v2.2.8 (04/04,2023), git commit v2.2.7-154-g292b299e+',
    builtFor: '6.8.0',
    kernel: '#31-Ubuntu SMP PREEMPT_DYNAMIC Sat Apr 20 00:40:06 UTC 2024',
  },
}

export function keepalivedVersion(profile: Profile): { number: string; banner: string } {
  return VERSIONS[profile.id]
}

/** 'Running on Linux 6.1.0-56-amd64 #1 SMP ... (built for Linux 5.19.11)'. */
export function kernelLine(profile: Profile): string {
  const { kernel, builtFor } = VERSIONS[profile.id]
  return `Running on Linux ${profile.kernel} ${kernel} (built for Linux ${builtFor})`
}
