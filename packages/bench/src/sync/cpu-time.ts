import { readFileSync } from 'node:fs'

/** Seconds of processor time that a process has used so far; NaN where the system does not tell. */
export function cpuSecondsOf(pid: number | undefined): number {
  if (!pid) return NaN
  try {
    // The second field, the name, may hold blanks; user and system time are the 12th and 13th after it, in 1/100 s.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return NaN
  }
}
