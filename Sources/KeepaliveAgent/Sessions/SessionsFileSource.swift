// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
import KeepaliveEngine
import LogText

/// Keeps the reactor's attached sessions equal to the sessions file.
///
/// The file is polled, since that notices an atomic replacement and a swapped symbolic link alike.
package actor SessionsFileSource {
    /// One entry that is in force: a few bytes, for there may be a million.
    private struct Entry {
        let handle: SessionHandle
        /// What requests on it depend on, as a hash: whether it changed is all that has to be known.
        var contents: Int
        /// In seconds since 1970; `.max`: never.
        var expiresAt: Int64
    }

    private let path: String
    private let backends: [String]
    private let environment: [String: String]
    private let readFile: FileReader
    private let reactor: Reactor
    private let clock: AgentClock
    private let log: any LogSink
    private var watch: FileWatch
    private var entries: [SessionDigest: Entry] = [:]
    /// Those that have headers of their own, which stay in force when their secrets cannot be read.
    private var withHeaders: [SessionDigest: AttachedSession] = [:]
    private var hasPolled = false
    /// When to read the same file again, because it or a secret could not be read.
    private var retryAt: Tick?
    /// The problems that were told of the file as it is.
    private var told: Set<String> = []

    /// How many sessions are handed over at once: the keepalives wait meanwhile, about a millisecond.
    private static let portion = 256
    /// How long what cannot be read is left alone.
    private static let retryInterval: Duration = .seconds(5)

    /// - Parameters:
    ///   - path: the sessions file, as it can be opened.
    ///   - backends: the names of the configured backends, in the order of their indices.
    package init(
        path: String,
        backends: [String],
        reactor: Reactor,
        log: any LogSink,
        clock: AgentClock = .system,
        environment: [String: String] = [:],
        readFile: FileReader = .system
    ) {
        self.path = path
        self.backends = backends
        self.reactor = reactor
        self.log = log
        self.clock = clock
        self.environment = environment
        self.readFile = readFile
        watch = FileWatch(path: path)
    }

    /// Looks at the file once and carries over what changed.
    package func poll() async {
        let isFirst = !hasPolled
        hasPolled = true
        switch watch.poll() {
        case .changed:
            told.removeAll()
            await reload(isRetry: false)
        case .vanished:
            retryAt = nil
            say(.warning, "sessions file \(path) is gone; its last contents stay in force")
        case .none where retryAt.map({ clock.now() >= $0 }) ?? false:
            await reload(isRetry: true)
        case .none:
            if isFirst { say(.warning, "sessions file \(path) does not exist yet; starting without attached sessions") }
        }
        await releaseExpired()
    }

    private func reload(isRetry: Bool) async {
        let file = SessionsFile.load(
            path: path,
            backends: backends,
            environment: environment,
            readFile: readFile,
            now: unixSeconds,
            previous: Array(withHeaders.values)
        )
        retryAt = file.isUnread ? clock.now() + Self.retryInterval : nil
        for diagnostic in file.diagnostics where told.insert(diagnostic.oneLine).inserted {
            say(diagnostic.severity == .error ? .error : .warning, diagnostic.oneLine)
        }
        if file.isMissing { return }
        if file.isBroken {
            if isRetry { return }
            say(.error, "sessions file \(path) cannot be used; its last good contents stay in force")
            return
        }
        await apply(file.sessions, isRetry: isRetry)
    }

    private func apply(_ sessions: [AttachedSession], isRetry: Bool) async {
        var kept: Set<SessionDigest> = []
        kept.reserveCapacity(sessions.count)
        var added: [AttachedSession] = []
        var changed = 0
        for session in sessions {
            let digest = SessionDigest(session)
            kept.insert(digest)
            guard let entry = entries[digest] else {
                added.append(session)
                continue
            }
            guard entry.contents != session.contents else { continue }
            remember(session, as: entry.handle)
            await reactor.update(entry.handle, to: session)
            changed += 1
        }
        let gone = entries.keys.filter { !kept.contains($0) }
        await release(gone)
        await attach(added)
        if isRetry, added.count + changed + gone.count == 0 { return }
        say(
            .info,
            "sessions file read: \(entries.count) session\(entries.count == 1 ? "" : "s") "
                + "(+\(added.count) ~\(changed) -\(gone.count))"
        )
    }

    private func attach(_ sessions: [AttachedSession]) async {
        let indices = Dictionary(uniqueKeysWithValues: backends.enumerated().map { ($1, BackendIndex($0)) })
        for start in stride(from: 0, to: sessions.count, by: Self.portion) {
            let portion = sessions[start..<min(start + Self.portion, sessions.count)]
            let handles = await reactor.attach(
                portion.compactMap { session in
                    indices[session.backend].map { (session, $0) }
                }
            )
            for (session, handle) in zip(portion, handles) { remember(session, as: handle) }
        }
    }

    private func remember(_ session: AttachedSession, as handle: SessionHandle) {
        let digest = SessionDigest(session)
        entries[digest] = Entry(handle: handle, contents: session.contents, expiresAt: session.expiresAt ?? .max)
        withHeaders[digest] = session.headers.isEmpty ? nil : session
    }

    private func releaseExpired() async {
        let now = unixSeconds
        await release(entries.filter { $0.value.expiresAt <= now }.map(\.key))
    }

    private func release(_ digests: [SessionDigest]) async {
        for start in stride(from: 0, to: digests.count, by: Self.portion) {
            let portion = digests[start..<min(start + Self.portion, digests.count)]
            for digest in portion { withHeaders[digest] = nil }
            await reactor.release(portion.compactMap { entries.removeValue(forKey: $0)?.handle })
        }
    }

    private var unixSeconds: Int64 { Int64(clock.unixNanoseconds() / 1_000_000_000) }

    private func say(_ level: LogLevel, _ message: String) {
        log.write(LogLine(unixNanoseconds: clock.unixNanoseconds(), level: level, message: message))
    }
}

extension AttachedSession {
    /// A hash of what requests and the lease depend on; where the entry stands in its file does not matter.
    fileprivate var contents: Int {
        var hasher = Hasher()
        hasher.combine(protocolVersion)
        hasher.combine(headers)
        hasher.combine(expiresAt)
        return hasher.finalize()
    }
}
