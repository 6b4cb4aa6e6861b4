// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
import KeepaliveEngine
import LogText

/// Keeps the reactor's attached sessions equal to the sessions file.
///
/// The file is polled, since that notices an atomic replacement and a swapped symbolic link alike.
package actor SessionsFileSource {
    /// Names one entry of the file.
    private struct Key: Hashable {
        let backend: String
        let sessionID: Secret
    }

    /// One entry that is in force.
    private struct Entry {
        var session: AttachedSession
        let handle: SessionHandle
    }

    private let path: String
    private let backends: [String]
    private let environment: [String: String]
    private let readFile: FileReader
    private let reactor: Reactor
    private let clock: AgentClock
    private let log: any LogSink
    private var watch: FileWatch
    private var entries: [Key: Entry] = [:]
    private var hasPolled = false
    /// When to read the same file again, because it or a secret could not be read.
    private var retryAt: Tick?
    /// The problems that were told of the file as it is.
    private var told: Set<String> = []

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
            previous: entries.values.map(\.session)
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
        var wanted: [Key: AttachedSession] = [:]
        for session in sessions { wanted[Key(backend: session.backend, sessionID: session.sessionID)] = session }
        let gone = entries.keys.filter { wanted[$0] == nil }
        for key in gone { await release(key) }
        var added = 0
        var changed = 0
        for session in sessions {
            let key = Key(backend: session.backend, sessionID: session.sessionID)
            if let entry = entries[key] {
                guard !entry.session.isSame(as: session) else { continue }
                entries[key]?.session = session
                await reactor.update(entry.handle, to: session)
                changed += 1
            } else if let backend = backends.firstIndex(of: session.backend) {
                let handle = await reactor.attach(session, to: BackendIndex(backend))
                entries[key] = Entry(session: session, handle: handle)
                added += 1
            }
        }
        if isRetry, added + changed + gone.count == 0 { return }
        say(
            .info,
            "sessions file read: \(entries.count) session\(entries.count == 1 ? "" : "s") "
                + "(+\(added) ~\(changed) -\(gone.count))"
        )
    }

    private func releaseExpired() async {
        let now = unixSeconds
        for (key, entry) in entries where entry.session.expiresAt.map({ $0 <= now }) ?? false {
            await release(key)
        }
    }

    private func release(_ key: Key) async {
        guard let entry = entries.removeValue(forKey: key) else { return }
        await reactor.release(entry.handle)
    }

    private var unixSeconds: Int64 { Int64(clock.unixNanoseconds() / 1_000_000_000) }

    private func say(_ level: LogLevel, _ message: String) {
        log.write(LogLine(unixNanoseconds: clock.unixNanoseconds(), level: level, message: message))
    }
}

extension AttachedSession {
    /// Whether nothing changed that requests depend on; where the entry stands in its file does not matter.
    fileprivate func isSame(as other: AttachedSession) -> Bool {
        var moved = other
        moved.position = position
        return self == moved
    }
}
