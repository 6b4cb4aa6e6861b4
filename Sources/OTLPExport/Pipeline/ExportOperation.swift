// SPDX-License-Identifier: Apache-2.0

/// One export: a batch on its way, with all its attempts.
struct ExportOperation: Sendable {
    /// What it carries; kept, because the collector may ask for less of it at once or for all of it later.
    let batch: ExportBatch
    /// Whether it is half of a batch that was too large; it is not divided again.
    let isHalf: Bool
    /// The request's body as it is sent.
    let body: [UInt8]
    /// Whether the body is gzip.
    let isCompressed: Bool
    /// When it began.
    let began: ContinuousClock.Instant
    /// When it has to be over, waits included.
    var deadline: ContinuousClock.Instant
    /// Attempts begun.
    var attempts = 0
}
