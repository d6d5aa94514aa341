import { bad, ok, type Result } from '../base/result.ts'

/** Integer arithmetic of `$(( ))`: + - * / % ** comparisons, && || !, parentheses, names of variables. */

const BINARY: readonly (readonly [string, number, (a: number, b: number) => number])[] = [
  ['||', 1, (a, b) => Number(a !== 0 || b !== 0)],
  ['&&', 2, (a, b) => Number(a !== 0 && b !== 0)],
  ['==', 3, (a, b) => Number(a === b)],
  ['!=', 3, (a, b) => Number(a !== b)],
  ['<=', 4, (a, b) => Number(a <= b)],
  ['>=', 4, (a, b) => Number(a >= b)],
  ['<', 4, (a, b) => Number(a < b)],
  ['>', 4, (a, b) => Number(a > b)],
  ['+', 5, (a, b) => a + b],
  ['-', 5, (a, b) => a - b],
  ['**', 7, (a, b) => a ** b],
  ['*', 6, (a, b) => a * b],
  ['/', 6, (a, b) => Math.trunc(a / b)],
  ['%', 6, (a, b) => a % b],
]
const UNARY_BINDS = 8
const LENGTH_LIMIT = 1000

/** Value of an expression; the error is what bash prints after `bash: `. */
export function evaluate(expression: string, valueOf: (name: string) => string): Result<number> {
  if (expression.length > LENGTH_LIMIT) return bad('vipscope: the expression is too long')
  const tokens = expression.match(/\*\*|&&|\|\||[=!<>]=|[-+*/%<>!()]|\d+|\$?[A-Za-z_]\w*|\S/g) ?? []
  let at = 0
  let mistake = ''

  function operand(): number {
    const token = tokens[at++]
    if (token === '(') {
      const value = binary(0)
      if (tokens[at++] !== ')') mistake ||= `${expression}: missing \`)'`
      return value
    }
    if (token === '-') return -binary(UNARY_BINDS)
    if (token === '+') return binary(UNARY_BINDS)
    if (token === '!') return Number(binary(UNARY_BINDS) === 0)
    if (token !== undefined && /^\d/.test(token)) return Number(token)
    if (token !== undefined && /^\$?[A-Za-z_]/.test(token)) {
      const value = valueOf(token.replace('$', '')).trim()
      return /^-?\d+$/.test(value) ? Number(value) : 0
    }
    mistake ||= `${expression}: syntax error: operand expected (error token is "${token ?? ''}")`
    return 0
  }

  function binary(least: number): number {
    let left = operand()
    for (;;) {
      const found = BINARY.find(([op]) => op === tokens[at])
      if (!found || found[1] <= least || mistake !== '') return left
      at++
      const right = binary(found[1])
      if ((found[0] === '/' || found[0] === '%') && right === 0) mistake ||= `${expression}: division by 0`
      left = mistake === '' ? found[2](left, right) : 0
    }
  }

  if (tokens.length === 0) return ok(0)
  const value = binary(0)
  if (mistake === '' && at < tokens.length)
    mistake = `${expression}: syntax error in expression (error token is "${tokens[at] ?? ''}")`
  if (mistake !== '') return bad(mistake)
  return Number.isSafeInteger(value)
    ? ok(value === 0 ? 0 : value)
    : bad(`${expression}: the value is too large`)
}
