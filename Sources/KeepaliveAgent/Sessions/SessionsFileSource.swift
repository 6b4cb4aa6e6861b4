// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
package import KeepaliveEngine
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

    /// Nil where there is none.
    private var path: String?
    private var backends: [String: BackendIndex]
    private let environment: [String: String]
    private let readFile: FileReader
    private let reactor: Reactor
    private let registry: SessionRegistry?
    private let clock: AgentClock
    private let log: any LogSink
    private var watch: FileWatch?
    private var entries: [SessionDigest: Entry] = [:]
    /// Those that have headers of their own, which stay in force when their secrets cannot be read.
    private var withHeaders: [SessionDigest: AttachedSession] = [:]
    /// Those that are just being taken.
    private var arriving: Set<SessionDigest> = []
    /// No session expires before then, in seconds since 1970.
    private var firstExpiry = Int64.max
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
    ///   - path: the sessions file, as it can be opened; nil: none.
    ///   - backends: the names of the configured backends, in the order of their indices.
    package init(
        path: String?,
        backends: [String],
        reactor: Reactor,
        registry: SessionRegistry? = nil,
        log: any LogSink,
        clock: AgentClock = .system,
        environment: [String: String] = [:],
        readFile: FileReader = .system
    ) {
        self.path = path
        self.backends = Dictionary(uniqueKeysWithValues: backends.enumerated().map { ($1, BackendIndex($0)) })
        self.reactor = reactor
        self.registry = registry
        self.log = log
        self.clock = clock
        self.environment = environment
        self.readFile = readFile
        watch = path.map { FileWatch(path: $0) }
    }

    /// Goes over to another file, or to other backends; not to be called while another call is under way.
    ///
    /// - Parameter released: sessions that went with their backends.
    package func adopt(path: String?, backends: [String: BackendIndex], without released: Set<SessionHandle>) async {
        let isOtherFile = path != self.path
        guard isOtherFile || backends != self.backends else { return }
        self.backends = backends
        for (digest, entry) in entries where released.contains(entry.handle) {
            entries[digest] = nil
            withHeaders[digest] = nil
        }
        told.removeAll()
        if isOtherFile {
            self.path = path
            watch = path.map { FileWatch(path: $0) }
            hasPolled = false
            retryAt = nil
            await poll()
            if path == nil { await apply([], isRetry: true) }
        } else if let path, watch?.fingerprint != nil {
            // It may name sessions of backends that were not there before.
            await reload(path, isRetry: false)
        }
    }

    /// Looks at the file once and carries over what changed.
    package func poll() async {
        let isFirst = !hasPolled
        hasPolled = true
        guard let path, let change = watch?.poll() else { return await releaseExpired() }
        switch change {
        case .changed:
            told.removeAll()
            await reload(path, isRetry: false)
        case .vanished:
            retryAt = nil
            say(.warning, "sessions file \(path) is gone; its last contents stay in force")
        case .none where retryAt.map({ clock.now() >= $0 }) ?? false:
            await reload(path, isRetry: true)
        case .none:
            if isFirst {
                let now =
                    entries.isEmpty ? "starting without attached sessions" : "those of the file before stay in force"
                say(.warning, "sessions file \(path) does not exist yet; \(now)")
            }
        }
        await releaseExpired()
    }

    private func reload(_ path: String, isRetry: Bool) async {
        let start = clock.now()
        let file = await load(path, previous: Array(withHeaders.values))
        // A file of a million sessions is not read all the time because of one secret.
        let pause = max(Self.retryInterval, (clock.now() - start) * 20)
        retryAt = file.isUnread ? clock.now() + pause : nil
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

    /// Reads the file away from the actor, whom others ask in the meantime: it may be large, or on a disk that hangs.
    private func load(_ path: String, previous: [AttachedSession]) async -> SessionsFile {
        await Self.load(
            path: path,
            backends: backends.sorted { $0.value < $1.value }.map(\.key),
            environment: environment,
            readFile: readFile,
            now: unixSeconds,
            previous: previous
        )
    }

    @concurrent
    private nonisolated static func load(
        path: String,
        backends: [String],
        environment: [String: String],
        readFile: FileReader,
        now: Int64,
        previous: [AttachedSession]
    ) async -> SessionsFile {
        SessionsFile.load(
            path: path,
            backends: backends,
            environment: environment,
            readFile: readFile,
            now: now,
            previous: previous
        )
    }

    private func apply(_ sessions: [AttachedSession], isRetry: Bool) async {
        var kept: Set<SessionDigest> = []
        kept.reserveCapacity(sessions.count)
        var added: [(digest: SessionDigest, session: AttachedSession)] = []
        var changed: [(SessionHandle, AttachedSession)] = []
        for session in sessions {
            let digest = SessionDigest(session)
            kept.insert(digest)
            guard let entry = entries[digest] else {
                added.append((digest, session))
                continue
            }
            guard entry.contents != session.contents else { continue }
            remember(session, digest, as: entry.handle)
            changed.append((entry.handle, session))
        }
        for portion in portions(of: changed) { await reactor.update(Array(portion)) }
        let gone = entries.keys.filter { !kept.contains($0) }
        await release(gone)
        await attach(added)
        if isRetry, added.count + changed.count + gone.count == 0 { return }
        say(
            .info,
            "sessions file read: \(entries.count) session\(entries.count == 1 ? "" : "s") "
                + "(+\(added.count) ~\(changed.count) -\(gone.count))"
        )
    }

    private func attach(_ sessions: [(digest: SessionDigest, session: AttachedSession)]) async {
        for portion in portions(of: sessions) {
            let portion = await withoutRegistered(portion)
            let handles = await reactor.attach(
                portion.map { entry in
                    guard let backend = backends[entry.session.backend] else {
                        preconditionFailure("the decoder lets only configured backends through")
                    }
                    return (entry.session, backend)
                }
            )
            for (entry, handle) in zip(portion, handles) { remember(entry.session, entry.digest, as: handle) }
            arriving.removeAll()
        }
    }

    /// Leaves those out that a client of the local API has registered: a session never has two keepalives. They are looked
    /// at again when the file changes, and not before: a client that releases a session or replaces it means it.
    private func withoutRegistered(
        _ portion: ArraySlice<(digest: SessionDigest, session: AttachedSession)>
    ) async -> [(digest: SessionDigest, session: AttachedSession)] {
        arriving = Set(portion.map(\.digest))
        let held = await registry?.held(among: portion.map(\.digest)) ?? []
        if !held.isEmpty, told.insert("registered").inserted {
            say(
                .warning,
                "sessions of the sessions file are registered through the local API, too: they are kept alive there, "
                    + "and looked at again when the file changes"
            )
        }
        arriving.subtract(held)
        return portion.filter { !held.contains($0.digest) }
    }

    /// Whether a session of the file is kept alive, or is about to be.
    func holds(_ digest: SessionDigest) -> Bool {
        entries[digest] != nil || arriving.contains(digest)
    }

    private func remember(_ session: AttachedSession, _ digest: SessionDigest, as handle: SessionHandle) {
        let expiresAt = session.expiresAt ?? .max
        entries[digest] = Entry(handle: handle, contents: session.contents, expiresAt: expiresAt)
        firstExpiry = min(firstExpiry, expiresAt)
        withHeaders[digest] = session.headers.isEmpty ? nil : session
    }

    private func releaseExpired() async {
        let now = unixSeconds
        guard firstExpiry <= now else { return }
        await release(entries.filter { $0.value.expiresAt <= now }.map(\.key))
        firstExpiry = entries.values.lazy.map(\.expiresAt).min() ?? .max
    }

    private func release(_ digests: [SessionDigest]) async {
        for portion in portions(of: digests) {
            for digest in portion { withHeaders[digest] = nil }
            await reactor.release(portion.compactMap { entries.removeValue(forKey: $0)?.handle })
        }
    }

    private func portions<Element>(of all: [Element]) -> [ArraySlice<Element>] {
        stride(from: 0, to: all.count, by: Self.portion).map { all[$0..<min($0 + Self.portion, all.count)] }
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
