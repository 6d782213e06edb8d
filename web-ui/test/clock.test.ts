import { afterEach, expect, test, vi } from 'vitest'
import { now, startClock } from '@/live/clock'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('moves once it is started, while somebody looks, and is right at once when they look again', () => {
  vi.useFakeTimers()
  const before = now.value
  vi.setSystemTime(before + 60_000)
  vi.advanceTimersByTime(5_000)
  expect(now.value).toBe(before)

  startClock()
  vi.advanceTimersByTime(1_000)
  expect(now.value).toBe(before + 66_000)

  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  vi.advanceTimersByTime(10_000)
  expect(now.value).toBe(before + 66_000)

  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  expect(now.value).toBe(before + 76_000)
})
