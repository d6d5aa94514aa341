/**
 * `npm run fonts`: makes the fonts of src/app/fonts again. Run by hand when a test says that a character is missing.
 * Takes the font packages into a temporary folder, since they are large and only this script needs them. The Chinese
 * faces keep the characters that the page uses; latin and mono are taken as they come.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import subsetFont from 'subset-font'
import { usedCharacters } from '../src/testing/used-characters.ts'
import { ROOT, run } from './install.mjs'

const VERSION = '5.3.0'
const SYMBOLS = '←↑→↓↔↵⇐⇒⇔⇧√∑∞≈≠≤≥⌘⌫⏎■□▨►○●✓✗'
/** Marks that Chinese text sets full width. */
const QUOTES = '‘’“”—…·'
const FONTS = join(ROOT, 'src', 'app', 'fonts')

const temp = mkdtempSync(join(tmpdir(), 'fonts-'))
try {
  await main()
} finally {
  rmSync(temp, { recursive: true, force: true })
}

async function main() {
  const names = [
    '@fontsource-variable/noto-sans',
    '@fontsource/noto-sans',
    '@fontsource/noto-sans-math',
    '@fontsource/noto-sans-sc',
    '@fontsource-variable/jetbrains-mono',
  ]
  const packages = names.map((name) => `${name}@${VERSION}`)
  if (run('npm', ['install', '--prefix', temp, '--no-save', '--no-audit', '--no-fund', ...packages]) !== 0)
    throw new Error('the font packages could not be installed')
  mkdirSync(FONTS, { recursive: true })
  copy(names[0], 'noto-sans-latin-wght-normal', 'noto-sans')
  copy(names[1], 'noto-sans-latin-400-italic', 'noto-sans-italic')
  copy(names[4], 'jetbrains-mono-latin-wght-normal', 'jetbrains-mono')
  licence(names[0], 'noto-sans')
  licence(names[4], 'jetbrains-mono')
  licence(names[3], 'noto-sans-sc')
  licence(names[2], 'noto-sans-symbols')
  await subset(names[2], 'noto-sans-math-latin-400-normal', 'noto-sans-symbols', SYMBOLS)
  const chinese = usedCharacters().filter(isChinese).join('')
  console.log(`${chinese.length} Chinese characters`)
  await subset(names[3], 'noto-sans-sc-chinese-simplified-400-normal', 'noto-sans-sc-400', chinese + QUOTES)
  await subset(names[3], 'noto-sans-sc-chinese-simplified-600-normal', 'noto-sans-sc-600', chinese + QUOTES)
}

function file(name, font) {
  return join(temp, 'node_modules', name, 'files', `${font}.woff2`)
}

function copy(name, font, as) {
  copyFileSync(file(name, font), join(FONTS, `${as}.woff2`))
}

function licence(name, as) {
  copyFileSync(join(temp, 'node_modules', name, 'LICENSE'), join(FONTS, `${as}.OFL.txt`))
}

async function subset(name, font, as, text) {
  const bytes = await subsetFont(readFileSync(file(name, font)), text, { targetFormat: 'woff2' })
  writeFileSync(join(FONTS, `${as}.woff2`), bytes)
  console.log(`${as}: ${(bytes.length / 1024).toFixed(1)} kB`)
}

function isChinese(char) {
  return char >= '\u2e80'
}
