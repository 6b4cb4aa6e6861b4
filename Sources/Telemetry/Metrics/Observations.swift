// SPDX-License-Identifier: Apache-2.0

/// What a callback observes during one collection: one value per set of attributes.
public struct Observations: Sendable {
    private(set) var points: [NumberPoint] = []
    private var index: [AttributeSet: Int] = [:]
    private let limit: Int
    private let adds: Bool

    /// No observations yet; beyond `limit` sets the overflow series gets the sum when `adds`, else the last value.
    init(limit: Int, adds: Bool) {
        self.limit = max(1, limit)
        self.adds = adds
    }

    /// Observes a whole number; of two observations with one set of attributes the later counts.
    public mutating func observe(_ value: Int64, for attributes: AttributeSet = .empty) {
        observe(.int(value), for: attributes)
    }

    /// Observes a floating-point number; of two observations with one set of attributes the later counts. One that is not
    /// finite is ignored where values are totals.
    public mutating func observe(double value: Double, for attributes: AttributeSet = .empty) {
        guard value.isFinite || !adds else { return }
        observe(.double(value), for: attributes)
    }

    private mutating func observe(_ value: NumberValue, for attributes: AttributeSet) {
        if let known = index[attributes], attributes != .overflow {
            points[known].value = value
            return
        }
        let room = limit - (index[.overflow] == nil ? 1 : 0)
        let attributes = points.count < room ? attributes : .overflow
        if let overflow = index[attributes] {
            points[overflow].value = adds ? points[overflow].value + value : value
        } else {
            index[attributes] = points.count
            points.append(NumberPoint(attributes: attributes, value: value))
        }
    }
}
