// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

/// A series of a metric.
struct SeriesUse: Sendable, Hashable {
    let name: String
    let kind: BridgedKind
    let attributes: AttributeSet
}
