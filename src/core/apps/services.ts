import { must } from '../base/assert.ts'

/** Services come with the command that starts them (unit.ts): no process belongs to one before. */
let code: typeof import('./unit.ts') | undefined

export async function loadServices(): Promise<void> {
  code ??= await import('./unit.ts')
}

export function services(): typeof import('./unit.ts') {
  return must(code, 'services are loaded')
}
