import type { Right } from '@guidebar/contracts'
import { createRouter, createWebHistory } from 'vue-router'

import { pages } from './features.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** The right without which the page is not opened. */
    can?: Right
    titleKey?: string
  }
}

/** Every page is a chunk of its own; the first one that is opened is the only one that is loaded. */
export function createAdminRouter() {
  return createRouter({
    history: createWebHistory('/admin/'),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
    routes: [
      { path: '/sign-in', name: 'sign-in', component: () => import('../features/sign-in/SignInPage.vue') },
      { path: '/signed-in', name: 'signed-in', component: () => import('../features/sign-in/SignedInPage.vue') },
      { path: '/set-up', name: 'set-up', component: () => import('../features/set-up/SetUpPage.vue') },
      {
        path: '/',
        component: () => import('./AdminShell.vue'),
        children: [
          ...pages.map(({ path, name, component, can, nav }) => ({
            path,
            name,
            component,
            meta: { can, titleKey: nav?.titleKey },
          })),
          { path: ':rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue') },
        ],
      },
    ],
  })
}
