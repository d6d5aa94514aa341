/** Expected failure is a value (user input, bad packets); a broken invariant throws (see assert). */
export type Result<T, E = string> = { ok: true; value: T } | { ok: false; error: E }

export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

export function bad<E>(error: E): { ok: false; error: E } {
  return { ok: false, error }
}
