// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

extension DurationArgument {
    /// Refuses a time between two looks at the agent that would keep both of them busy with nothing else.
    func validatePace(of option: String) throws {
        if duration < .milliseconds(100) { throw ValidationError("\(option) must be at least 100ms") }
    }
}
