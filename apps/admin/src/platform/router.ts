import { createRouter, createWebHistory } from 'vue-router'

/** Every page is a chunk of its own; the first one that is opened is the only one that is loaded. */
export function createAdminRouter() {
  return createRouter({
    history: createWebHistory('/admin/'),
    routes: [
      { path: '/sign-in', name: 'sign-in', component: () => import('../features/sign-in/SignInPage.vue') },
      {
        path: '/',
        component: () => import('./AdminShell.vue'),
        children: [{ path: '', name: 'home', component: () => import('../features/home/HomePage.vue') }],
      },
      { path: '/:rest(.*)*', redirect: { name: 'home' } },
    ],
  })
}
