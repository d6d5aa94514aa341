import type { CSSProperties } from 'react'
import { hueOf, type OwnerCode } from '../../view/hues.ts'

/** CSS variables of an owner's hue, for plates and underlines. */
export function hueStyle(code: OwnerCode): CSSProperties {
  const hue = hueOf(code)
  return { '--h': hue.fill, '--o': hue.on } as CSSProperties
}

/** An owner's code on its colour; look in view.css. It is not copied with the text around it. */
export function Plate({ code, size = '' }: { code: OwnerCode; size?: '' | 'list' | 'large' }) {
  const hue = hueOf(code)
  return (
    <b className={`plate ${size}${hue.stripe ? ' stripe' : ''}`} style={hueStyle(code)}>
      {hue.text}
    </b>
  )
}
