import type { ClientReport } from '@guidebar/contracts'
import { trusted, type Connection } from 'mongoose'

import type { Found } from './check.ts'
import { clientReportModel, doctorProbeModel, doctorReportModel, type ClientReportRow } from './client-report.model.ts'

const keptMs = 7 * 24 * 3_600_000
const probeLifeMs = 60_000
const shown = 20

/** What the panel told about itself, and the questions we ask our own public address. */
export function createDoctorRepository(db: Connection) {
  const reports = clientReportModel(db)
  const probes = doctorProbeModel(db)
  const looks = doctorReportModel(db)

  return {
    async addReport(corpId: string, report: ClientReport, at: Date): Promise<void> {
      await reports.create({ ...report, corpId, at })
    },

    listReports: (corpId: string): Promise<ClientReportRow[]> =>
      reports.find({ corpId }).sort({ at: -1 }).limit(shown).lean<ClientReportRow[]>().exec(),

    async keepLook(found: Found[]): Promise<void> {
      await looks.updateOne({ _id: 'all' }, { $set: { found } }, { upsert: true }).exec()
    },

    async lastLook(): Promise<Found[]> {
      return (await looks.findById('all').lean<{ found: Found[] }>().exec())?.found ?? []
    },

    async expectProbe(word: string, now: Date): Promise<void> {
      await probes.create({ _id: word, endsAt: new Date(now.getTime() + probeLifeMs) })
    },

    /** Notes what the server saw. @returns whether somebody expects this word */
    async noteProbe(word: string, seen: { host: string; scheme: string }): Promise<boolean> {
      return (await probes.updateOne({ _id: word }, { $set: seen }).exec()).matchedCount === 1
    },

    /** Whether we ask a question with this word at the moment; each is good once. */
    async takeQuestion(word: string): Promise<boolean> {
      return (await probes.deleteOne({ _id: word }).exec()).deletedCount === 1
    },

    async takeProbe(word: string): Promise<{ host: string; scheme: string } | null> {
      const row = await probes.findOneAndDelete({ _id: word }).lean<{ host?: string; scheme?: string }>().exec()
      return row?.host && row.scheme ? { host: row.host, scheme: row.scheme } : null
    },

    async sweep(now: Date): Promise<void> {
      await Promise.all([
        reports.deleteMany({ at: trusted({ $lt: new Date(now.getTime() - keptMs) }) }).exec(),
        probes.deleteMany({ endsAt: trusted({ $lt: now }) }).exec(),
      ])
    },
  }
}

export type DoctorRepository = ReturnType<typeof createDoctorRepository>
