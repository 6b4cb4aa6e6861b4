// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
import Glibc
import KeepaliveEngine

/// How many files, connections included, this process may have open at once.
package struct OpenFileLimit: Sendable, Hashable {
    /// What is left for files other than connections to backends: telemetry, name lookups, secrets.
    private static let reserve = 64

    /// The soft limit of RLIMIT_NOFILE.
    package var files: Int

    package init(files: Int) {
        self.files = files
    }

    /// Raises the soft limit to the hard one, as anybody may, and returns what holds then.
    package static func raise() -> OpenFileLimit {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            // Cannot fail with these arguments; the limit that POSIX guarantees would be no use to anybody.
            preconditionFailure("getrlimit: \(errno)")
        }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        return OpenFileLimit(files: Int(clamping: limit.rlim_cur))
    }

    /// The requests that may be in flight to all backends together: a connection each, and as many that are being closed.
    package var requestsInFlight: Int { max(1, (files - Self.reserve) / 2) }

    /// What is said when `apply` had to lower something.
    package func warning(share: Int) -> String {
        "at most \(share) request\(share == 1 ? "" : "s") in flight per backend, for only \(files) files may be open: "
            + "raise the limit (ulimit -Hn, LimitNOFILE=)"
    }

    /// Lowers `max_requests_in_flight` where all backends together could have more than that.
    /// - Returns: the greatest number that a backend may have now; nil when nothing had to change. At least one each.
    package func apply(to configuration: inout Configuration) -> Int? {
        let control = Backend.controlConnections * configuration.backends.count
        let allowed = max(1, requestsInFlight - control)
        let wanted = configuration.backends.reduce(0) { $0 + $1.policy.maxRequestsInFlight }
        guard wanted > allowed else { return nil }
        let share = max(1, allowed / configuration.backends.count)
        for index in configuration.backends.indices {
            configuration.backends[index].policy.maxRequestsInFlight =
                min(configuration.backends[index].policy.maxRequestsInFlight, share)
        }
        return share
    }
}
