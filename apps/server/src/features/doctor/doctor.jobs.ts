import type { Jobs } from '../../platform/jobs/jobs.ts'
import type { DoctorService } from './doctor.service.ts'

/** Long enough for the server to be reached by its public address. */
const firstAfterMs = 10_000

/** Everything is looked over soon after the start and four times an hour, so that the home page knows what is wrong before anybody asks. */
export async function defineDoctorJob(jobs: Jobs, doctor: Pick<DoctorService, 'examine'>): Promise<void> {
  jobs.define('doctor', {
    async handler() {
      await doctor.examine({})
    },
    concurrency: 1,
  })
  jobs.schedule('doctor', '*/15 * * * *')
  await jobs.enqueue('doctor', {}, { key: 'start', runAt: new Date(Date.now() + firstAfterMs) })
}
