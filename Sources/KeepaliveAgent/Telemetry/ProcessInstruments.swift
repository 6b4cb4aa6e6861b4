// SPDX-License-Identifier: Apache-2.0

package import Telemetry

/// The metrics of this process (semantic conventions 1.44.0, "Process metrics"), read at each collection.
package enum ProcessInstruments {
    private static let user: AttributeSet = ["cpu.mode": "user"]
    private static let system: AttributeSet = ["cpu.mode": "system"]

    /// Registers them.
    package static func register(on meter: Meter) {
        meter.observe(Catalog.processorTime) { observations in
            guard let time = ProcessReadings.processorTime() else { return }
            observations.observe(double: time.user, for: user)
            observations.observe(double: time.system, for: system)
        }
        meter.observe(Catalog.residentMemory) { observations in
            if let bytes = ProcessReadings.residentBytes() { observations.observe(bytes) }
        }
        meter.observe(Catalog.uptime) { observations in
            if let seconds = ProcessReadings.uptime() { observations.observe(double: seconds) }
        }
        meter.observe(Catalog.buildInformation) { $0.observe(1, for: ["version": .string(AgentVersion.current)]) }
        meter.observe(Catalog.openDescriptors) { observations in
            if let count = ProcessReadings.openDescriptors() { observations.observe(count) }
        }
    }
}
