// SPDX-License-Identifier: Apache-2.0

/// The TCP ports that the local API listens on; nil where it does not.
package struct BoundPorts: Sendable, Hashable {
    package var readOnly: Int?
    package var readWrite: Int?

    package init(readOnly: Int? = nil, readWrite: Int? = nil) {
        self.readOnly = readOnly
        self.readWrite = readWrite
    }
}
