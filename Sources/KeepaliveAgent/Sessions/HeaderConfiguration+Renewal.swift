// SPDX-License-Identifier: Apache-2.0

import AgentConfiguration

extension [HeaderConfiguration] {
    /// Resolves the headers again; one that cannot be resolved keeps its last value, since a secret that is being replaced
    /// may be missing for a moment.
    func resolvedAgain(environment: [String: String], readFile: FileReader) async -> [HeaderConfiguration] {
        guard contains(where: { $0.template.canChange }) else { return self }
        return await Self.resolve(self, environment: environment, readFile: readFile)
    }

    /// Runs away from the caller's thread: a file may be on a disk that hangs.
    @concurrent
    private static func resolve(
        _ headers: [HeaderConfiguration],
        environment: [String: String],
        readFile: FileReader
    ) async -> [HeaderConfiguration] {
        headers.map { header in
            (try? header.resolvedAgain(environment: environment, readFile: readFile)) ?? header
        }
    }
}
