/** Drawn icons on a 20x20 grid: 1.5 px stroke, round joins and caps, no fill. An icon without a word only for back and forward. */
export const ICONS = {
  back: 'M14 4L6 10l8 6ZM4.5 4v12',
  forward: 'M6 4l8 6-8 6ZM15.5 4v12',
  play: 'M6 3.5l10 6.5L6 16.5Z',
  pause: 'M6.5 4v12M13.5 4v12',
  lock: 'M5 9h10v8H5ZM7 9V6.5a3 3 0 0 1 6 0V9',
  drop: 'M4 4h12v12H4ZM7 7l6 6M13 7l-6 6',
  rewrite: 'M6.5 6.5h7v7h-7ZM3.5 3.5h13v13h-13Z',
  decision: 'M10 3v5M10 8L4 14v3M10 8l6 6v3',
  branch: 'M6 3v14M6 12c0-4 8-2 8-7V3',
  clock: 'M10 3.5a6.5 6.5 0 1 0 .01 0M10 6v4l3 2',
  help: 'M7.5 8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.6v.6',
  sun: 'M10 6.5a3.5 3.5 0 1 0 .01 0M10 2v2M10 16v2M2 10h2M16 10h2',
  share: 'M10 12V3M6.5 6L10 2.8 13.5 6M5 9.5v7h10v-7',
  export: 'M10 3v9M6.5 9L10 12.5 13.5 9M4 16.5h12',
  note: 'M4 4h12v9l-4 3H4Z',
  check: 'M4 11l4 4 8-10',
  hint: 'M7.5 14h5M8 16.5h4M10 3a4.5 4.5 0 0 0-2.5 8.2V12h5v-.8A4.5 4.5 0 0 0 10 3Z',
  fold: 'M4 7l6 6 6-6',
  close: 'M5 5l10 10M15 5L5 15',
  zoom: 'M8.5 3a5.5 5.5 0 1 0 .01 0M12.5 12.5L17 17M6 8.5h5M8.5 6v5',
} as const

export type IconName = keyof typeof ICONS
