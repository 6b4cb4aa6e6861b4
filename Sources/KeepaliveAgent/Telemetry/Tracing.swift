// SPDX-License-Identifier: Apache-2.0

package import AgentConfiguration
import OTLPExport
package import Telemetry

/// Which keepalives are traced, and whether backends are told of it.
package struct Tracing: Sendable {
    /// Decides for each keepalive whether its spans are made.
    package var sampler = Sampler.default
    /// Whether the context of a call goes to the backend, in `params._meta.traceparent`; sampled or not.
    package var propagates = true
    /// How sessions are named on spans and in logs.
    package var sessionIDs: TelemetryConfiguration.SessionIDs = .hash

    /// How sessions are named.
    var naming: SessionNaming {
        switch sessionIDs {
        case .hash: .hash(SessionHash())
        case .omit: .omit
        case .raw: .raw
        }
    }

    /// All keepalives are traced, and backends are told.
    package init() {}

    /// What the variables say. Without telemetry there are no traces ("General SDK configuration", OTEL_SDK_DISABLED).
    init(_ variables: OTLPEnvironment, _ telemetry: TelemetryConfiguration) {
        sessionIDs = telemetry.sessionIDs
        sampler = variables.isDisabled ? .alwaysOff : variables.sampler ?? .default
        propagates = variables.propagatesTraceContext
    }
}
