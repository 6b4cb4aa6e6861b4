// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Which configuration is in force.
package struct ConfigurationView: Codable, Sendable, Hashable {
    package var file: String
    /// `loaded_at`: when the configuration was read that is in force.
    package var loadedAt: Date
    /// `problem`: why the last reload changed nothing; nil when it did what it should.
    package var problem: String?

    package enum CodingKeys: String, CodingKey {
        case file, problem
        case loadedAt = "loaded_at"
    }

    package init(file: String, loadedAt: Date, problem: String? = nil) {
        self.file = file
        self.loadedAt = loadedAt
        self.problem = problem
    }
}
