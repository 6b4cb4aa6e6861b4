// SPDX-License-Identifier: Apache-2.0

/// One point of a sum or a gauge.
public struct NumberPoint: Sendable, Hashable {
    /// The series.
    public var attributes: AttributeSet
    /// The value at the time of the snapshot.
    public var value: NumberValue
    /// When the series began, in nanoseconds since 1970; nil: with its meter.
    public var start: UInt64?

    /// A point.
    public init(attributes: AttributeSet, value: NumberValue) {
        self.attributes = attributes
        self.value = value
    }
}
