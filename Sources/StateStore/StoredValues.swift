// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// The values of a row, one after another. GRDB's own subscripts end the process when a value is of another type, which it can
/// be in a damaged file.
struct StoredValues {
    /// 9999-12-31: no sum of two such times overflows, whatever a damaged file has.
    private static let times: ClosedRange<Int64> = 0...253_402_300_799_999

    private let row: Row
    private var index = 0

    init(_ row: Row) {
        self.row = row
    }

    mutating func next<Value: DatabaseValueConvertible>() throws(StoreFault) -> Value {
        guard let value: Value = try nextIfAny() else { throw StoredValues.damage }
        return value
    }

    mutating func nextIfAny<Value: DatabaseValueConvertible>() throws(StoreFault) -> Value? {
        guard index < row.count else { throw StoredValues.damage }
        defer { index += 1 }
        let stored: DatabaseValue = row[index]
        guard !stored.isNull else { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw StoredValues.damage }
        return value
    }

    mutating func nextTime() throws(StoreFault) -> Int64 {
        let time: Int64 = try next()
        return StoredValues.clamp(time)
    }

    mutating func nextTimeIfAny() throws(StoreFault) -> Int64? {
        let time: Int64? = try nextIfAny()
        return time.map(StoredValues.clamp)
    }

    private static func clamp(_ time: Int64) -> Int64 { min(max(time, times.lowerBound), times.upperBound) }

    private static var damage: StoreFault { StoreFault(.damaged, "it is damaged") }
}
