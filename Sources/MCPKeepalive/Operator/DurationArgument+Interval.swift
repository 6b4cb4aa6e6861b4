// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

extension DurationArgument {
    /// Refuses an interval in which an agent would be asked without a pause.
    func validate(as option: String) throws {
        if duration < .milliseconds(100) { throw ValidationError("\(option) must be at least 100ms") }
    }
}
