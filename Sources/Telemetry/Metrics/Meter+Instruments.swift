// SPDX-License-Identifier: Apache-2.0

extension Meter {
    /// A counter of whole numbers. The cardinality limit is the meter's unless given.
    public func counter(
        _ name: String,
        unit: String = "",
        description: String = "",
        cardinalityLimit: Int? = nil
    ) -> Counter {
        synchronous(name, unit, description, cardinalityLimit, CounterSeries.init) { series in
            let points = series.map { NumberPoint(attributes: $0.attributes, value: .int(Int64(clamping: $0.read()))) }
            return .sum(points, isMonotonic: true, .cumulative)
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
        synchronous(name, unit, description, cardinalityLimit, UpDownCounterSeries.init) { series in
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
        synchronous(name, unit, description, cardinalityLimit, GaugeSeries.init) { series in
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
        synchronous(name, unit, description, cardinalityLimit, DoubleGaugeSeries.init) { series in
            .gauge(series.map { NumberPoint(attributes: $0.attributes, value: .double($0.value)) })
        }
    }

    /// A histogram with explicit buckets.
    public func histogram(
        _ name: String,
        unit: String = "",
        description: String = "",
        bounds: HistogramBounds,
        cardinalityLimit: Int? = nil
    ) -> Histogram {
        let make: @Sendable (AttributeSet) -> HistogramSeries = { HistogramSeries($0, bounds: bounds) }
        return synchronous(name, unit, description, cardinalityLimit, make) { series in
            .histogram(series.map { $0.read() }, .cumulative)
        }
    }

    private func synchronous<Series: MetricSeries>(
        _ name: String,
        _ unit: String,
        _ description: String,
        _ limit: Int?,
        _ make: @escaping @Sendable (AttributeSet) -> Series,
        _ data: @escaping @Sendable ([Series]) -> MetricData
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
