// SPDX-License-Identifier: Apache-2.0

import ControlAPI

extension SessionView {
    var stateCell: Cell {
        switch state {
        case .active: Cell("active", .good)
        case .paused: Cell("PAUSED", .warning)
        case .suspended: Cell("suspended", .warning)
        case .held: Cell("held", .warning)
        case .unopened: Cell("not open", .warning)
        case .notApplicable: Cell("off", .faint)
        }
    }

    /// What the state means.
    var stateText: String {
        switch state {
        case .active: "active: it is kept alive"
        case .paused: "paused: its credential was refused"
        case .suspended: "suspended: its owner asked for silence"
        case .held: "held: its backend is disabled, or asked to be left alone"
        case .unopened: "not open: the agent has yet to open it"
        case .notApplicable: "off: keepalive makes no sense on it"
        }
    }

    var sourceText: String {
        switch source {
        case .own: "opened by the agent"
        case .file: "the sessions file"
        case .api: "registered through the local API"
        }
    }
}
