// SPDX-License-Identifier: Apache-2.0

/// An instrument as its meter sees it.
protocol CollectableInstrument: AnyObject, Sendable {
    /// Its name, unit and description.
    var description: InstrumentDescription { get }
    /// Whether its points are made of other instruments' readings, so that these must be read before.
    var isDerived: Bool { get }
    /// Stops exporting the series whose attributes fulfill the condition.
    func removeSeries(where isGone: (AttributeSet) -> Bool)
    /// Lets it have at least this many series.
    func raiseCardinalityLimit(to limit: Int)
    /// Reads every series; the meter holds the registration lock.
    /// - Parameter interval: from the last collection, or the start, to this one, in nanoseconds since 1970.
    func read(_ interval: ClosedRange<UInt64>) -> MetricData
}
