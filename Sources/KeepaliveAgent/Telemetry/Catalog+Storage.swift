// SPDX-License-Identifier: Apache-2.0

extension Catalog {
    package static let storageDegraded = MetricDefinition(
        "keepalive_storage_degraded",
        .gauge,
        unit: "{flag}",
        "1 while the state on disk cannot be read or written, and for 15 minutes after a damaged file was set aside, else 0; "
            + "absent without a state_dir."
    )

    /// Those that are there only where a folder for state is configured.
    package static let storageMetrics = [storageDegraded]
}
