// SPDX-License-Identifier: Apache-2.0

/// The series of one instrument by their attributes, bounded in number.
struct SeriesTable<Series: MetricSeries>: Sendable {
    /// The series, oldest first.
    private(set) var series: [Series] = []
    private var byAttributes: [AttributeSet: Series] = [:]
    private let limit: Int

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
        return new
    }

    /// Forgets a series.
    mutating func remove(_ attributes: AttributeSet) {
        guard let known = byAttributes.removeValue(forKey: attributes) else { return }
        series.removeAll { $0 === known }
    }
}

extension AttributeSet {
    /// The attributes of the series that stands for all beyond the cardinality limit (Metrics SDK, "Overflow attribute").
    public static let overflow: AttributeSet = ["otel.metric.overflow": true]
}
