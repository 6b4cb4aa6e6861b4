// SPDX-License-Identifier: Apache-2.0

/// One attribute of a metric.
package struct AttributeDefinition: Sendable {
    package let key: String
    /// Every value that it can have; nil where the configuration decides.
    package let values: [String]?
}
