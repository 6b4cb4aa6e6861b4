// SPDX-License-Identifier: Apache-2.0

/// The series of one instrument by their attributes, bounded in number.
struct SeriesTable<Series: MetricSeries>: Sendable {
    /// The series, oldest first.
    private(set) var series: [Series] = []
    private var byAttributes: [AttributeSet: Series] = [:]
    private var limit: Int
    /// When the series began that were made after others were removed: it may be one of these again, and what it counted then
    /// must not seem to have been taken back. All others began with the meter.
    private(set) var starts: [AttributeSet: UInt64] = [:]
    private var hasRemoved = false
    /// When the series were last read.
    private var lastReading: UInt64?

    /// A table of at most `limit` series, the overflow series included.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// The series with these attributes, made when there is room for it, else the overflow series.
    mutating func series(for attributes: AttributeSet, make: (AttributeSet) -> Series) -> Series {
        if let known = byAttributes[attributes] { return known }
        // Metrics SDK, "Cardinality limits": the overflow series counts towards the limit.
        let room = limit - (byAttributes[.overflow] == nil ? 1 : 0)
        let attributes = series.count < room ? attributes : .overflow
        if let overflow = byAttributes[attributes] { return overflow }
        let new = make(attributes)
        byAttributes[attributes] = new
        series.append(new)
        if hasRemoved, let lastReading { starts[attributes] = lastReading }
        return new
    }

    /// The series, for a snapshot of this moment, in nanoseconds since 1970.
    mutating func read(at time: UInt64) -> [Series] {
        lastReading = time
        return series
    }

    /// Forgets a series.
    mutating func remove(_ attributes: AttributeSet) {
        guard let known = byAttributes.removeValue(forKey: attributes) else { return }
        hasRemoved = true
        starts[attributes] = nil
        series.removeAll { $0 === known }
    }

    /// Forgets the series whose attributes fulfill the condition; not the overflow series, which stands for others, too.
    mutating func remove(where isGone: (AttributeSet) -> Bool) {
        for known in series where known.attributes != .overflow && isGone(known.attributes) {
            hasRemoved = true
            byAttributes[known.attributes] = nil
            starts[known.attributes] = nil
        }
        series.removeAll { byAttributes[$0.attributes] == nil }
    }

    /// Makes room for at least this many series.
    mutating func raiseLimit(to limit: Int) {
        self.limit = max(self.limit, limit)
    }
}

extension AttributeSet {
    /// The attributes of the series that stands for all beyond the cardinality limit (Metrics SDK, "Overflow attribute").
    public static let overflow: AttributeSet = ["otel.metric.overflow": true]
}
