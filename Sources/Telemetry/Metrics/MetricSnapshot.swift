// SPDX-License-Identifier: Apache-2.0

/// What a meter's instruments came to at one moment.
public struct MetricSnapshot: Sendable {
    /// One metric.
    public struct Metric: Sendable, Hashable {
        /// Its name, unit and description.
        public var description: InstrumentDescription
        /// Its points, at least one.
        public var data: MetricData

        /// A metric.
        public init(_ description: InstrumentDescription, _ data: MetricData) {
            self.description = description
            self.data = data
        }
    }

    /// What recorded it.
    public var scope: InstrumentationScope
    /// When counting began, in nanoseconds since 1970; the same in every snapshot of a meter.
    public var start: UInt64
    /// When the snapshot before this one was taken, in nanoseconds since 1970: the start of what is a delta.
    public var intervalStart: UInt64
    /// The moment, in nanoseconds since 1970.
    public var time: UInt64
    /// The metrics in the order in which their instruments were made; none without a point.
    public var metrics: [Metric]

    /// A snapshot; the first one of its meter unless the start of its interval is given.
    public init(
        scope: InstrumentationScope,
        start: UInt64,
        intervalStart: UInt64? = nil,
        time: UInt64,
        metrics: [Metric]
    ) {
        self.scope = scope
        self.start = start
        self.intervalStart = intervalStart ?? start
        self.time = time
        self.metrics = metrics
    }

    /// How many points there are in all.
    public var pointCount: Int {
        metrics.reduce(0) { $0 + $1.data.pointCount }
    }

    /// The snapshot in parts of at most so many points (at least one), in order; itself when it is small enough.
    public func split(maximumPoints: Int) -> [MetricSnapshot] {
        let maximum = max(1, maximumPoints)
        guard pointCount > maximum else { return [self] }
        var parts: [MetricSnapshot] = []
        var current: [Metric] = []
        var room = maximum
        for metric in metrics {
            var first = 0
            while first < metric.data.pointCount {
                let end = min(first + room, metric.data.pointCount)
                current.append(Metric(metric.description, metric.data.extracting(first..<end)))
                room -= end - first
                first = end
                if room == 0 {
                    parts.append(part(current))
                    current = []
                    room = maximum
                }
            }
        }
        if !current.isEmpty {
            parts.append(part(current))
        }
        return parts
    }

    private func part(_ metrics: [Metric]) -> MetricSnapshot {
        var part = self
        part.metrics = metrics
        return part
    }
}
