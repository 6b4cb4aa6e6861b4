// SPDX-License-Identifier: Apache-2.0

/// The latest value of one time series, as a collector got it.
package struct RecordedMetric: Sendable, Equatable {
    /// The value of a point, by the kind of its metric.
    package enum Value: Sendable, Equatable {
        case counter(Double)
        /// A sum that may fall.
        case upDownCounter(Double)
        case gauge(Double)
        case histogram(count: UInt64, sum: Double)
    }

    /// Which series.
    package struct Key: Sendable, Hashable {
        package let name: String
        package let attributes: [String: String]

        package init(name: String, attributes: [String: String]) {
            self.name = name
            self.attributes = attributes
        }
    }

    package let key: Key
    package let unit: String
    package let value: Value

    /// The metric's name.
    package var name: String { key.name }
    /// The attributes of the point, values as text.
    package var attributes: [String: String] { key.attributes }

    /// The value of a counter or gauge, the number of measurements of a histogram.
    package var number: Double {
        switch value {
        case .counter(let value), .upDownCounter(let value), .gauge(let value): value
        case .histogram(let count, _): Double(count)
        }
    }
}
