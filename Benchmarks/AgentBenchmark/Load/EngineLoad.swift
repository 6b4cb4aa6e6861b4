// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveEngine

/// Runs the rules alone, in virtual time: each call is answered 1 ms later, and nothing else takes any.
struct EngineLoad: Encodable {
    let sessions: Int
    let keepalives: Int
    /// Processor time of the rules in nanoseconds: all of them; the ticks, which are the scheduler; the longest tick.
    let nanoseconds: Int
    let tickNanoseconds: Int
    let longestTickNanoseconds: Int

    static func measure(_ options: LoadOptions) -> EngineLoad {
        var policy = BackendPolicy()
        policy.interval = .seconds(options.interval)
        var now = Tick(milliseconds: 1)
        var engine = Engine(policies: [policy], startingAt: now)
        var random = SplitMix64(seed: 1)
        var actions: [Action] = []
        for _ in 0..<options.sessions {
            _ = engine.attach(to: 0, at: now, using: &random, into: &actions)
            actions.removeAll(keepingCapacity: true)
        }
        let end = now + .seconds(2 * options.interval)
        var (keepalives, answers, ticks, longest) = (0, 0, 0, 0)
        var calls: [Attempt] = []
        while let deadline = engine.nextDeadline, deadline < end {
            now = max(deadline, now.advanced(byMilliseconds: 1))
            let start = processorNanoseconds()
            engine.handle(.tick, at: now, using: &random, into: &actions)
            let ticked = processorNanoseconds()
            for case .call(let attempt) in actions { calls.append(attempt) }
            actions.removeAll(keepingCapacity: true)
            now = now.advanced(byMilliseconds: 1)
            let answered = processorNanoseconds()
            for attempt in calls {
                engine.handle(.finished(attempt, .success), at: now, using: &random, into: &actions)
                for case .call(let next) in actions { calls.append(next) }
                actions.removeAll(keepingCapacity: true)
            }
            keepalives += calls.count
            calls.removeAll(keepingCapacity: true)
            answers += processorNanoseconds() - answered
            ticks += ticked - start
            longest = max(longest, ticked - start)
        }
        return EngineLoad(
            sessions: options.sessions,
            keepalives: keepalives,
            nanoseconds: ticks + answers,
            tickNanoseconds: ticks,
            longestTickNanoseconds: longest
        )
    }

    /// What this thread has used: nobody else's time counts.
    private static func processorNanoseconds() -> Int {
        var time = timespec()
        let result = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        precondition(result == 0, "every thread has a clock")
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
