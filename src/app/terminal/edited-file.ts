const HOME = '/root'

/** The file that `vi FILE`, `vim FILE` or `nano FILE` would open, as an absolute path; undefined for any other line. */
export function editedFile(line: string, cwd: string): string | undefined {
  const words = line.trim().split(/\s+/)
  if (words[0] === 'sudo') words.shift()
  const [name = '', ...args] = words
  if (!/^(\/usr\/bin\/)?(vi|vim|nano)$/.test(name)) return undefined
  const file = args.find((arg) => !arg.startsWith('-') && !arg.startsWith('+'))
  if (file === undefined) return ''
  if (/[;|&<>$`'"()]/.test(line)) return undefined
  const path = file.startsWith('/')
    ? file
    : file.startsWith('~/')
      ? `${HOME}${file.slice(1)}`
      : `${cwd}/${file}`
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
