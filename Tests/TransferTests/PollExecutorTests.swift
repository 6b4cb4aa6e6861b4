// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import Transfer

/// The executor as such, without transfers.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct PollExecutorTests {
    @Test func `many tasks enter the actor one at a time and on its thread`() async throws {
        try await TransferActor.run { actor in
            let counter = Counter(executor: actor.executor)
            await withTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        for _ in 0..<100 { await counter.increment() }
                    }
                }
            }
            #expect(await counter.value == 10_000)
            #expect(await actor.isOnExecutor())
            #expect(actor.executor.isIsolatingCurrentContext() == false)
        }
    }

    @Test func `jobs that are enqueued before the start run afterwards`() async throws {
        let executor = PollExecutor(name: "late")
        let counter = Counter(executor: executor)
        let task = Task { await counter.increment() }
        executor.start { nil }
        await task.value
        #expect(await counter.value == 1)
        executor.stop()
    }

    @Test func `stopping loses no job`() async throws {
        // Often, because a job has to arrive at just the wrong moment to be lost.
        for _ in 0..<200 {
            let executor = PollExecutor(name: "stopping")
            let counter = Counter(executor: executor)
            executor.start { nil }
            await withTaskGroup { group in
                for number in 0..<50 {
                    group.addTask {
                        if number == 25 { executor.stop() }
                        await counter.increment()
                    }
                }
            }
            #expect(await counter.value == 50)
        }
    }

    @Test func `jobs run even on an executor that was stopped before it started`() async throws {
        let executor = PollExecutor(name: "never")
        let counter = Counter(executor: executor)
        executor.stop()
        await counter.increment()
        #expect(await counter.value == 1)
        #expect(executor.hasStopped)
        executor.start { nil }
        await counter.increment()
        #expect(await counter.value == 2)
    }

    @Test func `a wake-up makes it turn although it may wait forever`() async throws {
        let executor = PollExecutor(name: "waking")
        let turns = AsyncStream.makeStream(of: Void.self)
        executor.start {
            turns.continuation.yield()
            return nil
        }
        var iterator = turns.stream.makeAsyncIterator()
        await iterator.next()
        for _ in 0..<100 {
            executor.wake()
            await iterator.next()
        }
        executor.stop()
    }

    @Test func `it waits as long as the turn says`() async throws {
        let executor = PollExecutor(name: "waiting")
        let turns = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        executor.start {
            turns.continuation.yield(.now)
            return .microseconds(20_500)
        }
        var iterator = turns.stream.makeAsyncIterator()
        var last = await iterator.next()
        for _ in 0..<5 {
            let next = await iterator.next()
            if let last, let next { #expect(last.duration(to: next) >= .microseconds(20_500)) }
            last = next
        }
        executor.stop()
    }

    @Test func `a stopped executor lets go of what it turned`() async throws {
        let executor = PollExecutor(name: "releasing")
        let released = AsyncStream.makeStream(of: Void.self)
        let token = Token { released.continuation.finish() }
        executor.start { [token] in
            withExtendedLifetime(token) { nil }
        }
        executor.stop()
        _ = consume token
        for await _ in released.stream {}
    }
}

private actor Counter {
    nonisolated let executor: PollExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
    private(set) var value = 0

    init(executor: PollExecutor) {
        self.executor = executor
    }

    func increment() {
        // Two steps, so that jobs at the same time would lose some.
        let old = value
        value = old + 1
        if executor.isIsolatingCurrentContext() != true { value = -1_000_000 }
    }
}

private final class Token: Sendable {
    private let onRelease: @Sendable () -> Void

    init(onRelease: @escaping @Sendable () -> Void) {
        self.onRelease = onRelease
    }

    deinit {
        onRelease()
    }
}
