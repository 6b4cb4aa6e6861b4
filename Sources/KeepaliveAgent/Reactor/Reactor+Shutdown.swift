// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine
import Telemetry
import Transfer

extension Reactor {
    /// How many DELETEs of one backend are under way at once; never more than it may have connections.
    static let closingWidth = 16

    /// Stops for good: aborts what is in flight, DELETEs the owned sessions, ends the thread.
    ///
    /// - Parameter limit: how long closing the sessions may take in all; what is not closed by then expires by itself.
    package func shutdown(within limit: Duration) async {
        guard !isStopping else { return }
        isStopping = true
        feed(.shutdown)
        let deadline = ContinuousClock.now + limit
        let timeLimit = Task { [executor] in
            try? await Task.sleep(until: deadline)
            if !Task.isCancelled { executor.stop() }
        }
        let openings = Array(openings.values)
        await withTaskGroup(of: Void.self) { group in
            for (backend, owned) in sessions.owned {
                group.addTask { await self.close(owned, on: backend, by: deadline) }
            }
            // A session that is just being opened is closed as soon as its id is known.
            for opening in openings { group.addTask { await opening.value } }
        }
        timeLimit.cancel()
        recordSummaries(all: true)
        for waiter in lockWaiters.values { waiter.resume(returning: false) }
        lockWaiters.removeAll()
        giveUpProbes()
        feed?.finish()
        ended?.finish()
        executor.stop()
    }

    private func close(_ owned: [SessionHandle], on backend: BackendIndex, by deadline: ContinuousClock.Instant) async {
        let width = min(Self.closingWidth, backends[Int(backend)].endpoint.options.maxConnections)
        for start in stride(from: 0, to: owned.count, by: width) {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return }
            var closings: [Task<Void, Never>] = []
            for handle in owned[start..<min(start + width, owned.count)] {
                closings.append(Task { await self.close(handle, on: backend, within: left) })
            }
            for closing in closings { await closing.value }
        }
    }
}
