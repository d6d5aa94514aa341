/** Writes `public/lab.schema.json` from the schema that the program itself checks labs with. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { toJsonSchema } from '@valibot/to-json-schema'
import { LabSchema } from '../core/lab/schema.ts'

export const SCHEMA_PATH = fileURLToPath(new URL('../../public/lab.schema.json', import.meta.url))

/** The text of the file: JSON schema (draft 7) of what a lab file may hold, defaults not filled in. */
export function schemaText(): string {
  const schema = toJsonSchema(LabSchema, { typeMode: 'input', errorMode: 'ignore' })
  return `${JSON.stringify({ title: 'VipScope lab, version 1', ...schema }, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(dirname(SCHEMA_PATH), { recursive: true })
  writeFileSync(SCHEMA_PATH, schemaText())
}
