import type { Proc } from '../../kernel/host.ts'

/** The command line that ps shows: a daemon may have written its own over it, as nginx does. */
export function titleOf({ argv, program }: Pick<Proc, 'argv' | 'program'>): string {
  return `${program === 'nginx' ? 'nginx: master process ' : ''}${argv.join(' ')}`
}
