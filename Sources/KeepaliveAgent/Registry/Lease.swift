// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// For how long a session is wanted. An ended lease stays ended.
struct Lease: Sendable, Hashable {
    /// How long each renewal lasts.
    private(set) var duration: Duration
    /// When it ends unless it is renewed.
    private(set) var expiresAt: Tick
    /// When it ends however often it is renewed.
    let endsAt: Tick
    /// The last time that the session's owner used it, as far as it said so.
    private(set) var lastUse: Tick
    /// How long the owner may not use it.
    private let maxIdle: Duration?

    /// - Parameters:
    ///   - remaining: what is left of it; all of it by default.
    init(
        for duration: Duration,
        remaining: Duration? = nil,
        endsAt: Tick,
        lastUse: Tick,
        maxIdle: Duration?,
        at now: Tick
    ) {
        self.duration = duration
        expiresAt = now + min(remaining ?? duration, duration)
        self.endsAt = endsAt
        self.lastUse = min(lastUse, now)
        self.maxIdle = maxIdle
    }

    /// When it ends if nothing happens.
    var deadline: Tick {
        min(expiresAt, endsAt, maxIdle.map { lastUse + $0 } ?? .never)
    }

    /// Why it has ended; nil while it goes on.
    func ended(at now: Tick) -> ReleaseReason? {
        if now >= endsAt { return .lifetimeEnded }
        if now >= expiresAt { return .leaseExpired }
        if let maxIdle, now >= lastUse + maxIdle { return .idle }
        return nil
    }

    /// The owner still wants the session, and used it at that time if it says so.
    mutating func renew(for duration: Duration?, lastUse: Tick?, at now: Tick) {
        self.duration = duration ?? self.duration
        expiresAt = now + self.duration
        if let lastUse { self.lastUse = max(self.lastUse, min(lastUse, now)) }
    }
}
