// Every feature of the panel, one line each; the shell, the router and ⌘K read them from here.
export { home } from '../features/home/home.pages.ts'
export { people } from '../features/people/people.pages.ts'
export { audit } from '../features/audit/audit.pages.ts'
export { settings } from '../features/settings/settings.pages.ts'
export { doctor } from '../features/doctor/doctor.pages.ts'
export { sync } from '../features/sync/sync.pages.ts'
export { content } from '../features/content/content.pages.ts'
export { replyImport } from '../features/reply-import/reply-import.pages.ts'
