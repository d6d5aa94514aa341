import type { Pid } from '../base/ids.ts'

/** What a session of a shell remembers between its lines. No part of any world. */
export interface ShellEnv {
  vars: Record<string, string>
  cwd: string
  /** Status of the last command (`$?`). */
  status: number
  /** Programs left running with `&`. */
  jobs: Pid[]
  /** Lines typed, oldest first (`history`). */
  history: string[]
  aliases: Record<string, string>
}

export function newEnv(): ShellEnv {
  return {
    vars: { HOME: '/root', USER: 'root', SHELL: '/bin/bash', PWD: '/root', IFS: ' \t\n' },
    cwd: '/root',
    status: 0,
    jobs: [],
    history: [],
    aliases: {},
  }
}

/** A path as the kernel takes it: absolute, without . and .. */
export function absolutePath(env: ShellEnv, path: string): string {
  const home = path === '~' || path.startsWith('~/') ? `/root${path.slice(1)}` : path
  const parts: string[] = []
  for (const part of (home.startsWith('/') ? home : `${env.cwd}/${home}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
