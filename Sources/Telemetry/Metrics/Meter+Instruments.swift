// SPDX-License-Identifier: Apache-2.0

extension Meter {
    /// A counter of whole numbers. The cardinality limit is the meter's unless given.
    public func counter(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil
    ) -> Counter {
        synchronous(name, unit, description, cardinalityLimit, CounterSeries.init) { [options] series, _ in
            let temporality = options.temporality.recorded
            let points = series.map { series in
                NumberPoint(attributes: series.attributes, value: .int(Int64(clamping: series.read(temporality))))
            }
            return .sum(points, isMonotonic: true, temporality)
        }
    }

    /// A counter whose series are sums of other counters' series of this meter.
    public func derivedCounter(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil
    ) -> DerivedCounter {
        let description = InstrumentDescription(name: name, unit: unit, description: description)
        return instrument(description) { registration in
            DerivedCounter(
                description,
                cardinalityLimit: cardinalityLimit ?? self.cardinalityLimit,
                temporality: self.options.temporality.recorded,
                registration: registration
            )
        }
    }

    /// A total that grows and shrinks.
    public func upDownCounter(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil
    ) -> UpDownCounter {
        synchronous(name, unit, description, cardinalityLimit, UpDownCounterSeries.init) { series, _ in
            let points = series.map { NumberPoint(attributes: $0.attributes, value: .int($0.value)) }
            return .sum(points, isMonotonic: false, .cumulative)
        }
    }

    /// A gauge of whole numbers.
    public func gauge(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil
    ) -> Gauge {
        synchronous(name, unit, description, cardinalityLimit, GaugeSeries.init) { series, _ in
            .gauge(series.map { NumberPoint(attributes: $0.attributes, value: .int($0.value)) })
        }
    }

    /// A gauge of floating-point numbers.
    public func doubleGauge(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil
    ) -> DoubleGauge {
        synchronous(name, unit, description, cardinalityLimit, DoubleGaugeSeries.init) { series, _ in
            .gauge(series.map { NumberPoint(attributes: $0.attributes, value: .double($0.value)) })
        }
    }

    /// A histogram with explicit buckets, or with exponential ones where the meter's options ask for these.
    public func histogram(
        _ name: String,
        unit: String = "",
        description: String = "",
        bounds: HistogramBounds,
        cardinalityLimit: Int? = nil
    ) -> Histogram {
        guard options.histogramAggregation == .explicitBuckets else {
            return exponentialHistogram(name, unit: unit, description: description, cardinalityLimit: cardinalityLimit)
        }
        let (filter, temporality) = (options.exemplarFilter, options.temporality.recorded)
        let make: @Sendable (AttributeSet) -> HistogramSeries = { HistogramSeries($0, bounds: bounds, filter: filter) }
        return synchronous(name, unit, description, cardinalityLimit, make) { series, interval in
            .histogram(series.compactMap { $0.read(temporality, interval) }, temporality)
        }
    }

    /// A histogram with base-2 exponential buckets, whatever the meter's options say.
    /// - Parameters:
    ///   - maximumSize: how many buckets there may be on either side of zero, at least 2.
    ///   - maximumScale: how fine the buckets are to begin with, -10...20.
    public func exponentialHistogram(
        _ name: String,
        unit: String = "",
        description: String = "",
        maximumSize: Int = 160,
        maximumScale: Int = 20,
        cardinalityLimit: Int? = nil
    ) -> Histogram {
        let limits = ExponentialDistribution.Limits(size: maximumSize, scale: maximumScale)
        let (filter, temporality) = (options.exemplarFilter, options.temporality.recorded)
        let make: @Sendable (AttributeSet) -> HistogramSeries = { HistogramSeries($0, limits, filter: filter) }
        return synchronous(name, unit, description, cardinalityLimit, make) { series, interval in
            .exponentialHistogram(series.compactMap { $0.readExponential(temporality, interval) }, temporality)
        }
    }

    private func synchronous<Series: MetricSeries>(
        _ name: String,
        _ unit: String,
        _ description: String,
        _ limit: Int?,
        _ make: @escaping @Sendable (AttributeSet) -> Series,
        _ data: @escaping @Sendable ([Series], ClosedRange<UInt64>) -> MetricData
    ) -> Instrument<Series> {
        let description = InstrumentDescription(name: name, unit: unit, description: description)
        return instrument(description) { registration in
            Instrument(
                description,
                cardinalityLimit: limit ?? cardinalityLimit,
                registration: registration,
                make: make,
                data: data
            )
        }
    }
}
