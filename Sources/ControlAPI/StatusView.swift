// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// The answer to `GET /v1/status`: how the agent is doing.
package struct StatusView: Codable, Sendable, Hashable {
    package var version: String
    package var pid: Int
    package var startedAt: Date
    package var now: Date
    package var configuration: ConfigurationView
    package var telemetry: TelemetryView
    package var storage: StorageView
    /// `webhook`: nil when nobody is to be called.
    package var webhook: WebhookView?
    package var backends: [BackendView]

    package enum CodingKeys: String, CodingKey {
        case version, pid, now, configuration, telemetry, storage, webhook, backends
        case startedAt = "started_at"
    }

    package init(
        version: String,
        pid: Int,
        startedAt: Date,
        now: Date,
        configuration: ConfigurationView,
        telemetry: TelemetryView,
        storage: StorageView,
        webhook: WebhookView? = nil,
        backends: [BackendView]
    ) {
        self.version = version
        self.pid = pid
        self.startedAt = startedAt
        self.now = now
        self.configuration = configuration
        self.telemetry = telemetry
        self.storage = storage
        self.webhook = webhook
        self.backends = backends
    }
}
