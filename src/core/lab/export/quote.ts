/** Text for bash: words and files that arrive as they were, whatever is in them. */

/** One word of bash: bare when nothing in it means anything to the shell, else in single quotes. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** Lines that make bash write `content` to `path`, readable as a here document where the content allows it. */
export function writeFileLines(command: string, content: string): string[] {
  if (!content.endsWith('\n')) return [`printf %s ${quote(content)} | ${command}`]
  let end = 'END'
  const lines = content.slice(0, -1).split('\n')
  while (lines.includes(end)) end += '_'
  return [`${command} <<'${end}'`, ...lines, end]
}
