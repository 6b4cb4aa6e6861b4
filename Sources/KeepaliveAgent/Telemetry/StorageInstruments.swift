// SPDX-License-Identifier: Apache-2.0

package import Telemetry

/// Whether the state on disk works, read from the storage at each collection.
///
/// The telemetry spool is not part of it: what it loses it counts itself, and no session depends on that.
package enum StorageInstruments {
    /// For how long a file that was set aside counts, in milliseconds. An empty one takes its place within seconds, before
    /// which no alert would come, but what it said is lost and the disk may be failing.
    private static let damageMilliseconds: Int64 = 15 * 60 * 1000

    /// Registers them for a storage.
    package static func register(on meter: Meter, for storage: any StateStorage, _ clock: AgentClock) {
        meter.observe(Catalog.storageDegraded) { observations in
            let now = Int64(clock.unixNanoseconds() / 1_000_000)
            observations.observe(isDegraded(storage.problem, lastDamage: storage.lastDamage, at: now) ? 1 : 0)
        }
    }

    /// Whether somebody should look at the disk. Times are milliseconds since 1970; a clock that was set back ends the time for
    /// which damage counts.
    static func isDegraded(_ problem: String?, lastDamage: Int64?, at now: Int64) -> Bool {
        problem != nil || lastDamage.map { (0..<damageMilliseconds).contains(now - $0) } ?? false
    }
}
