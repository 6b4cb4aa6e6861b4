// SPDX-License-Identifier: Apache-2.0

import JSONText

/// A session that was released; the API itself says no more than whether that is durable.
package struct SessionRelease: Sendable, Hashable {
    package let backend: String
    package let key: String
    /// Whether it stays released after a restart of the agent.
    package let isDurable: Bool

    package init(backend: String, key: String, isDurable: Bool = true) {
        self.backend = backend
        self.key = key
        self.isDurable = isDurable
    }

    package var text: String {
        "\(backend): session \(key) is released; no keepalive is sent on it any more".printable
    }

    /// What there is to warn of; nil: nothing.
    package var warning: String? {
        isDurable ? nil : "the agent cannot write its state: should it be restarted before it can, the session is back"
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
        writer.key("durable")
        writer.bool(isDurable)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
