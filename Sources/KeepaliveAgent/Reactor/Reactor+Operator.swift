// SPDX-License-Identifier: Apache-2.0

package import KeepaliveEngine
import Transfer

extension Reactor {
    /// Disables a backend by hand, for so long or until it is enabled.
    package func disable(_ backend: BackendIndex, for time: Duration?) {
        feed(.disable(backend, until: time.map { clock.now() + $0 }))
        executor.wake()
    }

    /// Enables a backend by hand.
    package func enable(_ backend: BackendIndex) {
        feed(.enable(backend))
        executor.wake()
    }

    /// Calls one session of a backend now and tells what came of it; nil when there is none that could be called, or when
    /// nothing came of it within the limit.
    package func probe(_ backend: BackendIndex, within limit: Duration) async -> ProbeFinding? {
        guard !isStopping, let session = engine.probeTarget(of: backend) else { return nil }
        lastProbe += 1
        let number = lastProbe
        return await withCheckedContinuation { continuation in
            probes[session, default: [:]][number] = continuation
            let timeLimit = Task {
                // Ends early when the probe does.
                try? await Task.sleep(for: limit)
                giveUpProbe(number, of: session)
            }
            probeLimits[number] = timeLimit
            feed(.probe(backend))
            executor.wake()
        }
    }

    /// Whoever waits for a call of this session is told what came of it.
    func resumeProbes(of session: SessionHandle, _ outcome: Outcome, at moment: Recording.Moment) {
        guard !probes.isEmpty, let waiting = probes.removeValue(forKey: session) else { return }
        let finding = ProbeFinding(reason: outcome.reason, latency: moment.trace?.record?.duration)
        for (number, continuation) in waiting {
            probeLimits.removeValue(forKey: number)?.cancel()
            continuation.resume(returning: outcome.reason == .cancelled ? nil : finding)
        }
    }

    /// All that wait for a call get nothing.
    func giveUpProbes() {
        for session in probes.keys { giveUpProbes(of: session) }
    }

    /// All that wait for a call of this session get nothing: it did not come to one.
    func giveUpProbes(of session: SessionHandle) {
        guard !probes.isEmpty, let waiting = probes[session] else { return }
        for number in waiting.keys { giveUpProbe(number, of: session) }
    }

    private func giveUpProbe(_ number: UInt64, of session: SessionHandle) {
        probeLimits.removeValue(forKey: number)?.cancel()
        guard let continuation = probes[session]?.removeValue(forKey: number) else { return }
        if probes[session]?.isEmpty ?? false { probes[session] = nil }
        continuation.resume(returning: nil)
    }
}
