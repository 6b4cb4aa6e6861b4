// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import ArgumentParser

extension APIOverride: ExpressibleByArgument {
    init?(argument: String) {
        self.init(argument)
    }
}
