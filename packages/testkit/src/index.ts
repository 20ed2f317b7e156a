export { findFreePort } from './ports.ts'
export { passWecom, signIn } from './sign-in.ts'
export { test, type WorldFixtures } from './test.ts'
export { createTestBrowser, type RequestOptions, type TestBrowser, type TestResponse } from './test-browser.ts'
export { createTestClock, type TestClock } from './test-clock.ts'
export {
  startWorld,
  type FollowInput,
  type TestCustomer,
  type TestGuide,
  type World,
  type WorldOptions,
} from './world.ts'
