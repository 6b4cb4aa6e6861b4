// SPDX-License-Identifier: Apache-2.0

/// What becomes of the spans of the keepalives that are measured.
enum SpanHandling: String {
    /// There are none: the sampler leaves all keepalives out.
    case none
    /// They are made and dropped.
    case dropped
    /// They are made and exported.
    case exported
}
