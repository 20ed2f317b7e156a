// Every feature of the panel, one line each; the shell, the router and ⌘K read them from here.
export { home } from '../features/home/home.pages.ts'
