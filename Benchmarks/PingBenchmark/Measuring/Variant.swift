// SPDX-License-Identifier: Apache-2.0

/// One way to send pings.
enum Variant: Hashable, CaseIterable {
    case wrk
    case transfer16
    case untraced16
    case silent16
    case exporting16
    case transfer64
    case silent64
    case exporting64

    var title: String {
        switch self {
        case .wrk: "wrk -t1 -c16, constant request"
        case .transfer16: "HTTP client alone, 16 in flight"
        case .untraced16: "agent, no spans, 16 in flight"
        case .silent16: "agent, spans dropped, 16 in flight"
        case .exporting16: "agent, spans exported, 16 in flight"
        case .transfer64: "HTTP client alone, 64 in flight"
        case .silent64: "agent, spans dropped, 64 in flight"
        case .exporting64: "agent, spans exported, 64 in flight"
        }
    }

    /// The role of the process that measures it, how many requests it has in flight, and what becomes of spans; nil for
    /// wrk, which is another program.
    var load: (role: String, inFlight: Int, spans: SpanHandling)? {
        switch self {
        case .wrk: nil
        case .transfer16: ("transfer", 16, .none)
        case .untraced16: ("agent", 16, .none)
        case .silent16: ("agent", 16, .dropped)
        case .exporting16: ("agent", 16, .exported)
        case .transfer64: ("transfer", 64, .none)
        case .silent64: ("agent", 64, .dropped)
        case .exporting64: ("agent", 64, .exported)
        }
    }
}
