import { describe, expect, test } from 'vitest'
import { WecomError, WecomUnavailable } from './errors.ts'
import { createRefusalLatch } from './limits/refusal-latch.ts'
import { createMemoryStates } from './limits/shared-states.ts'
import { createManualClock } from './test-support/manual-clock.ts'
import { createTokenSource, type FetchedToken } from './token-source.ts'
import { createMemoryTokenStore, type TokenStore } from './token-store.ts'

const key = 'access-token:ww5:1000014'
const HOUR = 3_600_000

/** WeCom's side: the same token while it lives, a new one after. */
function createIssuer({ expiresInSec = 7200, delayMs = 0 } = {}) {
  let issued = 0
  let current: string | null = null
  const issuer = {
    fetches: 0,
    revoke: () => {
      current = null
    },
    fetchToken: async (): Promise<FetchedToken> => {
      issuer.fetches += 1
      if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs))
      current ??= `token-${(issued += 1)}`
      return { value: current, expiresInSec }
    },
  }
  return issuer
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 10))

describe('one fetch', () => {
  test('50 callers of each of 3 processes that share a store make one', async () => {
    const store = createMemoryTokenStore()
    const issuer = createIssuer({ delayMs: 30 })
    const processes = [1, 2, 3].map(() => createTokenSource({ store, key, fetchToken: issuer.fetchToken }))

    const tokens = await Promise.all(processes.flatMap((source) => Array.from({ length: 50 }, () => source.get())))

    expect(issuer.fetches).toBe(1)
    expect(new Set(tokens)).toEqual(new Set(['token-1']))
  })

  test('a killed fetcher is replaced when its lease ends', async () => {
    const clock = createManualClock()
    const store = createMemoryTokenStore({ clock })
    await store.tryLease(key, 'killed', 5_000)
    const issuer = createIssuer()
    const source = createTokenSource({ store, key, fetchToken: issuer.fetchToken, clock })

    await expect(source.get()).resolves.toBe('token-1')
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(5_000)
    expect(clock.monotonicMs()).toBeLessThan(7_000)
  })

  test('a lease that never ends gives a typed error', async () => {
    const clock = createManualClock()
    const store: TokenStore = { ...createMemoryTokenStore({ clock }), tryLease: async () => null }
    const source = createTokenSource({ store, key, fetchToken: createIssuer().fetchToken, clock })

    await expect(source.get()).rejects.toMatchObject({ reason: 'token-wait', outcome: 'not-sent' })
  })

  test('a fetcher that was overtaken takes the newer token', async () => {
    const clock = createManualClock()
    const store = createMemoryTokenStore({ clock })
    const source = createTokenSource({
      store,
      key,
      clock,
      fetchToken: async () => {
        clock.advance(6_000)
        const { fence } = (await store.tryLease(key, 'other', 5_000))!
        await store.write(key, fence, { value: 'newer', expiresInMs: 2 * HOUR, lifetimeMs: 2 * HOUR })
        return { value: 'older', expiresInSec: 7200 }
      },
    })

    await expect(source.get()).resolves.toBe('newer')
    expect(await store.read(key)).toMatchObject({ value: 'newer' })
  })

  test('a fetch that failed holds up no other process', async () => {
    const clock = createManualClock()
    const store = createMemoryTokenStore({ clock })
    const failing = createTokenSource({
      store,
      key,
      clock,
      fetchToken: () =>
        Promise.reject(new WecomUnavailable({ reason: 'timeout', outcome: 'unknown', path: 'gettoken' })),
    })
    await failing.get().catch(() => undefined)

    await expect(createTokenSource({ store, key, clock, fetchToken: createIssuer().fetchToken }).get()).resolves.toBe(
      'token-1',
    )

    expect(clock.slept).toEqual([])
  })

  test('after a failed fetch the next caller tries again', async () => {
    let turn = 0
    const source = createTokenSource({
      store: createMemoryTokenStore(),
      key,
      fetchToken: async () => {
        turn += 1
        if (turn === 1) throw new WecomUnavailable({ reason: 'timeout', outcome: 'unknown', path: 'gettoken' })
        return { value: 'token', expiresInSec: 7200 }
      },
    })

    await expect(source.get()).rejects.toMatchObject({ reason: 'timeout' })
    await expect(source.get()).resolves.toBe('token')
  })
})

describe('refresh', () => {
  test('at 80 % of its life a token is refreshed while the old one still serves', async () => {
    const clock = createManualClock()
    const store = createMemoryTokenStore({ clock })
    const issuer = createIssuer()
    const source = createTokenSource({ store, key, fetchToken: issuer.fetchToken, clock, random: () => 0 })
    await source.get()

    clock.advance(7_200_000 * 0.79)
    await source.get()
    expect(issuer.fetches).toBe(1)

    clock.advance(7_200_000 * 0.02)
    issuer.revoke()
    await expect(source.get()).resolves.toBe('token-1')
    await settle()

    expect(issuer.fetches).toBe(2)
    await expect(source.get()).resolves.toBe('token-2')
  })

  test('other processes take the refreshed token over instead of fetching again', async () => {
    const clock = createManualClock()
    const store = createMemoryTokenStore({ clock })
    const issuer = createIssuer()
    const processes = [1, 2, 3].map(() =>
      createTokenSource({ store, key, fetchToken: issuer.fetchToken, clock, random: () => 0 }),
    )
    for (const source of processes) await source.get()

    clock.advance(7_200_000 * 0.81)
    for (const source of processes) {
      await source.get()
      await settle()
    }

    expect(issuer.fetches).toBe(2)
  })

  test('a failing refresh is not repeated at once, and the old token serves to its end', async () => {
    const clock = createManualClock()
    let fetches = 0
    const source = createTokenSource({
      store: createMemoryTokenStore({ clock }),
      key,
      clock,
      random: () => 0,
      fetchToken: async () => {
        fetches += 1
        if (fetches > 1) throw new WecomUnavailable({ reason: 'connect', outcome: 'not-sent', path: 'gettoken' })
        return { value: 'token', expiresInSec: 7200 }
      },
    })
    await source.get()
    clock.advance(7_200_000 * 0.85)

    for (let call = 0; call < 20; call++) {
      await expect(source.get()).resolves.toBe('token')
      await settle()
    }
    expect(fetches).toBe(2)

    clock.advance(7_200_000 * 0.2)
    await expect(source.get()).rejects.toMatchObject({ reason: 'connect' })
  })
})

describe('a token that WeCom refuses', () => {
  test('is forgotten once, however many callers say so', async () => {
    const issuer = createIssuer()
    const store = createMemoryTokenStore()
    const processes = [1, 2].map(() => createTokenSource({ store, key, fetchToken: issuer.fetchToken }))
    const old = await Promise.all(processes.map((source) => source.get()))
    issuer.revoke()

    const tokens = await Promise.all(
      Array.from({ length: 50 }, async (_, caller) => {
        const source = processes[caller % 2]!
        await source.reject(old[caller % 2]!)
        return source.get()
      }),
    )

    expect(new Set(tokens)).toEqual(new Set(['token-2']))
    expect(issuer.fetches).toBe(2)
  })

  test('late news about an old token leaves the new one alone', async () => {
    const issuer = createIssuer()
    const source = createTokenSource({ store: createMemoryTokenStore(), key, fetchToken: issuer.fetchToken })
    const old = await source.get()
    issuer.revoke()
    await source.reject(old)
    await source.get()

    await expect(source.reject(old)).resolves.toBe(true)

    await expect(source.get()).resolves.toBe('token-2')
    expect(issuer.fetches).toBe(2)
  })

  test('when its replacement is refused too, fetching stops for a minute', async () => {
    const clock = createManualClock()
    const issuer = createIssuer()
    const source = createTokenSource({
      store: createMemoryTokenStore({ clock }),
      key,
      fetchToken: issuer.fetchToken,
      clock,
    })
    await source.reject(await source.get())
    issuer.revoke()
    const second = await source.get()

    for (let call = 0; call < 10; call++) await expect(source.reject(second)).resolves.toBe(false)
    expect(issuer.fetches).toBe(2)

    clock.advance(61_000)
    issuer.revoke()
    await expect(source.reject(second)).resolves.toBe(true)
    await expect(source.get()).resolves.toBe('token-3')
  })

  test('a replacement that worked may be refused later like any other', async () => {
    const issuer = createIssuer()
    const source = createTokenSource({ store: createMemoryTokenStore(), key, fetchToken: issuer.fetchToken })
    issuer.revoke()
    await source.reject(await source.get())
    const second = await source.get()
    source.confirm(second)
    issuer.revoke()

    await expect(source.reject(second)).resolves.toBe(true)
  })
})

describe('a set-up that WeCom refuses', () => {
  function start(errcode: number) {
    const clock = createManualClock()
    const states = createMemoryStates({ clock })
    const store = createMemoryTokenStore({ clock })
    let fetches = 0
    const startProcess = (secret: string) =>
      createTokenSource({
        store,
        key,
        clock,
        latch: createRefusalLatch({ states, name: key, secret }),
        fetchToken: async () => {
          fetches += 1
          if (secret === 'right') return { value: 'token', expiresInSec: 7200 }
          throw new WecomError({ errcode, errmsg: 'invalid credential', path: 'gettoken' })
        },
      })
    return { clock, startProcess, fetches: () => fetches }
  }

  test('a wrong secret is tried 3 times by three processes in 10 minutes, and then rests until it is changed', async () => {
    const { clock, startProcess, fetches } = start(40001)
    const processes = [startProcess('wrong'), startProcess('wrong'), startProcess('wrong')]
    const demand = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 5) {
        for (const source of processes) {
          await expect(source.get()).rejects.toMatchObject({ errcode: 40001, configuration: true })
        }
        clock.advance(5_000)
      }
    }

    await demand(600)
    expect(fetches()).toBe(3)
    await demand(3 * 3_600)
    expect(fetches()).toBe(3)

    await expect(startProcess('right').get()).resolves.toBe('token')
  })

  test('what does not lie in the secret is looked at again after 10 minutes', async () => {
    const { clock, startProcess, fetches } = start(60020)
    const source = startProcess('wrong')
    for (let second = 0; second < 595; second++) {
      await expect(source.get()).rejects.toMatchObject({ errcode: 60020 })
      clock.advance(1_000)
    }
    expect(fetches()).toBe(3)

    clock.advance(60_000)
    await expect(source.get()).rejects.toMatchObject({ errcode: 60020 })

    expect(fetches()).toBe(4)
  })

  test('a process that somebody starts later tries a stopped secret once', async () => {
    const { clock, startProcess, fetches } = start(40001)
    const source = startProcess('wrong')
    for (let turn = 0; turn < 10; turn++) {
      await source.get().catch(() => undefined)
      clock.advance(31_000)
    }
    clock.advance(600_000)
    await source.get().catch(() => undefined)
    expect(fetches()).toBe(3)

    const restarted = startProcess('wrong')
    for (let turn = 0; turn < 10; turn++) {
      await restarted.get().catch(() => undefined)
      clock.advance(700_000)
    }

    expect(fetches()).toBe(4)
  })
})
