// SPDX-License-Identifier: Apache-2.0

/// The members of an object, in the order of the text.
package struct JSONObject: Sendable, Hashable {
    /// A name with its value.
    package struct Member: Sendable, Hashable {
        /// The name, its escapes resolved.
        package let key: String
        /// Where the name stands, in bytes from the beginning, at its quotation mark.
        package let keyOffset: Int
        /// The value, and where it stands.
        package let node: JSONNode
    }

    /// All members, those with the same name as well.
    package let members: [Member]

    /// The value of `key`; of several, the last.
    package subscript(_ key: String) -> JSONNode? {
        members.last { $0.key == key }?.node
    }

    /// The members whose name an earlier member has already.
    package var duplicates: [Member] {
        var seen: Set<String> = []
        return members.filter { !seen.insert($0.key).inserted }
    }
}
