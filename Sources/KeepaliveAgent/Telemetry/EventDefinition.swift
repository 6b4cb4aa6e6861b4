// SPDX-License-Identifier: Apache-2.0

package import LogText

/// One event of the catalogue: a log record about a change of state.
package struct EventDefinition: Sendable {
    package let name: Catalog.EventName
    package let level: LogLevel
    /// What it has beside `backend` and `mcp.session.id`; all of them are texts.
    package let attributes: [AttributeDefinition]
    /// Attributes that are not always there.
    package let optional: Set<String>
    /// When it happens.
    package let description: String

    init(
        _ name: Catalog.EventName,
        _ level: LogLevel,
        _ description: String,
        by attributes: [AttributeDefinition] = [],
        optional: Set<String> = []
    ) {
        self.name = name
        self.level = level
        self.attributes = attributes
        self.optional = optional
        self.description = description
    }
}
