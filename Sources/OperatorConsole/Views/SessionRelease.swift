// SPDX-License-Identifier: Apache-2.0

import JSONText

/// A session that was released; the API itself says nothing more about it.
package struct SessionRelease: Sendable, Hashable {
    package let backend: String
    package let key: String

    package init(backend: String, key: String) {
        self.backend = backend
        self.key = key
    }

    package var text: String {
        "\(backend): session \(key) is released; no keepalive is sent on it any more".printable
    }

    package var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("backend")
        writer.string(backend)
        writer.key("key")
        writer.string(key)
        writer.key("released")
        writer.bool(true)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
