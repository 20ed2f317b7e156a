import { withStage } from '../access/stage.ts'
import { bySize, type Drill } from '../drill.ts'
import { freshStart } from './fresh-start.ts'
import { headers, otherSites } from './headers.ts'
import { signInBoth } from './judge.ts'
import { guessing, limits, signatures } from './limits.ts'
import { csvCells, outgoing } from './outgoing.ts'
import { operators, searches, shapes } from './shapes.ts'
import { cookies, sessionLives, wayIn } from './sign-in.ts'
import { storedText } from './stored-text.ts'

/** A4 to A16: what a hostile browser sends, and what must not come of it. */
export const run: Drill = async (options) =>
  withStage(
    async (stage) => {
      const { size, say } = options
      const session = await signInBoth(stage)
      say('signing in, cookies, headers, other sites …')
      const promises = [...(await wayIn(stage, options)), await cookies(stage), await headers(stage, session)]
      promises.push(await otherSites(stage, session), csvCells(), await signatures(stage, session))
      say('shapes, operators, patterns …')
      promises.push(...(await shapes(stage, session, options)), ...(await operators(stage, session)))
      promises.push(...(await searches(stage, session, options)))
      say('hostile texts on every page, in Chromium …')
      promises.push(...(await storedText(stage, options)))
      say('inner addresses, guessing, limits, a fresh start …')
      promises.push(await outgoing(stage, options))
      promises.push(...(await guessing(stage, bySize(size, { long: 10_000, short: 10_000, test: 100 }))))
      promises.push(await limits(stage.mongoUri), ...(await freshStart(stage, stage.mongoUri)))
      // Last: nobody is signed in any more when a week has gone by.
      promises.push(await sessionLives(stage))
      return { promises: promises.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1))) }
    },
    { customers: 2, fronts: 'built' },
  )
