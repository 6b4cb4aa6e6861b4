// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// A call whose transfer ended in this turn and whose outcome the engine does not know yet.
struct EndedCall: Sendable {
    let attempt: Attempt
    let outcome: Outcome
}
