// SPDX-License-Identifier: Apache-2.0

extension ConfigurationDecoder {
    /// Decodes `telemetry.spool`; nil where there is none.
    func decodeSpool(from telemetry: MappingReader) -> SpoolSettings? {
        guard let mapping = telemetry.mapping("spool") else { return nil }
        let hasDirectory = mapping.entry("directory") != nil
        let directory = mapping.file("directory")
        let size = mapping.size("max_size", in: (1 << 20)...(64 << 30))
        let age = mapping.duration("max_age", from: .seconds(60), to: .seconds(30 * 86_400))
        mapping.finish()
        guard let directory else {
            if !hasDirectory {
                context.error(
                    "the spool needs a 'directory'",
                    at: mapping.position,
                    path: mapping.path,
                    help: "a folder of this agent's own, such as /var/lib/mcp-keepalive/spool"
                )
            }
            return nil
        }
        var spool = SpoolSettings(directory: directory.value)
        if let size { spool.maximumBytes = size.value }
        if let age { spool.maximumAge = age.value }
        return spool
    }
}
