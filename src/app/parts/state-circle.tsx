/** How far something has been done: empty, half, with a tick. The words beside it say the same. */
export function StateCircle({ state }: { state: 'done' | 'half' | 'none' }) {
  return (
    <svg className="state-circle" width="18" height="18" viewBox="-9 -9 18 18" aria-hidden="true">
      <circle
        r="8"
        fill={state === 'done' ? 'var(--ink)' : 'var(--paper)'}
        stroke="var(--ink)"
        strokeWidth="1.5"
      />
      {state === 'half' ? <path d="M0,-8A8,8 0 0 1 0,8Z" fill="var(--ink)" /> : null}
      {state === 'done' ? (
        <path d="M-4,0.5l3,3l5,-6" fill="none" stroke="var(--paper)" strokeWidth="1.75" />
      ) : null}
    </svg>
  )
}
