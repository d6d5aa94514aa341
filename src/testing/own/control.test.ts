import { compareOwn } from './compare-own.ts'
import { CONTROL_LABS } from './labs.ts'

compareOwn(CONTROL_LABS)
