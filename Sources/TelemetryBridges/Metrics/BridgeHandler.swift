// SPDX-License-Identifier: Apache-2.0

/// A handler of the factory: what it records into, so that it can be given back.
protocol BridgeHandler: AnyObject {
    /// The metric and the series.
    var use: SeriesUse { get }
}
