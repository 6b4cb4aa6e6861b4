// SPDX-License-Identifier: Apache-2.0

internal import Telemetry

/// How long the exports of one signal take, by how they end.
struct OperationDurations: Sendable {
    private let histogram: Histogram
    private let exporter: AttributeSet

    /// Makes the series of a success and of every common failure.
    init(_ histogram: Histogram, exporter: AttributeSet) {
        self.histogram = histogram
        self.exporter = exporter
        _ = series(nil, status: 200)
        for errorType in SelfMetric.errorTypes {
            _ = series(errorType, status: errorType == "rejected" ? 200 : Int(errorType) ?? 0)
        }
    }

    /// Records one export.
    /// - Parameters:
    ///   - errorType: nil only for a full success: partial success is a failed operation (semantic conventions).
    ///   - status: the HTTP status, 0 for none.
    func record(_ duration: Duration, errorType: String?, status: Int) {
        series(errorType, status: status).record(duration.inSeconds)
    }

    private func series(_ errorType: String?, status: Int) -> HistogramSeries {
        var further: [Attribute] = []
        if let errorType { further.append(Attribute("error.type", .string(errorType))) }
        if status > 0 { further.append(Attribute("http.response.status_code", .int(Int64(status)))) }
        return histogram.series(for: exporter.adding(further))
    }
}
