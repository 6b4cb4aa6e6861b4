// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser

/// A duration on the command line; it carries a unit, as in the configuration file.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init(duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = try? DurationText.parse(argument) else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { DurationText.format(duration) }
}
