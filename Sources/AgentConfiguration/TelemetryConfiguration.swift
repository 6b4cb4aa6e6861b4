// SPDX-License-Identifier: Apache-2.0

/// `telemetry`: where telemetry goes and how. What is nil was not in the file, so that something else may decide it.
package struct TelemetryConfiguration: Sendable, Hashable {
    /// `endpoint`: the base URL of an OTLP/HTTP receiver, `http` or `https`, without a signal's path.
    package var endpoint: String?
    /// `directory`: where files of OTLP JSON lines are written, and nothing is sent; never together with an endpoint.
    package var directory: String?
    /// `headers`: sent with every export; values may hold secrets. Empty by default.
    package var headers: [HeaderConfiguration] = []
    /// `compression`: `gzip` or `none`.
    package var compression: Compression?
    /// `interval`: the time between two exports of metrics, 100 ms to 1 d.
    package var interval: Duration?
    /// `resource`: attributes that describe this agent, in the order of the file; all of them text. Empty by default.
    package var resource: [ResourceAttribute] = []
    /// `session_ids`: how spans and log records name a session; hashed by default.
    package var sessionIDs: SessionIDs = .hash
    /// `tls`: how the receiver is verified and what it is shown; ignored for `http`.
    package var tls = TLSConfiguration()
    /// `spool`: a folder for what the receiver does not take now; none by default.
    package var spool: SpoolSettings?

    package init() {}

    /// How requests are compressed.
    package enum Compression: String, Sendable, Hashable, CaseIterable {
        case gzip
        case none
    }

    /// How a session, whose id is a credential, is named to people.
    package enum SessionIDs: String, Sendable, Hashable, CaseIterable {
        /// By a keyed hash of its id.
        case hash
        /// Not at all.
        case omit
        /// By the id itself: whoever reads the telemetry may be able to use the session.
        case raw
    }

    /// One attribute of the resource.
    package struct ResourceAttribute: Sendable, Hashable {
        /// Such as `deployment.environment.name`; unique.
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}
