// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration
import OTLPExport

extension SpoolConfiguration {
    /// What the configuration file says.
    init(_ settings: SpoolSettings) {
        self.init(directory: settings.directory)
        maximumBytes = settings.maximumBytes
        maximumAge = settings.maximumAge
    }
}
