import { setTimeout as sleep } from 'node:timers/promises'

import { connectMongo } from '@guidebar/mongo'
import { systemClock } from '@guidebar/server/platform/deps'
import { createJobs } from '@guidebar/server/platform/jobs/jobs'

export type JobWorkerInput = { mongoUri: string; name: string; workMs: number }

type Log = Parameters<typeof createJobs>[0]['log']
const say = (...words: unknown[]) => console.error(JSON.stringify(words))
const quiet = () => undefined
const log = { info: quiet, warn: say, error: say } as unknown as Log

const { mongoUri, name, workMs } = JSON.parse(process.argv[2] ?? '{}') as JobWorkerInput
const db = await connectMongo(mongoUri, 'guidebar')
const jobs = createJobs({ db, clock: systemClock, log, holder: name })
const results = db.collection('drillResults')

jobs.define<{ number: number }>('drill', {
  concurrency: 8,
  maxTries: 20,
  async handler({ number }, ctx) {
    await db.collection('drillBegun').insertOne({ number, by: name, at: new Date() })
    await sleep(workMs)
    // What the job does is one guarded write: whoever lost the job, or comes a second time, writes nothing.
    const isWritten = await ctx.guardedUpdate(results, { _id: number, done: null }, { done: true, by: name })
    await db.collection(isWritten ? 'drillWritten' : 'drillRefused').insertOne({ number, by: name, at: new Date() })
  },
})
jobs.start()
console.log('WORKER_READY {}')
