import ts from 'typescript'
import { lineOf } from './sources.ts'
import type { Source } from './sources.ts'
import {
  BANNED_MEMBERS,
  BANNED_WORDS,
  BANS,
  LONG_FUNCTIONS,
  MAX_FUNCTION_LINES,
  MAX_LINES,
} from './tidy-rules.ts'
import type { Ban } from './tidy-rules.ts'

const TEST = /\.test\.tsx?$/
const isUnder = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => path.startsWith(`${folder}/`))

/** Banned names that code uses, `file:line name: use …`. Tests may; comments and strings do not count. */
export function bannedUses(source: Source): string[] {
  if (TEST.test(source.path)) return []
  const bans = BANS.filter((ban) => isUnder(source.path, ban.where))
  const members = BANNED_MEMBERS.filter((ban) => isUnder(source.path, ban.where))
  if (bans.length + members.length === 0) return []
  const own = declaredNames(source.ast)
  return collect(source.ast, (node) => {
    const ban = bannedGlobal(node, bans, own) ?? bannedMember(node, members)
    return ban ? [`${source.path}:${lineOf(source.ast, node)} ${ban.name}: use ${ban.use}`] : []
  })
}

function bannedGlobal(node: ts.Node, bans: readonly Ban[], own: ReadonlySet<string>): Ban | undefined {
  if (!ts.isIdentifier(node) || own.has(node.text) || !isFreeName(node)) return undefined
  const { parent } = node
  const isNew = ts.isNewExpression(parent) && parent.expression === node && !parent.arguments?.length
  const member = ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : ''
  const names = [node.text, `${node.text}.${member}`, ...(isNew ? [`new ${node.text}()`] : [])]
  return bans.find((ban) => names.includes(ban.name))
}

function bannedMember(node: ts.Node, bans: readonly Ban[]): Ban | undefined {
  if (ts.isJsxAttribute(node)) return bans.find((ban) => ban.name === node.name.getText())
  if (ts.isPropertyAccessExpression(node)) return bans.find((ban) => ban.name === node.name.text)
  return undefined
}

/** True for a name that stands for a value by itself: not `x.name`, not `{ name: … }`, not a type. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  return (
    !ts.isTypeElement(parent) &&
    !ts.isTypeReferenceNode(parent) &&
    !ts.isQualifiedName(parent) &&
    !isTypeName(node)
  )
}

function isTypeName(node: ts.Identifier): boolean {
  const { parent } = node
  return ts.isLiteralTypeNode(parent) || ts.isNamedTupleMember(parent) || ts.isJsxAttribute(parent)
}

function declaredNames(ast: ts.SourceFile): Set<string> {
  const names = collect(ast, (node) => {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isBindingElement(node) ||
      ts.isImportSpecifier(node)
    return isDeclaration && node.name && ts.isIdentifier(node.name) ? [node.name.text] : []
  })
  return new Set(names)
}

function collect<T>(ast: ts.SourceFile, at: (node: ts.Node) => readonly T[]): T[] {
  const found: T[] = []
  const visit = (node: ts.Node): void => {
    found.push(...at(node))
    ts.forEachChild(node, visit)
  }
  visit(ast)
  return found
}

export function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

/** A file that is longer than it may be. Content and the words of the interface are prose: as long as they need. */
export function tooLong(path: string, text: string): string[] {
  if (isUnder(path, ['src/content', 'src/i18n'])) return []
  const limit = TEST.test(path) ? MAX_LINES.test : MAX_LINES.code
  const lines = countLines(text)
  return lines > limit ? [`${path} has ${lines} lines, at most ${limit}: split it by subject`] : []
}

/** Functions over the limit that are not on the list, have grown, or could be taken off it. Tests are free. */
export function longFunctions(
  source: Source,
  known: Readonly<Record<string, number>> = LONG_FUNCTIONS,
): string[] {
  if (TEST.test(source.path)) return []
  const lengths = collect(source.ast, (node) => (isFunction(node) ? [measure(source, node)] : []))
  return lengths.flatMap(({ id, line, lines }) => {
    const limit = known[id] ?? MAX_FUNCTION_LINES
    if (lines > limit) return [`${id} (line ${line}) has ${lines} lines, at most ${limit}: split it`]
    return id in known && lines < limit
      ? [`${id} has shrunk to ${lines} lines: say so in LONG_FUNCTIONS`]
      : []
  })
}

type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration

function isFunction(node: ts.Node): node is FunctionNode {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node)
  )
}

function measure(source: Source, node: FunctionNode): { id: string; line: number; lines: number } {
  const line = lineOf(source.ast, node)
  const end = source.ast.getLineAndCharacterOfPosition(node.getEnd()).line + 1
  const named =
    ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent)
      ? node.parent.name
      : node.name
  const name = named?.getText() ?? 'anonymous'
  const inner = /^(create|make)[A-Z]/.test(name) ? innerLines(source, node) : 0
  return { id: `${source.path}#${name}`, line, lines: end - line + 1 - inner }
}

/** Lines of the functions that stand in the body of a factory, which is a scope more than a procedure. */
function innerLines(source: Source, factory: ts.Node): number {
  let lines = 0
  const visit = (node: ts.Node): void => {
    if (node === factory || !isFunction(node)) return ts.forEachChild(node, visit)
    const end = source.ast.getLineAndCharacterOfPosition(node.getEnd()).line + 1
    lines += end - lineOf(source.ast, node)
  }
  visit(factory)
  return lines
}

/** Words that do not belong into the project, in code, comments, pages and documents alike. */
export function bannedWords(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    BANNED_WORDS.flatMap(({ pattern, why }) => {
      const match = pattern.exec(line)
      return match ? [`${path}:${index + 1} "${match[0]}": ${why}`] : []
    }),
  )
}

/** Names that say nothing, default exports, and files that only pass on what others export. */
export function badNames(source: Source): string[] {
  const file = source.path.slice(source.path.lastIndexOf('/') + 1)
  const found: string[] = []
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.tsx?$/.test(file))
    found.push(`${source.path}: name it in kebab-case`)
  if (/^(utils?|helpers?|misc|common)\./.test(file)) found.push(`${source.path}: name it by the noun inside`)
  if (isBarrel(source.ast) && !/^src\/(core\/)?[a-z0-9]+\/index\.ts$/.test(source.path))
    found.push(`${source.path}: import the files that have it; only a top folder has such an index`)
  const defaults = collect(source.ast, (node) => (isDefaultExport(node) ? [lineOf(source.ast, node)] : []))
  return [...found, ...defaults.map((line) => `${source.path}:${line} export it by name`)]
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword)
  )
}

function isBarrel(ast: ts.SourceFile): boolean {
  const passesOn = ast.statements.filter((statement) => ts.isExportDeclaration(statement))
  return (
    passesOn.length > 0 && ast.statements.every((s) => ts.isExportDeclaration(s) || ts.isImportDeclaration(s))
  )
}
