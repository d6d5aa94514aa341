import { compareOwn } from './compare-own.ts'
import { CONTROL_LABS, OWN_LABS } from './labs.ts'

compareOwn(OWN_LABS.filter((own) => !CONTROL_LABS.includes(own)))
