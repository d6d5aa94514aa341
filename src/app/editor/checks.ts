/** How the daemon that reads a file checks it, and where in its answer the faulty line is named. */
export interface FileCheck {
  /** Command line, typed on a copy of the host: it changes nothing. */
  line: string
}

/** The check for a file; undefined: nobody checks it. */
export function checkOf(path: string): FileCheck | undefined {
  if (/\/nginx\/.*\.conf$/.test(path)) return { line: 'nginx -t' }
  if (/\/keepalived\/.*\.conf$/.test(path)) return { line: 'keepalived -t' }
  if (/\/frr\/.*\.conf$/.test(path)) return { line: 'vtysh -C' }
  return undefined
}

export interface Problem {
  /** Line of the file, from 1; 0 when the answer names none. */
  line: number
  text: string
}

/** A tool that is not there checks nothing. */
export function problemsOf(path: string, { output, status }: { output: string; status: number }): Problem[] {
  if (status === 0 || status === 127) return []
  const name = path.slice(path.lastIndexOf('/') + 1)
  return output
    .split('\n')
    .filter((text) => text.trim() !== '' && !/test (failed|is successful)/.test(text))
    .map((text) => ({ line: lineNamed(text, name), text: text.trim() }))
}

/** 'in /etc/nginx/nginx.conf:12', '(/etc/keepalived/keepalived.conf: Line 12)', 'line 12: % Unknown command'. */
function lineNamed(text: string, name: string): number {
  const own = new RegExp(`${name.replaceAll('.', '\\.')}(?::|: Line | line )(\\d+)`, 'i').exec(text)
  const any = /\b(?:line|Line) (\d+)\b/.exec(text)
  return Number(own?.[1] ?? any?.[1] ?? 0)
}

/** The command that writes a text to a file, as a person pastes it. The mark is one that no line of the text is. */
export function writeCommand(path: string, text: string): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  let mark = 'EOF'
  for (let n = 1; lines.includes(mark); n++) mark = `EOF${n}`
  const target = /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
  return text === '' ? `> ${target}` : [`cat > ${target} <<'${mark}'`, ...lines, mark].join('\n')
}
