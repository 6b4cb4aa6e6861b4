// SPDX-License-Identifier: Apache-2.0

import OperatorConsole

extension CommandFailure {
    /// A request to the agent that came to nothing.
    init(_ failure: ControlFailure) {
        self.init(failure.code, failure.message, help: failure.help, status: ExitStatus(failure.kind))
    }
}

extension ExitStatus {
    init(_ kind: ControlFailure.Kind) {
        self =
            switch kind {
            case .notRunning, .unavailable: .unavailable
            case .notPermitted: .noPermission
            case .notTheAgent: .protocolError
            case .mistaken: .usage
            case .noSuchFile: .noInput
            case .refused: .someFailed
            case .configuration: .configuration
            }
    }
}
